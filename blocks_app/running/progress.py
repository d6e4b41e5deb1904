"""Progress: bars over the outputs of a running function."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sized
from typing import Any

from blocks_app.functions.annotations import asked_for
from blocks_app.jsonable import number
from blocks_app.protocol import ProgressUnit
from blocks_app.running import notifications, progress_tqdm


class ProgressBar:
    """One of the bars that are shown inside one another."""

    __slots__ = ("unit",)

    def __init__(self) -> None:
        self.unit = ProgressUnit(index=0)


@asked_for
class Progress:
    """A default argument `progress=gr.Progress()` of a function: call it to show how far the function is.

    With `track_tqdm=True` the loops of the tqdm library inside the function show themselves.
    """

    _injected_progress = True

    def __init__(self, track_tqdm: bool = False) -> None:
        self.track_tqdm = track_tqdm
        self.bars: list[ProgressBar] = []
        if track_tqdm:
            progress_tqdm.follow()

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
            self._report(ProgressUnit() if self.bars else None)
            return None
        if isinstance(progress, tuple):
            index, length = progress
            current = ProgressUnit(index=number(index), length=number(length), unit=unit, desc=desc)
        elif total is not None:
            current = ProgressUnit(index=number(progress), length=number(total), unit=unit, desc=desc)
        else:
            current = ProgressUnit(progress=number(progress), unit=unit, desc=desc)
        self._report(current)
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
        bar = self._begin_bar()
        try:
            self._show_bar(bar, 0, length, unit, desc)
            for index, item in enumerate(iterable, start=1):
                yield item
                self._show_bar(bar, index, length, unit, desc)
        finally:
            self._end_bar(bar)

    def _begin_bar(self) -> ProgressBar:
        """A bar inside those that are shown now."""
        bar = ProgressBar()
        self.bars.append(bar)
        return bar

    def _show_bar(self, bar: ProgressBar, index: float, length: float | None, unit: str, desc: str | None) -> None:
        """Say how far a bar is; all bars are told, from the outermost on."""
        bar.unit = ProgressUnit(index=number(index), length=number(length), unit=unit, desc=desc)
        self._report()

    def _end_bar(self, bar: ProgressBar) -> None:
        """A loop has ended, and with it those inside it."""
        if bar in self.bars:
            del self.bars[self.bars.index(bar) :]

    def _report(self, last: ProgressUnit | None = None) -> None:
        report = notifications.current.get()
        if report is not None:
            units = [bar.unit for bar in self.bars]
            report.progress(units if last is None else [*units, last])
