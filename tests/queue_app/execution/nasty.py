"""Objects and exceptions that fail in every way in which one can when it is asked for its text, its parts or a copy."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from typing import Any

import blocks_app as gr

RAISED = (ValueError("no"), SystemExit(3), KeyboardInterrupt(), GeneratorExit(), BaseException("base"), MemoryError())


def _raising(error: BaseException) -> Callable[..., Any]:
    def asked(*_: Any) -> Any:
        raise error

    return asked


ANSWERS: dict[str, Callable[..., Any]] = {
    **{f"raises {type(error).__name__}": _raising(error) for error in RAISED},
    "gives None": lambda *_: None,
    "gives a number": lambda *_: 5,
    "gives half a character": lambda *_: "half \ud83d of one",
    "asks itself": lambda self, *_: str(self),
}

_TEXTS = ("__str__", "__repr__")
_PARTS = ("__eq__", "__hash__", "__iter__", "__len__", "__bool__", "__float__", "__index__")
_COPIES = ("__deepcopy__", "__reduce_ex__", "__getstate__")


def nasty(how: str, *bases: type, names: tuple[str, ...] = (*_TEXTS, *_PARTS, *_COPIES)) -> Any:
    """An object (an exception, with such `bases`) whose methods all do `how`."""
    members: dict[str, Any] = dict.fromkeys(names, ANSWERS[how])
    return type("Nasty", bases or (object,), members)()


def errors() -> dict[str, BaseException]:
    """Exceptions to raise."""
    found: dict[str, BaseException] = {}
    for how in ANSWERS:
        found[f"ValueError that {how}"] = nasty(how, ValueError, names=_TEXTS)
        found[f"gr.Error that {how}"] = nasty(how, gr.Error, names=_TEXTS)
    for how in ("raises SystemExit", "gives None", "asks itself"):
        for name in ("__cause__", "__context__", "__traceback__", "__notes__", "__class__", "print_exception"):
            kind = type("Odd", (ValueError,), {name: property(ANSWERS[how])})
            found[f"{name} {how}"] = kind("odd")
        with_title = gr.Error("shown")
        with_title.title = with_title.duration = with_title.visible = nasty(how)
        found[f"title {how}"] = with_title
    found["half a character in an error"] = gr.Error("half \ud83d", title="\udc00")
    found["group"] = ExceptionGroup("several", [nasty("gives None", ValueError, names=_TEXTS), ValueError("two")])
    found["base group"] = BaseExceptionGroup("several", [SystemExit(1), KeyboardInterrupt()])
    found |= {type(error).__name__: error for error in RAISED}
    found |= {"stop": StopIteration(3), "async stop": StopAsyncIteration(3), "cancelled": asyncio.CancelledError()}
    found["warning"] = UserWarning("turned into an error")
    found["endless"] = ValueError("x" * 3_000_000)
    return found


def values() -> dict[str, Any]:
    """Results to return."""
    circular: list[Any] = []
    circular.append(circular)
    ring: dict[str, Any] = {}
    ring["ring"] = [ring]
    deep: Any = []
    for _ in range(5_000):
        deep = [deep]
    odd: dict[str, Any] = {f"object that {how}": nasty(how) for how in ANSWERS}
    for kind in (str, int, float, list, dict, tuple):
        odd[f"{kind.__name__} that raises"] = nasty("raises SystemExit", kind)
    return {
        **odd,
        "half a character": "half \ud83d",
        "half a character in a key": {"\ud83d": ["\udc00"]},
        "set": {1, 2},
        "set of objects": {object()},
        "bytes": b"\xff\x00",
        "circular": circular,
        "ring": ring,
        "deep": deep,
        "huge": 10**5_000,
        "no number": float("nan"),
        "key": {(1, 2): 3, None: 1, object(): 2},
        "class": ValueError,
        "function": errors,
        "generator": (each for each in "ab"),
        "update": gr.update(value={1}, label=nasty("raises SystemExit")),
        "error": nasty("raises ValueError", ValueError),
    }


class Failing(logging.Handler, logging.Filter):
    """A handler, or a filter, of a site that raises whatever it is told."""

    def __init__(self, error: BaseException) -> None:
        logging.Handler.__init__(self)
        self.error = error

    def emit(self, record: logging.LogRecord) -> None:
        """Raise."""
        raise self.error

    def filter(self, record: logging.LogRecord) -> bool:
        """Raise."""
        raise self.error
