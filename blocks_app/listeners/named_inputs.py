"""`inputs_kwargs`: values that reach a function by the names of its parameters."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from blocks_app.exceptions import DeclarationError
from blocks_app.functions.signatures import FunctionInfo


def by_name(
    fn: Callable[..., Any], info: FunctionInfo, positional: int, names: tuple[str, ...]
) -> tuple[Callable[..., Any], FunctionInfo]:
    """A function that takes everything by position, and what is known of it: `positional` inputs, then the named ones.

    Raises:
        DeclarationError: a name that the function has no parameter for, or that an input by position takes already.
    """
    if not names:
        return fn, info
    taken = info.parameters[:positional]
    for name in names:
        if name in taken:
            raise DeclarationError(f"{info.name} gets {name!r} twice: by position from inputs, and from inputs_kwargs.")
        if info.accepted is not None and name not in info.accepted:
            raise DeclarationError(f"{info.name} has no parameter {name!r}, which inputs_kwargs names.")
    if info.takes_any:
        taken = tuple(f"argument_{number}" for number in range(positional))
    order = (*info.injected, *taken, *names)

    def named(*args: Any) -> Any:
        given = dict(zip(order, args))
        if info.takes_any:
            first = [given.pop(name) for name in taken]
            return fn(*first, **given)
        return fn(**given)

    named.__name__ = info.name
    named.__doc__ = fn.__doc__
    named._same_as = fn  # type: ignore[attr-defined] # listeners of one function share its limit
    defaults = {name: given for name, given in info.defaults.items() if name in taken}
    return named, replace(
        info, parameters=(*taken, *names), order=order, defaults=defaults, takes_any=False, by_keyword=frozenset()
    )


def named_inputs(given: Any, as_dict: bool) -> Mapping[str, Any]:
    """`inputs_kwargs` as it was given; empty for None.

    Raises:
        DeclarationError: it is no dict with texts for keys, or stands beside a set of inputs.
    """
    if given is None:
        return {}
    if not isinstance(given, Mapping) or not all(isinstance(name, str) for name in given):
        raise DeclarationError(f"inputs_kwargs is a dict of parameter names and components, not {given!r}.")
    if given and as_dict:
        raise DeclarationError("inputs_kwargs and a set of inputs cannot be given together: name all inputs.")
    return given
