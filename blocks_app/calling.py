"""What a user's function looks like: its kind, its parameters, what it wants injected."""

from __future__ import annotations

import dis
import functools
import inspect
import typing
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class FunctionInfo:
    """Everything that a call needs to know about a function, found out once at declaration."""

    name: str
    is_async: bool
    is_generator: bool
    #: Name of a parameter -> what is put there: a Request class, an EventData class or a Progress object.
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

    @property
    def required(self) -> int:
        """How many inputs it needs at least."""
        return len(self.parameters) - len(self.defaults)

    @property
    def wants_event_data(self) -> bool:
        """True when a parameter is annotated with EventData or a child of it."""
        return any(getattr(what, "_wants_event_data", False) for what in self.injected.values())


def describe(fn: Callable[..., Any]) -> FunctionInfo:
    """Read a function's signature and annotations."""
    target = inspect.unwrap(fn)
    while isinstance(target, functools.partial):
        target = target.func
    body = target if inspect.isroutine(target) else type(target).__call__
    is_generator = inspect.isgeneratorfunction(body) or inspect.isasyncgenfunction(body)
    is_async = inspect.iscoroutinefunction(body) or inspect.isasyncgenfunction(body)
    try:
        signature = inspect.signature(fn)
    except (TypeError, ValueError):
        return FunctionInfo(_name(fn), is_async, is_generator, takes_any=True)
    hints = _hints(body)
    injected: dict[str, Any] = {}
    parameters: list[str] = []
    defaults: dict[str, Any] = {}
    takes_any = False
    for parameter in signature.parameters.values():
        what = _injection(parameter, hints.get(parameter.name))
        if what is not None:
            injected[parameter.name] = what
        elif parameter.kind is inspect.Parameter.VAR_POSITIONAL:
            takes_any = True
        elif parameter.kind in (inspect.Parameter.POSITIONAL_ONLY, inspect.Parameter.POSITIONAL_OR_KEYWORD):
            parameters.append(parameter.name)
            if parameter.default is not inspect.Parameter.empty:
                defaults[parameter.name] = parameter.default
    order = tuple(
        parameter.name for parameter in signature.parameters.values() if parameter.name in {*parameters, *injected}
    )
    returns = _returned_size(body, hints.get("return"), is_generator)
    return FunctionInfo(
        _name(fn), is_async, is_generator, injected, tuple(parameters), defaults, takes_any, order,
        _accepted(signature), returns,
    )  # fmt: skip


def _accepted(signature: inspect.Signature) -> frozenset[str] | None:
    kinds = {parameter.name: parameter.kind for parameter in signature.parameters.values()}
    if inspect.Parameter.VAR_KEYWORD in kinds.values():
        return None
    named = (inspect.Parameter.POSITIONAL_OR_KEYWORD, inspect.Parameter.KEYWORD_ONLY)
    return frozenset(name for name, kind in kinds.items() if kind in named)


def _name(fn: Callable[..., Any]) -> str:
    return getattr(fn, "__name__", None) or type(fn).__name__


def _hints(body: Any) -> dict[str, Any]:
    annotations = getattr(body, "__annotations__", {})
    if not any(isinstance(hint, str) for hint in annotations.values()):
        return dict(annotations)
    try:
        return typing.get_type_hints(body)
    except Exception:
        return {}


def _injection(parameter: inspect.Parameter, hint: Any) -> Any:
    if getattr(parameter.default, "_injected_progress", False):
        return parameter.default
    options = [hint, *typing.get_args(hint)]
    for option in options:
        if isinstance(option, type) and getattr(option, "_is_injected", False):
            return option
    return None


def _returned_size(body: Any, hint: Any, is_generator: bool) -> int | None:
    """Size of the smallest tuple literal among the returns of a plain function, when all are tuples of known size."""
    if typing.get_origin(hint) is tuple and Ellipsis not in typing.get_args(hint) and not is_generator:
        return len(typing.get_args(hint))
    code = getattr(body, "__code__", None)
    if code is None or is_generator or inspect.iscoroutinefunction(body):
        return None
    sizes: list[int] = []
    previous: dis.Instruction | None = None
    for instruction in dis.get_instructions(code):
        if instruction.opname == "RETURN_VALUE":
            size = _tuple_size(previous)
            if size is None:
                return None
            sizes.append(size)
        elif instruction.opname == "RETURN_CONST":
            return None
        previous = instruction
    return min(sizes, default=None)


def _tuple_size(instruction: dis.Instruction | None) -> int | None:
    if instruction is None:
        return None
    if instruction.opname == "BUILD_TUPLE":
        return instruction.arg
    if instruction.opname == "LOAD_CONST" and isinstance(instruction.argval, tuple):
        return len(instruction.argval)
    return None
