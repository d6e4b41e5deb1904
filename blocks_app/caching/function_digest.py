"""What a function does, as a short text that changes when the function does.

The compiled code is read and not the source: it is what runs, also when the file has been replaced meanwhile, and it is
there for functions that have no file. With it goes everything of the app's own that the code names: functions, classes,
modules and constants, and what these name. What is installed counts by its name and version.
"""

from __future__ import annotations

import dis
import functools
import hashlib
import inspect
import itertools
import sys
import sysconfig
import types
from collections.abc import Callable, Iterator
from typing import Any

_MOST = 5_000  # functions, classes and constants that are looked at
_LARGEST = 100_000  # characters of a constant
_STORE = dis.opmap["STORE_GLOBAL"]
_ITEMS = 20_000  # items of a container; of a larger one its size and its beginning
_CONSTANTS = (str, bytes, int, float, complex, bool, type(None))
#: Of a function's flags those that say of which kind it is, and not what its file imports from the future.
_KINDS = 0x3FF
_OURS = __name__.split(".")[0]
#: Containers that were empty when they were first seen, by the place of an object that is kept.
_empty: dict[int, Any] = {}
_CONTAINERS = (list, dict, set, tuple, frozenset)
_INSTALLED = tuple({sysconfig.get_path(name) for name in ("stdlib", "platstdlib", "purelib", "platlib")} - {None, ""})


class FunctionDigest:
    """Reads a function when it is declared, and once more when it is asked: what is defined below may come later.

    Lists, dicts and sets count as they are at the declaration, and those that are empty then do not count at all: a
    function that fills one is no other function.
    """

    def __init__(self, fn: Callable[..., Any]) -> None:
        """Note the containers that `fn` names."""
        self._fn = fn
        self._noted = _Noted()
        self._asked: str | None = None
        _Walk(self._noted, noting=True).digest(fn)

    def hexdigest(self) -> str:
        """The text; always the same for this object."""
        if self._asked is None:
            self._asked = _Walk(self._noted, noting=False).digest(self._fn)
        return self._asked


class _Noted:
    """What may change while the program runs, as it was at the declaration; by the place of an object that is kept."""

    def __init__(self) -> None:
        self.containers: dict[int, tuple[Any, str]] = {}
        self.objects: dict[int, tuple[Any, dict[str, Any]]] = {}


class _Walk:
    """One look at everything that a function leads to."""

    def __init__(self, noted: _Noted, noting: bool) -> None:
        self._noted = noted
        self._noting = noting
        self._seen: dict[int, Any] = {}
        self._hash = hashlib.sha256(repr(sys.version_info[:2]).encode())

    def digest(self, fn: Callable[..., Any]) -> str:
        self._look("function", fn)
        return self._hash.hexdigest()

    def _say(self, *words: object) -> None:
        self._hash.update("\0".join(map(str, words)).encode("utf-8", "surrogatepass") + b"\1")

    def _look(self, name: str, value: Any) -> None:
        kind = type(value)
        if kind in _CONSTANTS:
            self._say(name, kind.__name__, repr(value)[:_LARGEST])
        elif kind in _CONTAINERS:
            self._say(name, kind.__name__, self._container(value))
        elif id(value) in self._seen or len(self._seen) > _MOST:
            self._say(name, "again")
        else:
            self._seen[id(value)] = value
            self._say(name)
            self._open(value)

    def _container(self, value: Any) -> str:
        if isinstance(value, tuple | frozenset):
            return _plain(value)
        if self._noting and not _is_filled_later(value):
            self._noted.containers.setdefault(id(value), (value, _plain(value)))
        known = self._noted.containers.get(id(value))
        return known[1] if known is not None and known[0] is value else ""

    def _open(self, value: Any) -> None:
        if "__wrapped__" in getattr(value, "__dict__", ()) and not isinstance(
            value, types.FunctionType | types.MethodType | type
        ):
            self._look("wrapped", value.__wrapped__)
        elif isinstance(value, functools.partial):
            self._look("func", value.func)
            for index, each in enumerate(value.args):
                self._look(f"arg {index}", each)
            for name in sorted(value.keywords):
                self._look(f"arg {name}", value.keywords[name])
        elif inspect.ismethod(value):
            self._look("method", value.__func__)
            self._look("self", value.__self__)
        elif isinstance(value, staticmethod | classmethod):
            self._look("function", value.__func__)
        elif isinstance(value, property):
            for each in (value.fget, value.fset):
                self._look("property", each)
        elif isinstance(value, types.ModuleType):
            self._say(value.__name__, getattr(value, "__version__", ""))
        elif _is_installed(value):
            self._say(getattr(value, "__module__", ""), getattr(value, "__qualname__", type(value).__qualname__))
        elif isinstance(value, types.FunctionType):
            self._function(value)
        elif isinstance(value, type):
            self._class(value)
        else:
            self._object(value)

    def _object(self, value: Any) -> None:
        """An object counts by its class, and by what it was made with, as far as that is plain or is code."""
        self._look("of", type(value))
        known = self._noted.objects.get(id(value))
        if known is None or known[0] is not value:
            known = value, dict(getattr(value, "__dict__", None) or {})
            if self._noting:
                self._noted.objects[id(value)] = known
        installed = _is_installed(type(value))
        for name, each in sorted(known[1].items(), key=lambda item: str(item[0])):
            if not installed or type(each) in _CONSTANTS or isinstance(each, types.FunctionType | types.MethodType):
                self._look(f"attribute {name}", each)

    def _function(self, fn: types.FunctionType) -> None:
        changed: set[str] = set()
        names: set[str] = set()
        for code in _codes(fn.__code__):
            self._say("code", _code(code))
            names.update(code.co_names)
            if _STORE in code.co_code[::2]:
                changed |= {each.argval for each in dis.get_instructions(code) if each.opcode == _STORE}
        for index, each in enumerate(fn.__defaults__ or ()):
            self._look(f"default {index}", each)
        for name, each in sorted((fn.__kwdefaults__ or {}).items()):
            self._look(f"default {name}", each)
        for name, cell in zip(fn.__code__.co_freevars, fn.__closure__ or ()):
            self._look(f"closure {name}", _content(cell))
        for name in sorted(names - changed):
            if name in fn.__globals__:
                found = fn.__globals__[name]
                self._look(f"global {name}", found)
                if isinstance(found, types.ModuleType) and not _is_installed(found):
                    for each in sorted(names & vars(found).keys()):
                        self._look(f"global {name}.{each}", vars(found)[each])

    def _class(self, cls: type) -> None:
        for base in cls.__bases__:
            self._look("base", base)
        for name, each in sorted(vars(cls).items()):
            if not name.startswith("__") or callable(each) or isinstance(each, staticmethod | classmethod):
                self._look(f"member {name}", each)


def code_digest(code: types.CodeType) -> str:
    """What code does, with the functions in it; of a module everything that stands in its file."""
    parts = [sys.version_info[:2], *(_code(each) for each in _codes(code))]
    return hashlib.sha256(repr(parts).encode("utf-8", "surrogatepass")).hexdigest()


def _codes(code: types.CodeType) -> Iterator[types.CodeType]:
    yield code
    for each in code.co_consts:
        if isinstance(each, types.CodeType):
            yield from _codes(each)


def _code(code: types.CodeType) -> str:
    constants = [_plain(each) for each in code.co_consts if not isinstance(each, types.CodeType)]
    parts = (
        code.co_name, code.co_code.hex(), constants, code.co_names, code.co_varnames, code.co_freevars,
        code.co_argcount, code.co_kwonlyargcount, code.co_flags & _KINDS, getattr(code, "co_exceptiontable", b""),
    )  # fmt: skip
    return repr(parts)


def _plain(value: Any, depth: int = 0) -> str:
    """A constant as a text, the same in each process; of an object in it the class."""
    if type(value) in _CONSTANTS:
        return repr(value)[:_LARGEST]
    if depth > 20 or type(value) not in _CONTAINERS:
        return "..." if value is Ellipsis else f"<{type(value).__module__}.{type(value).__qualname__}>"
    try:
        if isinstance(value, dict):
            some: Any = itertools.islice(value.items(), _ITEMS)
            parts = [f"{_plain(key, depth + 1)}:{_plain(each, depth + 1)}" for key, each in some]
        else:
            parts = [_plain(each, depth + 1) for each in itertools.islice(value, _ITEMS)]
    except RuntimeError:  # it is being filled at the moment
        parts = []
    if isinstance(value, set | frozenset):
        parts.sort()
    return f"{type(value).__name__}{len(value)}({','.join(parts)})"


def _is_filled_later(value: Any) -> bool:
    """Whether a container is empty, or was when it was first seen: what is kept in it makes no other function."""
    known = _empty.get(id(value))
    if known is not value and not value:
        _empty[id(value)] = value
        while len(_empty) > _MOST:
            del _empty[next(iter(_empty))]
    return not value or known is value


def _content(cell: Any) -> Any:
    try:
        return cell.cell_contents
    except ValueError:  # not assigned yet
        return None


def _is_installed(value: Any) -> bool:
    """Whether it comes with Python or with a package, so that its name tells what it is."""
    if isinstance(value, types.BuiltinFunctionType):
        return True
    if isinstance(value, types.ModuleType):
        name = value.__name__
    elif isinstance(value, type | types.FunctionType):
        name = getattr(value, "__module__", None) or ""
    else:
        return False
    module = sys.modules.get(name)
    file = getattr(module, "__file__", None)
    if (
        name == "builtins"
        or name.split(".")[0] == _OURS
        or (module is not None and file is None and name != "__main__")
    ):
        return True
    return bool(file) and str(file).startswith(_INSTALLED)
