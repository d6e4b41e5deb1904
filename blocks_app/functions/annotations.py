"""Annotations of a user's function, each resolved by itself: one that only a type checker can read costs no other."""

from __future__ import annotations

import inspect
import re
import typing
from collections.abc import Iterator
from typing import Any, TypeVar

#: What a function may ask for by annotation, by name; see `asked_for`.
injectable: dict[str, type] = {}
_MOST = 20  # wrappers around one another that are looked at


Class = TypeVar("Class", bound=type)


def asked_for(cls: Class) -> Class:
    """Mark a class whose objects functions get by annotating a parameter with it."""
    injectable[cls.__name__] = cls
    return cls


class Unresolved:
    """An annotation that names something which does not exist at run time, as what stands under TYPE_CHECKING."""

    def __init__(self, text: str) -> None:
        self.text = text

    @property
    def name(self) -> str | None:
        """The name of ours that it seems to mean."""
        return next((word for word in re.findall(r"\w+", self.text) if word in injectable), None)


class Annotations:
    """What the parameters of one function are annotated with."""

    def __init__(self, fn: Any, body: Any) -> None:
        """Read them.

        Args:
            fn: the function as the user gave it.
            body: what a call of it runs, see kinds.body_of.
        """
        self._layers = _layers(fn, body.__init__ if inspect.isclass(body) else body)
        self._hints: dict[str, Any] = {}
        for layer in reversed(self._layers):
            noted = getattr(layer, "__annotations__", None)
            self._hints.update(noted if isinstance(noted, dict) else {})

    def options(self, name: str) -> list[Any]:
        """What may be given for a parameter, or be returned: the members of unions, what Annotated is about."""
        return list(self._options(self._hints[name])) if name in self._hints else []

    def _options(self, hint: Any) -> Iterator[Any]:
        hint = self._resolved(hint)
        origin = typing.get_origin(hint)
        if origin is typing.Annotated:
            yield from self._options(typing.get_args(hint)[0])
            return
        yield hint
        if origin is None or (isinstance(origin, type) and origin.__module__ in ("builtins", "collections.abc")):
            return
        for each in typing.get_args(hint):
            yield from self._options(each)

    def _resolved(self, hint: Any) -> Any:
        if isinstance(hint, typing.ForwardRef):
            hint = hint.__forward_arg__
        if not isinstance(hint, str):
            return hint
        for layer in reversed(self._layers):  # the innermost has written it, wrappers only copy
            try:
                found = eval(hint, getattr(layer, "__globals__", {}), _closure(layer))  # noqa: S307 - source text, no input
            except Exception:
                continue
            return self._resolved(found)
        return Unresolved(hint)


def _layers(fn: Any, body: Any) -> list[Any]:
    """The function that runs, then those that it wraps."""
    layers = [body]
    for start in (fn, body):
        wrapped = getattr(start, "__wrapped__", None)
        while wrapped is not None and len(layers) < _MOST:
            layers.append(getattr(wrapped, "__func__", wrapped))
            wrapped = getattr(wrapped, "__wrapped__", None)
    return layers


def _closure(layer: Any) -> dict[str, Any]:
    """The names of the functions around it that it uses."""
    names: dict[str, Any] = {}
    cells = getattr(layer, "__closure__", None) or ()
    for name, cell in zip(getattr(getattr(layer, "__code__", None), "co_freevars", ()), cells):
        try:
            names[name] = cell.cell_contents
        except ValueError:  # not filled yet
            continue
    return names
