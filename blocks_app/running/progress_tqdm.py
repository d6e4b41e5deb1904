"""The loops of the tqdm library inside a function that follows them: each is a bar of the call, also inside another."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextvars import ContextVar
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from blocks_app.running.progress import Progress

#: The Progress of the running call that follows tqdm loops, if its function asked for that.
tracking: ContextVar[Progress | None] = ContextVar("blocks_tqdm", default=None)


def follow() -> None:
    """Make tqdm's bars report to the running call; where no call is tracked they behave as ever."""
    try:
        import tqdm  # optional: only for track_tqdm
    except ImportError as error:
        raise ImportError("gr.Progress(track_tqdm=True) needs the tqdm package: pip install tqdm.") from error
    if getattr(tqdm.std.tqdm, "_follows_blocks", False):
        return
    original = tqdm.std.tqdm.__init__

    def __init__(self: Any, *args: Any, **kwargs: Any) -> None:
        tracked = tracking.get()
        if tracked is not None and kwargs.get("file") in (None, sys.stderr, sys.stdout):
            kwargs["file"] = _Silence()
            kwargs.setdefault("mininterval", 0.05)
        original(self, *args, **kwargs)
        if tracked is not None and not self.disable:
            self._blocks_progress, self._blocks_bar = tracked, tracked._begin_bar()
            _show(self)

    tqdm.std.tqdm.__init__ = __init__
    tqdm.std.tqdm.__iter__ = _stepping(tqdm.std.tqdm.__iter__)
    for name in ("update", "set_description", "set_description_str", "reset"):
        setattr(tqdm.std.tqdm, name, _showing(getattr(tqdm.std.tqdm, name)))
    tqdm.std.tqdm.close = _closing(tqdm.std.tqdm.close)
    tqdm.std.tqdm._follows_blocks = True


def _stepping(original: Callable[[Any], Iterator[Any]]) -> Callable[[Any], Iterator[Any]]:
    def __iter__(self: Any) -> Iterator[Any]:
        steps = getattr(self, "n", 0)
        for item in original(self):
            yield item
            steps += 1
            _show(self, steps)

    return __iter__


def _showing(original: Callable[..., Any]) -> Callable[..., Any]:
    def showing(self: Any, *args: Any, **kwargs: Any) -> Any:
        result = original(self, *args, **kwargs)
        _show(self)
        return result

    return showing


def _closing(original: Callable[[Any], None]) -> Callable[[Any], None]:
    def close(self: Any) -> None:
        tracked = getattr(self, "_blocks_progress", None)
        if tracked is not None:
            self._blocks_progress = None  # first: closing updates the bar once more
            tracked._end_bar(self._blocks_bar)
        original(self)

    return close


def _show(bar: Any, steps: int | None = None) -> None:
    tracked = getattr(bar, "_blocks_progress", None)
    if tracked is None:
        return
    desc = (bar.desc or "").rstrip(": ") or None
    unit = bar.unit if bar.unit != "it" else "steps"
    tracked._show_bar(bar._blocks_bar, bar.n if steps is None else steps, bar.total, unit, desc)


class _Silence:
    """A file that keeps a tracked bar off the console."""

    encoding = "utf-8"

    def write(self, text: str) -> int:
        return len(text)

    def flush(self) -> None:
        pass

    def isatty(self) -> bool:
        return False
