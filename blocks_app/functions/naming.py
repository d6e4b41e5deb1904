"""How a function is called everywhere: a key that is equal in every process that imports the same app."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import PurePath
from typing import Any, NamedTuple

from blocks_app.functions.kinds import body_of


class FunctionKey(NamedTuple):
    """Names one function of a page."""

    #: Module and qualified name, as in "shop.pages:answer".
    name: str
    #: Which of several functions of this name, as lambdas are, in the order of declaration.
    number: int = 0
    #: Where it was found; "" on the page itself.
    scope: str = ""


class FunctionKeys:
    """Numbers the functions of a page, or of a part of it, as they are declared. The same object gets the same key."""

    def __init__(self, scope: str = "") -> None:
        self.scope = scope
        self._known: dict[int, tuple[Callable[..., Any], FunctionKey]] = {}  # by the place of an object that is kept
        self._counts: dict[str, int] = {}

    def find(self, fn: Callable[..., Any]) -> FunctionKey | None:
        """The key of a function that was declared before."""
        found = self._known.get(id(fn))
        return None if found is None else found[1]

    def of(self, fn: Callable[..., Any]) -> FunctionKey:
        """The key of a function; a new one for a function not seen before."""
        found = self.find(fn)
        if found is None:
            name = name_of(fn)
            number = self._counts.get(name, 0)
            self._counts[name] = number + 1
            found = FunctionKey(name, number, self.scope)
            self._known[id(fn)] = fn, found
        return found


def name_of(fn: Callable[..., Any]) -> str:
    """Module and qualified name; of an object that has none, those of what a call of it begins with."""
    named = fn if isinstance(getattr(fn, "__qualname__", None), str) else body_of(fn)
    name = getattr(named, "__qualname__", None)
    return f"{_module(named)}:{name if isinstance(name, str) else type(fn).__qualname__}"


def is_of_its_module(fn: Callable[..., Any]) -> bool:
    """Whether its module has it under its name, so that there is only one of it in a process."""
    found: Any = sys.modules.get(getattr(fn, "__module__", None) or "")
    for part in str(getattr(fn, "__qualname__", "")).split("."):
        found = getattr(found, part, None)
    return found is fn


def _module(fn: Any) -> str:
    """The module's name; of the program itself the one that other processes import it by."""
    name = getattr(fn, "__module__", None)
    if name != "__main__":
        return name if isinstance(name, str) else ""
    main = sys.modules.get("__main__")
    spec, file = getattr(main, "__spec__", None), getattr(main, "__file__", None)
    if spec is not None and spec.name:
        return str(spec.name)
    return PurePath(file).stem if file else name
