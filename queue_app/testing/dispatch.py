"""What the browser's dispatch does with events and messages, in Python: the heart of the simulated user.

Triggers start runs as their `trigger_mode` allows, ends start followers, and what arrives changes what is seen.
"""

from __future__ import annotations

import asyncio
import json
import os
from dataclasses import dataclass
from typing import Any, TypeVar

from auth_app.identity import Identity
from blocks_app.blocks import Blocks
from blocks_app.listeners.dependency import Dependency
from blocks_app.protocol import encode
from blocks_app.rendering.render_runs import renders_of
from blocks_app.running.request import RequestInfo
from blocks_app.running.updates import apply_edits
from blocks_app.tree.block import Block
from blocks_app.tree.component import Component
from blocks_app.web.registry import Mount
from queue_app.delivery.subscription import Subscription
from queue_app.exceptions import QueueError
from queue_app.execution.engine import Engine
from queue_app.execution.job_factory import Submitter, build_job
from queue_app.tasks import TaskGroup
from queue_app.testing.render import Parts, Seen, Status

B = TypeVar("B", bound=Block)


@dataclass(frozen=True, slots=True)
class Toast:
    """What popped up: `level` is info, warning, success or error."""

    level: str
    text: str
    title: str
    duration: float | None = None


@dataclass(eq=False, slots=True)
class PageRun:
    """One event from its trigger to its end."""

    event_id: str
    dependency: Dependency
    trigger_id: int | None
    last: list[Any] | None = None
    cancelled: bool = False


class PageDispatch:
    """One open page: what is seen on it, what is under way, and what follows from what.

    Attributes:
        demo, mount: the app.
        engine: the queue that serves it.
        session_hash: the tab's session.
        identity: key, name and Django user of the visitor.
        request: what gr.Request shows.
        toasts, errors: what popped up, and the texts of failed events.
        runs: the events that have not ended, by id.
        doubled: whether each message comes twice.
    """

    engine: Engine
    mount: Mount

    def __init__(
        self, demo: Blocks, session_hash: str, identity: tuple[str, str | None, Any], request: RequestInfo
    ) -> None:
        self.demo = demo
        self.session_hash = session_hash
        self.identity = identity
        self.request = request
        self.toasts: list[Toast] = []
        self.errors: list[str | None] = []
        self.runs: dict[str, PageRun] = {}
        self._seen: dict[int, Seen] = {}
        self._parts = Parts(self._seen)
        self._busy: dict[int, int] = {}
        self._endless: set[int] = set()
        self._later: dict[int, tuple[int | None, Any]] = {}
        self._watchers: list[asyncio.Future[None]] = []
        self._tasks = TaskGroup("page user")
        self._number = 0
        self._held: asyncio.Future[None] | None = None
        self.doubled = False

    # Seeing

    def value(self, component: Component) -> Any:
        """The value that the component shows, as it is on the wire."""
        return self._of(component).value

    def prop(self, block: Block, name: str) -> Any:
        """A property of the block as it is now."""
        return self._of(block).props.get(name)

    def history(self, component: Component) -> list[Any]:
        """Every value that the server gave the component, in order: each yield of a stream."""
        return self._of(component).history

    def status(self, component: Component) -> Status:
        """What is shown over the component."""
        return self._of(component).status

    def progress(self, component: Component) -> list[dict[str, Any]]:
        """The bars shown over the component."""
        return self._of(component).progress

    def position(self, component: Component) -> tuple[int, int] | None:
        """Rank (from 0) and length of the queue shown over the component while its event waits."""
        return self._of(component).position

    @property
    def is_busy(self) -> bool:
        """Whether anything is pending apart from events with `every=`."""
        return any(count for number, count in self._busy.items() if number not in self._endless)

    def find(self, kind: type[B], name: str | None = None, index: int = 0) -> B:
        """A block that gr.render has built; see PageUser.find."""
        return self._parts.find(kind, name, index)  # type: ignore[return-value]

    def _of(self, block: Block) -> Seen:
        try:
            return self._seen[block._id]
        except KeyError:
            raise LookupError(f"{block!r} is not on this page.") from None

    def _show(self) -> None:
        self._parts.clear()
        for number, block in self.demo.blocks.items():
            seen = self._seen.setdefault(number, Seen({}))
            seen.props, seen.status, seen.progress, seen.position = block.props(), None, [], None
            if isinstance(block, Component) and not block.stateful:
                seen.value = block.initial_value()

    # Dispatching

    def _fire(self, block_id: int | None, event: str, data: Any) -> None:
        for dependency in [*self.demo.dependencies.values(), *self._parts.dependencies]:
            for target in dependency.targets:
                here = target.block._id if target.block is not None and target.block is not self.demo else None
                if target.event == event and here == block_id and (target.block is not None or block_id is not None):
                    self._trigger(dependency, block_id, data)

    def _trigger(self, dependency: Dependency, trigger_id: int | None, data: Any) -> None:
        number = dependency.id
        if self._busy.get(number) and dependency.trigger_mode != "multiple":
            if dependency.trigger_mode == "always_last":
                self._later[number] = (trigger_id, data)
            return
        self._busy[number] = self._busy.get(number, 0) + 1
        if dependency.every is not None:
            self._endless.add(number)
        for other in dependency.cancels:
            self._cancel(other)
        if dependency.fn is None:
            self._ended(dependency, trigger_id, True)
            return
        values = [None if block.stateful else self._of(block).value for block in dependency.inputs]
        run = PageRun(os.urandom(16).hex(), dependency, trigger_id)
        self.runs[run.event_id] = run
        self._mark(run, "pending")
        self._tasks.start(self._start(run, values, data if dependency.collects_event_data else None))

    async def _start(self, run: PageRun, values: list[Any], event_data: Any) -> None:
        key, username, user = self.identity
        who = Submitter(self.mount, Identity(key, username, user), self.request)
        job = build_job(
            who,
            run.dependency,
            values,
            self.session_hash,
            event_id=run.event_id,
            event_data=event_data,
            trigger_id=run.trigger_id,
        )
        try:
            if run.dependency.rendered_in is not None:
                await self.engine.rendered(job)  # as the doors do
            if run.dependency.queue:
                await self.engine.submit(job)
            else:
                completed = await self.engine.run_direct(job)
                self._completed(run, json.loads(encode(completed.output)), completed.success)
        except QueueError as refusal:
            self._completed(run, {"error": str(refusal)}, success=False)
        self._changed()

    def _cancel(self, number: int) -> None:
        self._later.pop(number, None)
        for run in self.runs.values():
            if run.dependency.id == number and not run.cancelled:
                run.cancelled = True
                self._tasks.start(self.engine.cancel(self.session_hash, run.event_id))

    def _ended(self, dependency: Dependency, trigger_id: int | None, success: bool) -> None:
        number = dependency.id
        self._busy[number] -= 1
        for follower in [*self.demo.dependencies.values(), *self._parts.followers]:
            if follower.trigger_after != number:
                continue
            if not (follower.trigger_only_on_failure if success else follower.trigger_only_on_success):
                self._trigger(follower, trigger_id, None)
        later = self._later.pop(number, None)
        if later is not None:
            self._trigger(self._parts.successor(dependency), *later)

    # Receiving

    async def _read(self, reader: Subscription) -> None:
        try:
            async for batch in reader:
                for entry in batch + batch if self.doubled else batch:
                    if entry.number <= self._number:
                        continue  # it came twice; the page knows it by its number
                    while self._held is not None:
                        await asyncio.shield(self._held)
                    self._number = entry.number
                    message = json.loads(entry.message)
                    run = self.runs.get(message.get("event_id"))
                    if run is not None:
                        self._apply(run, message, bool(entry.diff))
                self.engine.session(self.session_hash).outbox.ack(self._number)
                self._changed()
        finally:
            reader.close()

    def _apply(self, run: PageRun, message: dict[str, Any], diff: bool) -> None:
        kind = message["msg"]
        outputs = [self._seen[block._id] for block in run.dependency.outputs if block._id in self._seen]
        if kind == "estimation":
            for seen in outputs:
                seen.position = (message["rank"], message["queue_size"])
        elif kind == "progress":
            for seen in outputs:
                seen.progress = message["progress_data"]
        elif kind == "process_starts":
            for seen in outputs:
                seen.position = None
        elif kind == "log" and message["visible"]:
            self.toasts.append(Toast(message["level"], message["log"], message["title"], message["duration"]))
        elif kind == "process_generating":
            data = message["output"]["data"]
            if diff:
                data = [apply_edits(old, edits) for old, edits in zip(run.last or [], data, strict=True)]
            run.last = data
            self._put(run, data)
            self._mark(run, "generating")
        elif kind == "process_completed":
            self._completed(run, message["output"], message["success"])

    def _completed(self, run: PageRun, output: dict[str, Any], success: bool) -> None:
        if self.runs.pop(run.event_id, None) is None:
            return
        if success and output.get("render_config"):
            self._graft(output["render_config"])
            self._mark(run, None)
        elif success:
            self._put(run, output["data"], final=True)
            self._mark(run, None)
            for number in output.get("changed_state_ids") or ():
                self._fire(number, "change", None)
        else:
            self.errors.append(output["error"])
            if output["error"] is not None and output.get("visible", True):
                self.toasts.append(
                    Toast("error", output["error"], output.get("title") or "Error", output.get("duration"))
                )
            self._mark(run, "error")
        self._ended(run.dependency, run.trigger_id, success)

    def _graft(self, config: dict[str, Any]) -> None:
        """A part of the page was built: what is new in it appears, and hears that the page has loaded."""
        renders = renders_of(self.engine.session(self.session_hash).state)
        given, listeners = self._parts.graft(config, renders)
        for number in given:
            self._fire(number, "change", None)
        for dependency in listeners:
            if any(target.event == "load" and target.block is self.demo for target in dependency.targets):
                self._trigger(dependency, None, None)

    def _put(self, run: PageRun, data: list[Any], final: bool = False) -> None:
        repeated = final and data == run.last  # the end of a stream says its last values once more
        for block, value in zip(run.dependency.outputs, data, strict=False):
            if block._id in self._seen and not repeated and not getattr(block, "stateful", False):
                self._receive(block, value)

    def _receive(self, block: Block, value: Any) -> None:
        seen = self._seen[block._id]
        if isinstance(value, dict) and value.get("__type__") == "update":
            changes = {name: given for name, given in value.items() if name not in ("__type__", "value")}
            seen.props.update(changes)
            if "value" not in value:
                return
            value = value["value"]
        changed = seen.value != value
        seen.value = value
        seen.history.append(value)
        if changed:
            self._fire(block._id, "change", None)

    def _mark(self, run: PageRun, status: Status) -> None:
        for block in run.dependency.outputs:
            seen = self._seen.get(block._id)
            if seen is None:
                continue  # its part of the page was built anew meanwhile
            seen.status = status
            if status in (None, "error"):
                seen.progress, seen.position = [], None

    def _changed(self) -> None:
        watchers, self._watchers = self._watchers, []
        for watcher in watchers:
            if not watcher.done():
                watcher.set_result(None)
