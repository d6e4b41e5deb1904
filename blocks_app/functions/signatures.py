"""What a user's function looks like: its kind, its parameters, what it wants injected."""

from __future__ import annotations

import dis
import functools
import inspect
import typing
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from blocks_app.diagnostics.mistakes import warn
from blocks_app.functions.annotations import Annotations, Unresolved, injectable
from blocks_app.functions.kinds import body_of, kind_of

_BY_POSITION = (inspect.Parameter.POSITIONAL_ONLY, inspect.Parameter.POSITIONAL_OR_KEYWORD)


@dataclass(frozen=True)
class FunctionInfo:
    """Everything that a call needs to know about a function, found out once at declaration."""

    name: str
    is_async: bool
    is_generator: bool
    #: Name of a parameter -> what is put there: a Request class, an EventData class, a Progress, a header's name.
    injected: dict[str, Any] = field(default_factory=dict)
    #: Names of the parameters that take inputs, in order.
    parameters: tuple[str, ...] = ()
    #: How many of these have a default.
    defaults: dict[str, Any] = field(default_factory=dict)
    takes_any: bool = False
    #: Parameters in declaration order, injected ones included; None when they cannot be read.
    order: tuple[str, ...] = ()
    #: Names of every parameter that can be given by name; None when any name can.
    accepted: frozenset[str] | None = None
    #: Size of the shortest tuple that the function certainly returns; None when unknown.
    returns: int | None = None
    #: Those of `order` that have to be given by name.
    by_keyword: frozenset[str] = frozenset()
    #: Parameters that seem to ask for something of ours, by an annotation that cannot be resolved.
    unresolved: dict[str, Unresolved] = field(default_factory=dict)
    #: Those of `injected` that may be None.
    optional: frozenset[str] = frozenset()
    #: Those of `parameters` that are annotated with a component's class.
    whole: frozenset[str] = frozenset()

    @property
    def required(self) -> int:
        """How many inputs it needs at least."""
        return len(self.parameters) - len(self.defaults)

    @property
    def wants_event_data(self) -> bool:
        """True when a parameter is annotated with EventData or a child of it."""
        return any(getattr(what, "_wants_event_data", False) for what in self.injected.values())

    @property
    def is_personal(self) -> bool:
        """True when the function asks who has started it."""
        return any(getattr(what, "_is_personal", False) for what in self.injected.values())

    def arranged(
        self, values: Sequence[Any], inject: Callable[[Any, bool], Any]
    ) -> tuple[Sequence[Any], dict[str, Any]]:
        """Everything that a call takes, by position and by name.

        Args:
            values: its inputs.
            inject: makes what is put for something in `injected`; told whether it may be None.
        """
        if not self.order or (not self.injected and not self.by_keyword and len(values) == len(self.parameters)):
            return values, {}
        args: list[Any] = []
        named: dict[str, Any] = {}
        rest = list(values)
        for name in self.order:
            if name in self.injected:
                value = inject(self.injected[name], name in self.optional)
            elif rest:
                value = rest.pop(0)
            elif name in self.defaults:
                value = self.defaults[name]
            else:
                warn("Unexpected argument. Filling with None.")
                value = None
            if name in self.by_keyword:
                named[name] = value
            else:
                args.append(value)
        return (args + rest if self.takes_any else args), named


def describe(fn: Callable[..., Any], inputs: int | None = None) -> FunctionInfo:
    """Read a function's signature and annotations; `inputs` is how many it gets, where that is known."""
    info = _described(fn)
    return info if inputs is None else _settled(info, inputs)


def _described(fn: Callable[..., Any]) -> FunctionInfo:
    body = body_of(fn)
    is_async, is_generator = kind_of(fn)
    signature = _signature(fn)
    if signature is None:
        return FunctionInfo(_name(fn), is_async, is_generator, takes_any=True)
    annotations = Annotations(fn, body)
    injected: dict[str, Any] = {}
    parameters: list[str] = []
    unresolved: dict[str, Unresolved] = {}
    optional: set[str] = set()
    given = signature.parameters
    takes_any = any(each.kind is inspect.Parameter.VAR_POSITIONAL for each in given.values())
    for name, parameter in given.items():
        options = annotations.options(name)
        what = _injection(parameter, options)
        if parameter.kind in (inspect.Parameter.VAR_POSITIONAL, inspect.Parameter.VAR_KEYWORD):
            continue
        if what is not None:
            injected[name] = what
            if parameter.default is None or type(None) in options:
                optional.add(name)
            continue
        if doubtful := [each for each in options if isinstance(each, Unresolved) and each.name]:
            unresolved[name] = doubtful[0]
        if parameter.kind in _BY_POSITION or not takes_any:
            parameters.append(name)
    whole = frozenset(name for name in parameters if _is_component(annotations.options(name)))
    defaults = {name: given[name].default for name in parameters if given[name].default is not inspect.Parameter.empty}
    order = tuple(name for name in given if name in {*parameters, *injected})
    by_keyword = frozenset(name for name in order if given[name].kind is inspect.Parameter.KEYWORD_ONLY)
    returns = _returned_size(body, annotations.options("return"), is_generator)
    return FunctionInfo(
        _name(fn), is_async, is_generator, injected, tuple(parameters), defaults, takes_any, order,
        _accepted(signature), returns, by_keyword, unresolved, frozenset(optional), whole,
    )  # fmt: skip


def _settled(info: FunctionInfo, given: int) -> FunctionInfo:
    """The same, once the number of inputs is known: a parameter that gets none, and whose annotation only type checkers
    can resolve, is given what the annotation seems to mean. That is told.
    """
    for name, hint in info.unresolved.items():
        what = injectable.get(hint.name or "")
        if what is None or given >= len(info.parameters):
            break
        warn(
            f"{info.name}: the annotation {hint.text!r} of its parameter {name!r} names something that does not exist "
            f"when the app runs; it is taken for gr.{hint.name}. Import that outside of `if TYPE_CHECKING:`.",
        )
        info = replace(
            info,
            injected={**info.injected, name: _made(what, name)},
            parameters=tuple(each for each in info.parameters if each != name),
            defaults={each: value for each, value in info.defaults.items() if each != name},
        )
    return info


def _signature(fn: Any) -> inspect.Signature | None:
    """The parameters of what a call runs; where that passes on everything, those of what it wraps."""
    passed_on = _read(fn, follow=True)
    own = _read(fn, follow=False)
    if own is None or passed_on is None:
        return passed_on or own
    if not any(each.kind is inspect.Parameter.VAR_POSITIONAL for each in own.parameters.values()):
        return own
    named = [name for name, each in own.parameters.items() if each.kind in _BY_POSITION]
    if isinstance(fn, functools.partial) and hasattr(fn, "__wrapped__"):
        return _read(functools.partial(fn.__wrapped__, *fn.args, **fn.keywords), follow=True) or own
    if not named and passed_on != own and next(iter(passed_on.parameters), "") in ("self", "cls"):
        # what a descriptor has bound: it gives the object itself, and looks like the method that it wraps
        return passed_on.replace(parameters=list(passed_on.parameters.values())[1:])
    return passed_on if list(passed_on.parameters)[: len(named)] == named else own


def _read(fn: Any, follow: bool) -> inspect.Signature | None:
    try:
        return inspect.signature(fn, follow_wrapped=follow)
    except Exception:  # built-in functions tell nothing, and a strange object may raise anything
        return None


def _accepted(signature: inspect.Signature) -> frozenset[str] | None:
    kinds = {parameter.name: parameter.kind for parameter in signature.parameters.values()}
    if inspect.Parameter.VAR_KEYWORD in kinds.values():
        return None
    named = (inspect.Parameter.POSITIONAL_OR_KEYWORD, inspect.Parameter.KEYWORD_ONLY)
    return frozenset(name for name, kind in kinds.items() if kind in named)


def _name(fn: Callable[..., Any]) -> str:
    name = getattr(fn, "__name__", None)
    return name if isinstance(name, str) and name else type(fn).__name__


def _injection(parameter: inspect.Parameter, options: list[Any]) -> Any:
    if getattr(parameter.default, "_injected_progress", False) is True:  # a mock has every name
        return parameter.default
    for option in options:
        if isinstance(option, type) and option in injectable.values():
            return _made(option, parameter.name)
        if isinstance(option, type) and getattr(option, "_is_injected", False) is True:
            return option
    return None


def _is_component(options: list[Any]) -> bool:
    return bool(options) and isinstance(getattr(options[0], "page_options", None), frozenset)


def _made(what: Any, parameter: str) -> Any:
    """A Progress is told from a class by being an object, and a header by its name."""
    if named := getattr(what, "_for_parameter", None):
        return named(parameter)
    return what() if getattr(what, "_injected_progress", False) is True else what


def _returned_size(body: Any, options: list[Any], is_generator: bool) -> int | None:
    """Size of the smallest tuple literal among the returns of a plain function, when all are tuples of known size."""
    hint = options[0] if options and not hasattr(body, "__wrapped__") else None
    if typing.get_origin(hint) is tuple and Ellipsis not in typing.get_args(hint) and not is_generator:
        return len(typing.get_args(hint))
    code = getattr(body, "__code__", None)
    if code is None or is_generator or inspect.iscoroutinefunction(body):
        return None
    sizes: list[int] = []
    previous: dis.Instruction | None = None
    for instruction in dis.get_instructions(code):
        if instruction.opname in ("RETURN_VALUE", "RETURN_CONST"):  # the second one in Python 3.12 and 3.13
            size = _tuple_size(previous if instruction.opname == "RETURN_VALUE" else instruction)
            if size is None:
                return None
            sizes.append(size)
        previous = instruction
    return min(sizes, default=None)


def _tuple_size(instruction: dis.Instruction | None) -> int | None:
    if instruction is None:
        return None
    if instruction.opname == "BUILD_TUPLE":
        return instruction.arg
    if instruction.opname in ("LOAD_CONST", "RETURN_CONST") and isinstance(instruction.argval, tuple):
        return len(instruction.argval)
    return None
