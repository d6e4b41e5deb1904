"""Progress: bars over the outputs of a running function."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator, Sized
from contextvars import ContextVar
from typing import Any

from blocks_app import reporting
from blocks_app.annotations import asked_for
from blocks_app.jsonable import number
from blocks_app.protocol import ProgressUnit

#: The Progress of the running call that follows tqdm loops, if its function asked for that.
tracking: ContextVar[Progress | None] = ContextVar("blocks_tqdm", default=None)


@asked_for
class Progress:
    """A default argument `progress=gr.Progress()` of a function: call it to show how far the function is.

    With `track_tqdm=True` the loops of the tqdm library inside the function show themselves.
    """

    _injected_progress = True

    def __init__(self, track_tqdm: bool = False) -> None:
        self.track_tqdm = track_tqdm
        self._units: list[ProgressUnit] = []
        if track_tqdm:
            _follow_tqdm()

    def for_call(self) -> Progress:
        """A fresh one for one call."""
        fresh = Progress()
        fresh.track_tqdm = self.track_tqdm
        return fresh

    def __call__(
        self,
        progress: float | tuple[int, int | None] | None,
        desc: str | None = None,
        total: int | None = None,
        unit: str = "steps",
        _tqdm: Any = None,
    ) -> float | tuple[int, int | None] | None:
        """Show progress: a share between 0 and 1, a pair (steps done, steps in all), or None to hide the bar.

        Args:
            progress: how far.
            desc: what is going on, shown before the numbers.
            total: steps in all, when `progress` is the number done.
            unit: what a step is called.
        """
        if progress is None:
            self._tell([*self._units, ProgressUnit()] if self._units else [])
            return None
        if isinstance(progress, tuple):
            index, length = progress
            current = ProgressUnit(index=number(index), length=number(length), unit=unit, desc=desc)
        elif total is not None:
            current = ProgressUnit(index=number(progress), length=number(total), unit=unit, desc=desc)
        else:
            current = ProgressUnit(progress=number(progress), unit=unit, desc=desc)
        self._tell([*self._units, current])
        return progress

    def tqdm(
        self,
        iterable: Iterable[Any] | None,
        desc: str | None = None,
        total: int | None = None,
        unit: str = "steps",
        _tqdm: Any = None,
    ) -> Iterator[Any]:
        """Iterate and show each step; loops inside one another show a bar each.

        Args:
            iterable: what to go through.
            desc: what is going on, shown before the numbers.
            total: steps in all, where `iterable` has no length.
            unit: what a step is called.
            _tqdm: not used; Gradio has it.
        """
        if iterable is None:
            return
        length = number(total) if total is not None else len(iterable) if isinstance(iterable, Sized) else None
        level = len(self._units)
        self._units.append(ProgressUnit(index=0, length=length, unit=unit, desc=desc))
        try:
            self._tell(self._units)
            for index, item in enumerate(iterable, start=1):
                yield item
                self._units[level] = ProgressUnit(index=index, length=length, unit=unit, desc=desc)
                self._tell(self._units)
        finally:
            del self._units[level:]

    def _tell(self, units: list[ProgressUnit]) -> None:
        report = reporting.current.get()
        if report is not None:
            report.progress(list(units))


def _follow_tqdm() -> None:
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
        self._blocks_progress = tracked
        if tracked is not None:
            _show(self)

    tqdm.std.tqdm.__init__ = __init__
    _after(tqdm.std.tqdm, "__iter__", iterates=True)
    _after(tqdm.std.tqdm, "update")
    _after(tqdm.std.tqdm, "set_description")
    tqdm.std.tqdm._follows_blocks = True


def _after(cls: Any, name: str, iterates: bool = False) -> None:
    original = getattr(cls, name)

    def stepping(self: Any) -> Iterator[Any]:
        for item in original(self):
            yield item
            if getattr(self, "_blocks_progress", None) is not None:
                self._blocks_steps = getattr(self, "_blocks_steps", 0) + 1
                _show(self, self._blocks_steps)

    def calling(self: Any, *args: Any, **kwargs: Any) -> Any:
        result = original(self, *args, **kwargs)
        if getattr(self, "_blocks_progress", None) is not None:
            _show(self)
        return result

    setattr(cls, name, stepping if iterates else calling)


def _show(bar: Any, steps: int | None = None) -> None:
    index = bar.n if steps is None else steps
    desc = (bar.desc or "").rstrip(": ") or None
    bar._blocks_progress((index, bar.total), desc=desc, unit=bar.unit if bar.unit != "it" else "steps")


class _Silence:
    """A file that keeps a tracked bar off the console."""

    encoding = "utf-8"

    def write(self, text: str) -> int:
        return len(text)

    def flush(self) -> None:
        pass

    def isatty(self) -> bool:
        return False
