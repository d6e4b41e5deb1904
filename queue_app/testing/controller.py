"""What the messages of the server change on a simulated page, and what it asks of the server.

A port of the page's own (blocks_app/frontend/controller.ts, apply.ts and tree.ts). As in a browser, what one message
causes happens in steps: its values are all in place before anybody hears of a change.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Mapping
from itertools import repeat
from typing import Any, Protocol

from blocks_app.running.updates import apply_edits
from queue_app.testing.dispatch import Dispatcher, DispatchListener, PageRun
from queue_app.testing.render import Parts
from queue_app.testing.seen import STATE, TELLS_ALL, Seen, Status, Toast
from queue_app.testing.typed import TYPED, Basis, merged, merged_message, same


class PageServer(Protocol):
    """What a page asks of the server, and whom it tells that something may have changed."""

    def submit(self, run: PageRun, data: list[Any], event_data: Any) -> None:
        """Take an event to the server."""

    def cancel(self, run: PageRun) -> None:
        """Ask the server to stop an event."""

    def settled(self) -> None:
        """All that a click or a message does has been done."""


class PageController:
    """One open page: what is seen on it, what is under way, and what follows from what.

    Attributes:
        toasts, errors: what popped up, and the texts of failed events.
        seen: the blocks that are there, by number.
        parts: what gr.render has built.
    """

    def __init__(self, server: PageServer) -> None:
        """Start without anything to see."""
        self._server = server
        self.toasts: list[Toast] = []
        self.errors: list[str | None] = []
        self.seen: dict[int, Seen] = {}
        self.parts = Parts(self.seen)
        self._dispatcher = Dispatcher(self, -1, (), ())
        self._states: dict[PageRun, Status] = {}
        self._steps: deque[Callable[[], None]] = deque()
        self._redrawn: list[int] = []

    # Coming

    @property
    def runs(self) -> dict[str, PageRun]:
        """The events that have not ended, by id."""
        return self._dispatcher.runs

    @property
    def is_busy(self) -> bool:
        """Whether anything is pending apart from events with `every=`."""
        return self._dispatcher.is_busy

    @property
    def lasting(self) -> list[PageRun]:
        """The runs that go on when the page is loaded anew: what skips the queue is lost with its request."""
        return [run for run in self.runs.values() if run.listener.queue is not False]

    def resume(self, runs: Iterable[PageRun]) -> None:
        """Go on with events that were open when the page was loaded anew."""
        for run in runs:
            self._dispatcher.resume(run)

    def show(self, blocks: Mapping[int, Seen], listeners: Iterable[dict[str, Any]], root: int) -> None:
        """The page is loaded (anew): it shows these blocks, and has these listeners, as its config says them."""
        self.parts.clear()
        for number, seen in blocks.items():
            if number in self.seen:
                seen.history = self.seen[number].history
            self.seen[number] = seen
        self._states.clear()
        self._steps.clear()
        self._redrawn.clear()
        self._dispatcher = Dispatcher(self, root, blocks, map(DispatchListener.of, listeners))

    def happen(self, block: int | None, event: str, data: Any = None) -> None:
        """Something happened on a block (or, without one, on the page: "load")."""
        self._dispatcher.fire(block, event, data)
        self.settle()

    def enter(self, number: int, value: Any) -> None:
        """The visitor enters a value: it is there before its events are told."""
        seen = self.seen[number]
        changed = not same(value, seen.value)
        seen.value, seen.problem = value, None
        for event in ("change", "input") if changed else ("input",):
            self._dispatcher.fire(number, event)
        self.settle()

    # What the dispatcher asks for

    def value(self, number: int) -> Any:
        """What a block shows; None for one that is not there, and for a State."""
        seen = self.seen.get(number)
        return seen.value if seen is not None else None

    def submit(self, run: PageRun, data: list[Any], event_data: Any) -> None:
        """Ask the server."""
        run.basis = [self._basis(number) for number in run.listener.outputs]
        self._server.submit(run, data, event_data)

    def cancel(self, run: PageRun) -> None:
        """Ask the server to stop a run."""
        self._server.cancel(run)

    def begin(self, run: PageRun) -> None:
        """Show that a run has begun."""
        for number in run.listener.inputs:
            if number in self.seen:
                self.seen[number].problem = None
        self._status(run, "pending")

    def soon(self, step: Callable[[], None]) -> None:
        """Go on when the code that is running has come to its end."""
        self._steps.append(step)

    def settle(self) -> None:
        """The end of what one click or message does: what waits for that goes on, then what was redrawn tells of it."""
        while self._steps or self._redrawn:
            if self._steps:
                self._steps.popleft()()
                continue
            redrawn, self._redrawn = self._redrawn, []
            for number in redrawn:
                if number in self.seen:
                    self.seen[number].problem = None
                self._dispatcher.fire(number, "change")
        self._server.settled()

    # What the server says

    def messages(self, batch: Iterable[tuple[dict[str, Any], bool]]) -> None:
        """Messages that come together: each, and whether its values are differences."""
        for message, diff in batch:
            run = self.runs.get(message.get("event_id") or "")
            if run is not None:
                self._message(run, message, diff)
        self.settle()

    def answered(self, run: PageRun, output: dict[str, Any], success: bool) -> None:
        """The end of a run that skipped the queue."""
        mine = self.runs.get(run.event_id)
        if mine is not None:
            self._completed(mine, output, success)
        self.settle()

    def failed(self, run: PageRun, error: str) -> None:
        """The server did not take a run, or has lost it."""
        self.answered(run, {"error": error}, success=False)

    def invalid(self, run: PageRun, error: str, problems: list[dict[str, Any]]) -> None:
        """Some inputs may not pass: the function does not run, and each of them says why."""
        self.errors.append(error)
        for number, problem in zip(run.listener.inputs, problems, strict=False):
            if number in self.seen:
                self.seen[number].problem = None if problem["is_valid"] else problem["message"]
        self._status(run, None)
        self._dispatcher.finish(run, success=False)
        self.settle()

    def _message(self, run: PageRun, message: dict[str, Any], diff: bool) -> None:
        kind = message["msg"]
        if kind == "estimation":
            run.rank, run.size = message["rank"], message["queue_size"]
            self._status(run, "pending")
        elif kind == "process_starts":
            run.rank, run.size, run.units = None, None, []
            self._status(run, "pending")
        elif kind == "progress":
            run.units = message["progress_data"]
            self._status(run, "pending")
        elif kind == "log" and message.get("visible", True):
            self.toasts.append(Toast(message["level"], message["log"], message["title"], message["duration"]))
        elif kind == "process_generating":
            data = message["output"]["data"]
            if diff:
                data = [apply_edits(old, edits) for old, edits in zip(run.last or [], data, strict=True)]
            run.last = data
            self._output(run, data)
            self._status(run, "generating")
        elif kind == "process_completed":
            self._completed(run, message["output"], message["success"])

    def _completed(self, run: PageRun, output: dict[str, Any], success: bool) -> None:
        states = output.get("changed_state_ids") or ()
        if not success:
            self._fail(run, output)
        elif output.get("render_config"):
            self._graft(run, output["render_config"], states)
        else:
            data = output.get("data") or []
            self._output(run, data, again=data == run.last)  # the end of a stream says its last values once more
            self._status(run, None)
            self._dispatcher.finish(run, True, states)

    def _fail(self, run: PageRun, output: dict[str, Any]) -> None:
        error = output.get("error")
        self.errors.append(error)
        if error is not None and output.get("visible", True):
            self.toasts.append(Toast("error", error, output.get("title") or "Error", output.get("duration")))
        self._status(run, "error")
        self._dispatcher.finish(run, success=False)

    def _graft(self, run: PageRun, part: dict[str, Any], states: Iterable[int]) -> None:
        """A part of the page was built: what is new in it appears, and hears that the page has loaded."""
        listeners = self._dispatcher.graft(part)
        for number, value in self.parts.graft(part):
            self._receive(number, value)

        def end() -> None:
            self._dispatcher.load(listeners)
            self._status(run, None)
            self._dispatcher.finish(run, True, states)

        self.soon(end)

    # What is seen

    def _output(self, run: PageRun, data: list[Any], again: bool = False) -> None:
        waits = self._dispatcher.waits(run.listener)
        for number, value, basis in zip(run.listener.outputs, data, run.basis or repeat(None), strict=False):
            self._receive(number, value, basis, waits, again)

    def _receive(
        self, number: int, result: Any, basis: Basis | None = None, waits: bool = False, again: bool = False
    ) -> None:
        """A result for a block: a wire value, or an update of its options.

        Args:
            number: the block.
            result: what came.
            basis: what was in the block when the function was asked.
            waits: whether it will be asked anew with what is there now.
            again: whether the same has come before.
        """
        seen = self.seen.get(number)
        if seen is None or seen.kind == STATE:
            return
        if isinstance(result, dict) and result.get("__type__") == "update":
            seen.props.update({name: given for name, given in result.items() if name not in ("__type__", "value")})
            if "value" not in result:
                return
            result = result["value"]
        if not again:
            seen.history.append(result)
        since = basis is not None and basis.given == seen.given and not same(basis.value, seen.value)
        merge = merged_message if seen.kind == "multimodaltextbox" else merged
        shown = merge(basis.value, result, seen.value) if basis is not None and since else result
        seen.given += 1
        if basis is not None:
            basis.value, basis.given = result, seen.given
        if since and waits:
            return
        if seen.kind in TELLS_ALL or not same(shown, seen.value):
            self._redrawn.append(number)
        seen.value = shown

    def _basis(self, number: int) -> Basis | None:
        seen = self.seen.get(number)
        return Basis(seen.value, seen.given) if seen is not None and seen.kind in TYPED else None

    def _status(self, run: PageRun, state: Status) -> None:
        """Show how a run stands over its outputs; where it has ended, another one may still be busy."""
        if state in ("pending", "generating"):
            self._states[run] = state
        else:
            self._states.pop(run, None)
        listener = run.listener
        if listener.show_progress == "hidden":
            return
        for number in listener.outputs if listener.show_progress_on is None else listener.show_progress_on:
            seen = self.seen.get(number)
            if seen is None:
                continue  # its part of the page was built anew meanwhile
            others = ((each, what) for each, what in self._states.items() if number in each.listener.outputs)
            shown, seen.status = (run, state) if state is not None else next(others, (run, None))
            ended = seen.status in (None, "error")
            seen.progress = [] if ended else shown.units
            seen.position = None if ended or shown.rank is None else (shown.rank, shown.size or 0)
