"""Block: anything that stands in the tree of a page."""

from __future__ import annotations

import functools
import inspect
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, ClassVar, Unpack

from blocks_app.diagnostics.mistakes import meant
from blocks_app.exceptions import DeclarationError, DuplicateBlockError, UnknownOptionError
from blocks_app.options import BlockOptions
from blocks_app.tree import context
from blocks_app.tree.iterables import listed, read_once, several

if TYPE_CHECKING:
    from blocks_app.tree.container import Container


class Block:
    """One node of the page: a component or a container of others.

    Subclasses declare their own constructor arguments and take the shared ones as `**options`; the arguments that were
    really written are remembered, so that an instance returned by a function is an update of just these.
    """

    #: The events of the class: its attributes such as `change = Events.change`, or listed here as in Gradio's EVENTS.
    events: ClassVar[tuple[Any, ...]] = ()
    #: The same as a list of their names, for programs that listen to all of them.
    EVENTS: ClassVar[list[Any]] = []
    #: Name of the block in the config; the lower-case class name unless given. Templates inherit it.
    wire_name: ClassVar[str] = ""
    #: Address of its browser module for blocks of other packages (a static file); ours are found by their file name.
    module: ClassVar[str] = ""
    #: True keeps the block out of API signatures.
    skip_api: ClassVar[bool] = True
    #: True for a class that only changes the defaults of its base and shares its browser element.
    is_template: ClassVar[bool] = False
    #: True for a class whose constructor also takes names that it does not list, and checks them itself.
    takes_any: ClassVar[bool] = False
    #: True for a class whose value may be any object, which is kept as it is.
    keeps_values: ClassVar[bool] = False
    #: What a class has instead of the defaults of the options that it takes over; those are given by name.
    defaults: ClassVar[Mapping[str, Any]] = {}
    #: Constructor arguments that the browser does not need.
    private_options: ClassVar[frozenset[str]] = frozenset({"render", "every", "inputs"})

    #: True for a class without a place on a page: a page has it when one of its listeners names it.
    is_everywhere: ClassVar[bool] = False

    #: True for a class by which visitors make links to the page as it is.
    links_page: ClassVar[bool] = False

    parent: Container | None = None
    #: Path of the page on which it stands; "" is the main one.
    page_path: str = ""
    _id: int
    _given: dict[str, Any]
    _listener_flags: dict[str, Any] = {}

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        if "wire_name" not in cls.__dict__ and not cls.is_template:
            cls.wire_name = cls.__name__.lower()
        init = cls.__dict__.get("__init__")
        if "defaults" in cls.__dict__:
            init = _with_defaults(init or cls.__init__, cls.defaults)
        if init is not None:
            cls.__init__ = _remember_arguments(init)  # type: ignore[method-assign]
        cls._collect_events()

    @classmethod
    def _collect_events(cls) -> None:
        """Make attributes of what `events` or `EVENTS` lists, and list what attributes declare."""
        listed = cls.__dict__.get("events", cls.__dict__.get("EVENTS", ()))
        for event in listed:
            if not getattr(event, "is_block_event", False):
                raise DeclarationError(f"{cls.__name__}: EVENTS lists events such as Events.change, not {event!r}.")
            if event.name not in cls.__dict__:
                setattr(cls, event.name, event)
        found = {event.name: event for event in (*cls.events, *listed)}
        found |= {each.name: each for each in cls.__dict__.values() if getattr(each, "is_block_event", False)}
        cls.events = tuple(found.values())
        cls.EVENTS = list(cls.events)

    def __init__(self, **options: Unpack[BlockOptions]) -> None:
        self.visible = options.get("visible", True)
        self.elem_id = options.get("elem_id")
        classes = options.get("elem_classes")
        self.elem_classes: list[str] = several(classes)
        self.key = options.get("key")
        self.preserved_by_key = options.get("preserved_by_key")
        self._render_now = options.get("render", True)

    # -- the tree -----------------------------------------------------------------------------------------------------

    def _finish(self) -> None:
        """The outermost constructor has run: number the block and place it."""
        root = context.root.get()
        if not hasattr(self, "_id"):
            self._id = root.number_for(self) if root is not None else next(context.loose_ids)
        self._root: context.Root | None = root
        self.is_rendered = False
        if self._render_now:
            self.render()

    def render(self) -> Block:
        """Place the block here, in the container that is open now. Returns the block.

        Raises:
            DuplicateBlockError: it has already been placed in this Blocks.
        """
        root, parent = context.root.get(), context.parent.get()
        if root is None or parent is None:
            return self
        if root.blocks.get(self._id) is self:
            raise DuplicateBlockError(f"A block with id: {self._id} has already been rendered in the current Blocks.")
        placed = root.adopt(self)
        parent.add(placed)
        placed.is_rendered = True
        return self

    def unrender(self) -> Block:
        """Take the block out of the page; its listeners stay. Returns the block."""
        if self.parent is not None:
            self.parent.children.remove(self)
            self.parent = None
        if self._root is not None:
            self._root.blocks.pop(self._id, None)
        self.is_rendered = False
        return self

    # -- what the browser gets ----------------------------------------------------------------------------------------

    def get_block_name(self) -> str:
        """Name of the block in the config, such as `textbox`."""
        return type(self).wire_name

    def props(self) -> dict[str, Any]:
        """The constructor arguments for the browser, without those that are None."""
        values = {name: getattr(self, name, None) for name in option_names(type(self)) - self.private_options}
        shown = {name: _shown(name, value) for name, value in values.items() if _is_data(value)}
        return {**shown, "name": self.get_block_name(), **self._flags()}

    def get_config(self) -> dict[str, Any]:
        """Gradio's name of `props()`."""
        return self.props()

    def _flags(self) -> dict[str, Any]:
        """Marks set by listeners, such as `_selectable`."""
        return dict(self._listener_flags)

    def known_options(self) -> frozenset[str]:
        """Names of what an update may change."""
        return option_names(type(self))

    def scripts(self) -> list[str]:
        """Texts of JavaScript functions that the browser needs for this block; the page serves each as a file."""
        return []

    def acts_unseen(self) -> bool:
        """Whether its element is needed though nobody sees it, such as a clock; others may come when they are seen."""
        return False

    def head_html(self) -> str | None:
        """HTML that the block needs in the head of its page."""
        return None

    def copy_with(self, changes: dict[str, Any]) -> Block:
        """The block that the same constructor makes with some arguments changed; not part of any page."""
        arguments = {**self._given, **changes, "render": False}
        if "render" not in option_names(type(self)):
            arguments.pop("render")
        empty, token, outside = context.root.set(None), context.parent.set(None), context.in_event.set(False)
        copied = context.copied.set(self)
        try:
            duplicate = type(self)(**arguments)
        finally:
            context.copied.reset(copied)
            context.in_event.reset(outside)
            context.parent.reset(token)
            context.root.reset(empty)
        duplicate._id = self._id
        duplicate._listener_flags = self._listener_flags
        return duplicate

    @property
    def described(self) -> str:
        """How messages name the block: its class, label and id."""
        label = getattr(self, "label", None)
        return f"{type(self).__name__}({f'label={label!r}, ' if label else ''}id={getattr(self, '_id', '?')})"

    def __repr__(self) -> str:
        return f"<{self.described}>"


_signatures: dict[type[Block], inspect.Signature] = {}
_option_names: dict[type[Block], frozenset[str]] = {}


def _is_data(value: Any) -> bool:
    return value is not None and not callable(value)


def _shown(name: str, value: Any) -> Any:
    return value if name == "value" else listed(value)  # a component sees to its value itself


def own_signature(cls: type[Block]) -> inspect.Signature:
    """Signature of the constructor without self; read once per class."""
    if cls not in _signatures:
        _signatures[cls] = _read_signature(cls)
    return _signatures[cls]


def _read_signature(cls: type[Block]) -> inspect.Signature:
    signature = inspect.signature(cls.__init__)
    return signature.replace(parameters=list(signature.parameters.values())[1:])


def option_names(cls: type[Block]) -> frozenset[str]:
    """Every argument that the constructor understands, its own and the shared ones; read once per class."""
    if cls not in _option_names:
        _option_names[cls] = _read_option_names(cls)
    return _option_names[cls]


def _read_option_names(cls: type[Block]) -> frozenset[str]:
    names: set[str] = set()
    for owner in cls.__mro__:
        init = owner.__dict__.get("__init__")
        if init is None or owner is object:
            continue
        rest: Any = None
        for parameter in list(inspect.signature(init).parameters.values())[1:]:
            if parameter.kind is inspect.Parameter.VAR_KEYWORD:
                rest = parameter.annotation
            elif parameter.kind is not inspect.Parameter.VAR_POSITIONAL:
                names.add(parameter.name)
        shared = _unpacked(rest, inspect.unwrap(init)) if rest is not None else None
        if shared is not None:
            return frozenset(names | shared)
        if rest is None:
            return frozenset(names)
    return frozenset(names)


def _unpacked(annotation: Any, init: Callable[..., Any]) -> set[str] | None:
    """Keys of X in `**options: Unpack[X]`; None when the annotation is something else."""
    if isinstance(annotation, str):
        if not annotation.startswith(("Unpack[", "typing.Unpack[")):
            return None
        annotation = eval(annotation, init.__globals__)  # noqa: S307 - source text of the class, no input
    typed = getattr(annotation, "__args__", (None,))[0]
    known = getattr(typed, "__required_keys__", frozenset()) | getattr(typed, "__optional_keys__", frozenset())
    return set(known) or None


def _with_defaults(init: Callable[..., None], defaults: Mapping[str, Any]) -> Callable[..., None]:
    """A constructor that has others; its signature shows those of the options that it names itself."""

    @functools.wraps(init)
    def __init__(self: Block, *args: Any, **kwargs: Any) -> None:
        init(self, *args, **{**defaults, **kwargs})

    signature = inspect.signature(init)
    shown = [each.replace(default=defaults.get(each.name, each.default)) for each in signature.parameters.values()]
    __init__.__signature__ = signature.replace(parameters=shown)  # type: ignore[attr-defined]
    return __init__


def _remember_arguments(init: Callable[..., None]) -> Callable[..., None]:
    """Wrap a constructor: the outermost call notes what was written, checks the names and places the block."""

    @functools.wraps(init)
    def __init__(self: Block, *args: Any, **kwargs: Any) -> None:
        if hasattr(self, "_given"):  # a base class's constructor, called by the outermost one
            init(self, *args, **kwargs)
            return
        if not self.keeps_values:
            args, kwargs = tuple(map(read_once, args)), {name: read_once(value) for name, value in kwargs.items()}
        self._given = _bind(type(self), args, kwargs)
        if context.in_event.get():
            return  # made by a running function: an update, see blocks_app.running.updates
        init(self, *args, **kwargs)
        self._finish()

    return __init__


def _bind(cls: type[Block], args: tuple[Any, ...], kwargs: dict[str, Any]) -> dict[str, Any]:
    unknown = [name for name in kwargs if name not in option_names(cls)]
    if unknown and not cls.takes_any:
        raise UnknownOptionError(_unknown_text(cls, unknown[0]))
    try:
        bound = own_signature(cls).bind(*args, **kwargs)
    except TypeError as error:
        raise TypeError(f"{cls.__name__}: {error}") from None
    given: dict[str, Any] = {}
    for name, value in bound.arguments.items():
        kind = own_signature(cls).parameters[name].kind
        if kind is inspect.Parameter.VAR_KEYWORD:
            given.update(value)
        elif kind is inspect.Parameter.VAR_POSITIONAL:
            raise DeclarationError(f"{cls.__name__}: a block's constructor cannot take *{name}.")
        else:
            given[name] = value
    return given


def _unknown_text(cls: type[Block], name: str) -> str:
    return f"{cls.__name__}() got an unexpected keyword argument {name!r}.{meant(name, option_names(cls))}"
