"""Component: a block with a value."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar, TypeVar, Unpack

from blocks_app.diagnostics.mistakes import warn
from blocks_app.exceptions import DuplicateBlockError
from blocks_app.functions.kinds import dismiss, is_unfinished, kind_of
from blocks_app.functions.signatures import describe
from blocks_app.options import ComponentOptions, FieldOptions, FormOptions
from blocks_app.tree import context, flagged
from blocks_app.tree.block import Block

if TYPE_CHECKING:
    from blocks_app.tree.container import Container


F = TypeVar("F", bound=Callable[..., Any])


def gives_copies(postprocess: F) -> F:
    """Mark a `postprocess` that gives plain data which nobody else has: it need not be copied for a step."""
    postprocess.gives_copies = True  # type: ignore[attr-defined]
    return postprocess


class Component(Block):
    """A block that shows a value, and often lets the visitor change it.

    `preprocess` turns what the browser sent into the argument of the user's function, `postprocess` what the function
    returned into what the browser gets. Both see plain values.
    """

    skip_api: ClassVar[bool] = False
    #: True when pre/postprocess does real work, such as coding an image, and must not run on a loop.
    heavy: ClassVar[bool] = False
    #: True when the value lives on the server, per session (gr.State).
    stateful: ClassVar[bool] = False
    #: Options of which only the page knows what they are now; see listeners/component_inputs.py.
    page_options: ClassVar[frozenset[str]] = frozenset()
    default_min_width: ClassVar[int | None] = 160
    #: What programs are told the class is, where its block in the page is that of another.
    api_type_name: ClassVar[str] = ""

    def __init__(
        self, value: Any = None, *, load_fn: Callable[..., Any] | None = None, **options: Unpack[FormOptions]
    ) -> None:
        """Declare a component; classes of components have arguments of their own besides.

        Args:
            value: what it shows at first, or a function that makes it whenever the page loads.
            load_fn: another way to give that function.
            options: see FormOptions.
        """
        super().__init__(**{name: options[name] for name in _BLOCK & options.keys()})  # type: ignore[literal-required]
        self.label = options.get("label")
        self.container = options.get("container", True)
        show_label = options.get("show_label")
        self.show_label = self.container if show_label is None else show_label
        if show_label and not self.container:
            warn("show_label has no effect when container is False.")
        self.info = options.get("info")
        scale: Any = options.get("scale")
        self.scale = scale
        if scale is not None and not isinstance(scale, int):
            warn(f"'scale' value should be an integer. Using {self.scale} will cause issues.")
        self.min_width = options.get("min_width", self.default_min_width)
        self.interactive = options.get("interactive")
        self.every = options.get("every")
        self.inputs = options.get("inputs")
        #: The function that makes the value, when the declaration gave one instead of a value.
        self.load_fn: Callable[..., Any] | None = value if callable(value) else load_fn
        self.value = self._first_value(value if load_fn is None else load_fn)
        #: (value, address prefix, value on the wire): what the config keeps of the initial value.
        self.wire_value_kept: tuple[Any, str, Any] | None = None

    def _first_value(self, value: Any) -> Any:
        if not callable(value):
            return value
        original = context.copied.get()
        if isinstance(original, type(self)):
            return original.value
        if self.inputs is not None or any(kind_of(value)) or (context.rebuilding.get() and not self.stateful):
            return None  # it needs the visitor's values or a loop: the page asks for it when it loads
        return self._made(value)

    def _made(self, function: Callable[..., Any]) -> Any:
        """What a function makes before anybody visits; when it cannot yet, the page is declared all the same."""
        try:
            value = function()
        except Exception as error:
            warn(
                f"{type(self).__name__}: the function {describe(function).name} could not make the first value, which "
                f"is None until the page loads: {error!r}",
            )
            return None
        if not is_unfinished(value):
            return value
        dismiss(value)
        return None

    def attach_load_event(self, callable: Callable[..., Any], every: Any = None, inputs: Any = None) -> None:
        """Ask a function for the value whenever the page loads, as if it had been given as the value.

        Args:
            callable: the function.
            every: seconds or a gr.Timer after which it is asked again.
            inputs: components whose values it takes, and whose changes ask it again.
        """
        self.load_fn, self.every, self.inputs = callable, every, inputs

    #: False for a class whose value says nothing of what a page shows: it goes into no link to the page.
    in_links: ClassVar[bool] = True

    # -- values that are pieces of one whole, such as a sound that is heard while it is made ---------------------------

    @property
    def joins_pieces(self) -> bool:
        """Whether what a generator yields for it are pieces: `piece` then stands for `postprocess`."""
        return False

    def piece(self, value: Any, before: list[Any]) -> Any:
        """What a generator yielded -> what the browser gets. `before` is a list of the component's own for this run."""
        raise NotImplementedError(f"{self.get_block_name()} has no pieces.")

    def whole(self, before: list[Any]) -> Any:
        """The generator has ended: what the browser gets instead of the pieces."""
        raise NotImplementedError(f"{self.get_block_name()} has no pieces.")

    # -- its place, and that of the buttons in its corner -------------------------------------------------------------

    @property
    def corner(self) -> list[Block]:
        """The app's own buttons among its `buttons`; they stand in its corner instead of in the layout."""
        return [button for button in getattr(self, "buttons", None) or () if isinstance(button, Block)]

    def render(self) -> Block:
        """Place the component here, and its buttons with it. Returns the component.

        Raises:
            DuplicateBlockError: it, or one of its buttons, has already been placed in this Blocks.
        """
        placed = super().render()
        root = context.root.get()
        for button in self.corner if root is not None and self.is_rendered else ():
            if button.is_rendered:
                raise DuplicateBlockError(f"{button.described} cannot stand in the corner of {self.described} too.")
            assert root is not None
            root.adopt(button)
            button.is_rendered = True
        return placed

    def unrender(self) -> Block:
        """Take the component and its buttons out of the page; their listeners stay. Returns the component."""
        for button in self.corner:
            button.unrender()
        return super().unrender()

    def seen_by(self, session: Any) -> Block:
        """The component that reads this one's values in a session: itself, with the options that it was given there."""
        return session.block(self)  # type: ignore[no-any-return]

    # -- what a component decides ------------------------------------------------------------------------------------

    def preprocess(self, payload: Any) -> Any:
        """What the browser sent -> the function's argument."""
        return payload

    def postprocess(self, value: Any) -> Any:
        """What the function returned, or the initial value -> what the browser gets. JSON-able."""
        return value

    def api_info(self) -> dict[str, Any]:
        """JSON schema of the value on the wire."""
        raise NotImplementedError(f"The api_info method has not been implemented for {self.get_block_name()}")

    def api_info_as_input(self) -> dict[str, Any]:
        """The schema where the component is an input."""
        return self.api_info()

    def api_info_as_output(self) -> dict[str, Any]:
        """The schema where the component is an output."""
        return self.api_info()

    def api_default(self) -> tuple[bool, Any]:
        """Whether a program may leave the value out, and what it then sends: what the page starts with."""
        value = self.initial_value()
        return value is not None, value

    def example_payload(self) -> Any:
        """A value as a client would send it."""
        return self.example_value()

    def example_value(self) -> Any:
        """A value as a function would return it."""
        return None

    def expected_parent(self) -> type[Container] | None:
        """The container that must stand around it; inserted when it does not."""
        return None

    def as_example(self, value: Any) -> Any:
        """A value as samples show it: a file's wire value, or what makes a short text."""
        return self.postprocess(value)

    def flag(self, payload: Any, flag_dir: str | os.PathLike[str] = "") -> str:
        """A value, as the browser has it, as a cell of a table of flags: a text as it is, anything else as JSON.

        Args:
            payload: the value.
            flag_dir: the folder into which its files are copied.
        """
        return flagged.as_text(flagged.copied(self, payload, Path(flag_dir)))

    def read_from_flag(self, payload: Any) -> Any:
        """What such a cell says: the value as the browser has it.

        Args:
            payload: the text of the cell.
        """
        try:
            schema = self.api_info()
        except NotImplementedError:
            schema = {}
        return flagged.from_text(payload, schema) if isinstance(payload, str) else payload

    def changes_by(self, value: Any) -> dict[str, Any] | None:
        """What a function's result changes besides the value; None where it is a value like others."""
        return None

    def initial_value(self) -> Any:
        """The value that the page starts with, as the browser gets it."""
        return self.postprocess(self.value)

    def props(self) -> dict[str, Any]:
        """The constructor arguments for the browser; the value is added by the config."""
        shown = super().props()
        shown.pop("value", None)
        if "buttons" in shown:
            shown["buttons"] = [{"id": each._id} if isinstance(each, Block) else each for each in shown["buttons"]]
        return shown


_BLOCK = frozenset({"visible", "elem_id", "elem_classes", "render", "key", "preserved_by_key"})

__all__ = ["Component", "ComponentOptions", "FieldOptions", "FormOptions"]
