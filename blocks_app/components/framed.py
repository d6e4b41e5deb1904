"""What many components take besides, told once: a class names in its options which of these it does."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, ClassVar, Literal, TypedDict, Unpack, cast

from blocks_app.components.button import Button
from blocks_app.components.corner import Height, checked_height, corner_buttons
from blocks_app.exceptions import DeclarationError
from blocks_app.options import FormOptions
from blocks_app.tree.component import Component


class CornerOptions(TypedDict, total=False):
    """A component with buttons of the app in its corner."""

    buttons: Sequence[Button] | None
    """gr.Buttons to show in its corner; their click listeners work as anywhere else."""


class CopyOptions(TypedDict, total=False):
    """A component whose text can be copied."""

    show_copy_button: bool
    """Whether a button copies the text; the same as `buttons=["copy"]`."""
    buttons: Sequence[Literal["copy"] | Button] | None
    """What stands in the corner: "copy", and gr.Buttons."""


class HeightOptions(TypedDict, total=False):
    """A component that scrolls."""

    max_height: Height
    """Height from which on it scrolls."""
    min_height: Height
    """Height that it takes at least, in pixels or as css writes it."""


class DirectionOptions(TypedDict, total=False):
    """A component with text that may run the other way."""

    rtl: bool
    """True writes from right to left."""


class LatexDelimiter(TypedDict):
    """Where a formula starts and ends, and whether it gets a line of its own."""

    left: str
    right: str
    display: bool


class FormulaOptions(TypedDict, total=False):
    """A component with formulas in its text."""

    latex_delimiters: Sequence[LatexDelimiter] | None
    """What stands around formulas, as `{"left": "$", "right": "$", "display": False}`; None means `$$` with a line of
    its own, an empty list no formulas."""


class HintOptions(TypedDict, total=False):
    """A field to write in."""

    placeholder: str | None
    """Grey hint while it is empty."""


class RoundingOptions(TypedDict, total=False):
    """A component for numbers."""

    precision: int | None
    """Digits after the point that are kept, both ways; 0 makes an int, None rounds nothing."""


class InputOptions(FormOptions, CornerOptions, total=False):
    """What most inputs of a form understand."""


class FramedOptions(FormOptions, HeightOptions, DirectionOptions, HintOptions, RoundingOptions, total=False):
    """All of them but the buttons, which are others for each class."""


_HEIGHTS = tuple(sorted(HeightOptions.__optional_keys__))
#: Options that are kept as they are, with what holds unless they are given.
_KEPT: dict[str, Any] = {"rtl": False, "placeholder": None, "precision": None}


class FramedComponent(Component):
    """A component that keeps the options of this module for its class, which says in its signature what it takes."""

    #: Names of its own buttons that `buttons` may hold, and those of them that it has unless told.
    corner_names: ClassVar[tuple[str, ...]] = ()
    corner_default: ClassVar[tuple[str, ...]] = ()

    max_height: Height
    min_height: Height
    rtl: bool
    placeholder: str | None
    precision: int | None

    def __init__(
        self,
        value: Any = None,
        *,
        buttons: Sequence[Any] | None = None,
        show_copy_button: bool = False,
        **options: Unpack[FramedOptions],
    ) -> None:
        """Declare a component; classes of components have arguments of their own besides.

        Args:
            value: what it shows at first, or a function that makes it whenever the page loads.
            buttons: what stands in its corner.
            show_copy_button: whether "copy" does, where there is such a button.
            options: see FramedOptions.
        """
        name, rest = type(self).__name__, cast("dict[str, Any]", options)
        if buttons is None:
            buttons = ["copy"] if show_copy_button else self.corner_default
        self.buttons = corner_buttons(name, buttons, self.corner_names)
        self.show_copy_button = "copy" in self.buttons
        own = vars(self)
        for each in _HEIGHTS:
            own[each] = checked_height(name, each, rest.pop(each, None))
        for each, default in _KEPT.items():
            if each not in own:  # a class may have one of its own by this name
                own[each] = rest.pop(each, default)
        super().__init__(value, **rest)


def checked_delimiters(owner: str, given: Sequence[LatexDelimiter] | None) -> list[LatexDelimiter]:
    """The pairs to look for; `$$` unless given. Raises DeclarationError for what are none."""
    if given is None:
        return [{"left": "$$", "right": "$$", "display": True}]
    for pair in given:
        if not isinstance(pair, dict) or not pair.get("left") or not pair.get("right"):
            raise DeclarationError(
                f"{owner}: latex_delimiters is a list such as "
                f'[{{"left": "$", "right": "$", "display": False}}]; {pair!r} is none of its items.'
            )
    return [{"left": pair["left"], "right": pair["right"], "display": bool(pair.get("display"))} for pair in given]
