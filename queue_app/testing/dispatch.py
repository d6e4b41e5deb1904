"""Events -> runs of listeners: which listen, when they may start, what they get, and what follows them.

A port of the page's own (blocks_app/frontend/dispatch.ts and grafting.ts), from the same config. The scenarios in
tests/dispatch/ run against both, so that they stay the same.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, fields
from typing import Any, Protocol, Self

from queue_app.testing.typed import Basis


@dataclass(frozen=True, slots=True)
class DispatchListener:
    """What the page's config says of a listener, as far as dispatching goes."""

    id: int
    targets: Sequence[Sequence[Any]]
    inputs: Sequence[int]
    outputs: Sequence[int]
    backend_fn: bool
    queue: bool | None
    api_name: str | bool | None
    show_progress: str
    cancels: Sequence[int]
    collects_event_data: bool
    trigger_after: int | None
    trigger_only_on_success: bool
    trigger_mode: str | None
    trigger_only_on_failure: bool = False
    show_progress_on: Sequence[int] | None = None
    every: float | None = None
    rendered_in: int | None = None
    render_id: int | None = None

    @classmethod
    def of(cls, config: dict[str, Any]) -> Self:
        """From its entry in a config's `dependencies`."""
        return cls(**{each.name: config[each.name] for each in fields(cls) if each.name in config})

    def is_like(self, other: DispatchListener) -> bool:
        """Whether the other was there before: it has the same triggers, which only blocks with a key can."""
        mine, others = ([list(target) for target in each.targets] for each in (self, other))
        return self.api_name == other.api_name and mine == others


@dataclass(eq=False, slots=True)
class PageRun:
    """One run of a listener, from its trigger to its end.

    Attributes:
        last: the values of the last yield.
        basis: what was in its outputs when it was asked, and since then the last that it gave them.
        rank, size, units: what is shown over its outputs while it waits and runs.
    """

    event_id: str
    listener: DispatchListener
    trigger_id: int | None
    last: list[Any] | None = None
    cancelled: bool = False
    basis: list[Basis | None] = field(default_factory=list)
    rank: int | None = None
    size: int | None = None
    units: list[dict[str, Any]] = field(default_factory=list)


class DispatchHost(Protocol):
    """What a run needs from the rest of the page."""

    def value(self, number: int) -> Any:
        """What the block with this number shows; None for one that is not there, and for a State."""

    def begin(self, run: PageRun) -> None:
        """Show that a run has begun."""

    def submit(self, run: PageRun, data: list[Any], event_data: Any) -> None:
        """Ask the server."""

    def cancel(self, run: PageRun) -> None:
        """Ask the server to stop a run."""

    def soon(self, step: Callable[[], None]) -> None:
        """Go on when the code that is running has come to its end, as a browser does after an `await`."""


class Dispatcher:
    """The listeners of one open page, and their runs.

    Attributes:
        runs: those that have not ended, by event id.
        by_id: everything that listens now.
    """

    def __init__(
        self, host: DispatchHost, root: int, blocks: Iterable[int], listeners: Iterable[DispatchListener]
    ) -> None:
        """Listen on a page.

        Args:
            host: the page.
            root: the number of the whole page, which loads.
            blocks: the numbers of all that is in it.
            listeners: what listens.
        """
        self._host, self._root = host, root
        self.runs: dict[str, PageRun] = {}
        self.by_id: dict[int, DispatchListener] = {}
        self._by_target: dict[tuple[int | None, str], list[DispatchListener]] = {}
        self._followers: dict[int, list[DispatchListener]] = {}
        self._blocks: set[int] = set()
        #: Listeners that took the place of others which are under way: what waits for those starts these.
        self._successors: dict[int, DispatchListener] = {}
        #: Per part, the listeners of the run before the last: their chains may still be under way.
        self._replaced: dict[int, list[int]] = {}
        #: The latest trigger that arrived while its always_last listener ran.
        self._waiting: dict[int, tuple[int | None, Any]] = {}
        self._busy: dict[int, int] = {}
        self._endless: set[int] = set()
        self._add(blocks, listeners)

    @property
    def is_busy(self) -> bool:
        """Whether anything is pending apart from events with `every=`."""
        return any(count for number, count in self._busy.items() if number not in self._endless)

    def waits(self, listener: DispatchListener) -> bool:
        """Whether a listener will run anew as soon as it has ended, with the values of then."""
        return listener.id in self._waiting

    def fire(self, block: int | None, event: str, data: Any = None) -> None:
        """Something happened on a block (or, without one, on the page: "load")."""
        for listener in self._by_target.get((block, event), []):
            self.trigger(listener, block, data)

    def resume(self, run: PageRun) -> bool:
        """Go on with a run that was open when the page was loaded anew; False when its listener is not there."""
        listener = self.by_id.get(run.listener.id)
        if listener is None:
            return False
        self._busy[listener.id] = self._busy.get(listener.id, 0) + 1
        self._open(listener, run.trigger_id, run.event_id)
        return True

    def finish(self, run: PageRun, success: bool, changed_states: Iterable[int] = ()) -> None:
        """A run is over: let the next one start, and its followers."""
        if self.runs.pop(run.event_id, None) is None:
            return
        for number in changed_states:
            self.fire(number, "change")
        self._ended(run.listener, run.trigger_id, success)

    def trigger(self, listener: DispatchListener, trigger_id: int | None, data: Any = None) -> None:
        """Start a listener if its trigger_mode allows."""
        number = listener.id
        if self._busy.get(number) and listener.trigger_mode != "multiple":
            if listener.trigger_mode == "always_last":
                self._waiting[number] = (trigger_id, data)
            return
        self._busy[number] = self._busy.get(number, 0) + 1
        if listener.every is not None:
            self._endless.add(number)
        for other in listener.cancels:
            self._cancel(other)
        values = [self._host.value(block) for block in listener.inputs]
        self._host.soon(lambda: self._start(listener, trigger_id, data, values))

    def _start(self, listener: DispatchListener, trigger_id: int | None, data: Any, values: list[Any]) -> None:
        if not listener.backend_fn:
            self._ended(listener, trigger_id, True)
            return
        run = self._open(listener, trigger_id, os.urandom(16).hex())
        self._host.submit(run, values, data if listener.collects_event_data else None)

    def _open(self, listener: DispatchListener, trigger_id: int | None, event_id: str) -> PageRun:
        run = self.runs[event_id] = PageRun(event_id, listener, trigger_id)
        self._host.begin(run)
        return run

    def _cancel(self, number: int) -> None:
        self._waiting.pop(number, None)
        for run in list(self.runs.values()):
            if run.listener.id == number and not run.cancelled:
                run.cancelled = True
                self._host.cancel(run)

    def _ended(self, listener: DispatchListener, trigger_id: int | None, success: bool) -> None:
        number = listener.id
        self._busy[number] = max(0, self._busy.get(number, 1) - 1)
        for follower in self._followers.get(number, []):
            if not (follower.trigger_only_on_failure if success else follower.trigger_only_on_success):
                self.trigger(follower, trigger_id)
        waiting = self._waiting.pop(number, None)
        successor = self._successors.get(number, listener)
        if not self._busy[number]:
            self._successors.pop(number, None)
        if waiting is not None:
            self.trigger(successor, *waiting)

    # Parts that gr.render has built

    def graft(self, part: dict[str, Any]) -> list[DispatchListener]:
        """The listeners of a part that was built (anew) take the place of its earlier ones; chains under way go on.

        Args:
            part: the `render_config` of a message.
        """
        number: int = part["render_id"]
        listeners = [DispatchListener.of(each) for each in part["dependencies"]]
        before = self._within(number)
        gone = {each.id for each in before}
        for each in before:
            del self.by_id[each.id]
            following = next((other for other in listeners if each.is_like(other)), None)
            if following is not None and self._busy.get(each.id):
                self._successors[each.id] = following
        for target, listening in self._by_target.items():
            self._by_target[target] = [each for each in listening if each.id not in gone]
        for earlier in self._replaced.get(number, ()):
            self._followers.pop(earlier, None)
        self._replaced[number] = list(gone)
        self._add((each["id"] for each in part["components"]), listeners)
        return listeners

    def load(self, listeners: Iterable[DispatchListener]) -> None:
        """The page has loaded: told to the listeners of a part, which came later."""
        for listener in listeners:
            if any(event == "load" and block == self._root for block, event in listener.targets):
                self.trigger(listener, None)

    def _within(self, part: int) -> list[DispatchListener]:
        """The listeners of a part, and of the parts inside it."""
        own = [each for each in self.by_id.values() if each.rendered_in == part]
        inner = [each.render_id for each in own if each.render_id is not None]
        return own + [each for number in inner for each in self._within(number)]

    def _add(self, blocks: Iterable[int], listeners: Iterable[DispatchListener]) -> None:
        self._blocks.update(blocks)
        for listener in listeners:
            self.by_id[listener.id] = listener
            if listener.trigger_after is not None:
                self._followers.setdefault(listener.trigger_after, []).append(listener)
            for block, event in listener.targets:
                target = (block if block in self._blocks else None, event)
                self._by_target.setdefault(target, []).append(listener)
