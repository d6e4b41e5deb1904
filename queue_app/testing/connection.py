"""What a simulated page asks of the engine, and what comes back: in the place of a browser's socket."""

from __future__ import annotations

import asyncio
import json
from typing import TYPE_CHECKING, Any

from blocks_app.protocol import encode
from blocks_app.rendering.render_runs import renders_of
from blocks_app.running.updates import NO_CHANGE
from queue_app.exceptions import EventCancelled, InvalidInputs, QueueError
from queue_app.execution.job_factory import Submitter, build_job
from queue_app.tasks import TaskGroup
from queue_app.testing.controller import PageController

if TYPE_CHECKING:
    from collections.abc import Callable

    from blocks_app.listeners.dependency import Dependency
    from blocks_app.rendering.render_runs import Renders
    from blocks_app.tree.block import Block
    from queue_app.delivery.sequenced_message import SequencedMessage
    from queue_app.delivery.subscription import Subscription
    from queue_app.execution.engine import Engine
    from queue_app.execution.job import Listener
    from queue_app.testing.dispatch import PageRun


def parts_here(engine: Any, session_hash: str) -> Renders | None:
    """What gr.render has built for a session, where that is in this process; None with an engine that has workers."""
    session = getattr(engine, "session", None)
    return None if session is None else renders_of(session(session_hash).state)


class EngineConnection:
    """Carries the events of one page to the engine and its messages to the page.

    Attributes:
        page: what the messages change.
        number: of the last message seen.
        doubled: whether each message comes twice.
        tasks: what is under way.
        built: the blocks that gr.render has built, by number.
    """

    def __init__(self, session_hash: str, who: Submitter, engine: Callable[[], Engine]) -> None:
        """Connect a page.

        Args:
            session_hash: the tab's session.
            who: the visitor.
            engine: gives the queue that serves the page, from inside the loop.
        """
        self.page = PageController(self)
        self.number = 0
        self.doubled = False
        self.built: dict[int, Block] = {}
        self.tasks = TaskGroup("page user")
        self._session_hash, self._who, self._engine = session_hash, who, engine
        self._after: dict[str, int] = {}
        self._held: asyncio.Future[None] | None = None
        self._watchers: list[asyncio.Future[None]] = []

    # What the page asks for

    def submit(self, run: PageRun, data: list[Any], event_data: Any) -> None:
        """Take an event to the engine."""
        self._after[run.event_id] = self.number
        self.tasks.start(self._submit(run, data, event_data))

    def cancel(self, run: PageRun) -> None:
        """Ask the engine to stop an event."""
        self.tasks.start(self._engine().cancel(self._session_hash, run.event_id))

    def settled(self) -> None:
        """Something may have changed: who waits for that looks again."""
        watchers, self._watchers = self._watchers, []
        for watcher in watchers:
            if not watcher.done():
                watcher.set_result(None)

    def listener(self, number: int) -> Dependency | None:
        """The listener with this number, of the app or of a part that was built."""
        found: Dependency | None = self._who.mount.blocks.dependencies.get(number)
        parts = parts_here(self._engine(), self._session_hash)
        return found if found is not None or parts is None else parts.find(number)

    async def _submit(self, run: PageRun, data: list[Any], event_data: Any) -> None:
        engine, page = self._engine(), self.page
        ids = {"event_id": run.event_id, "event_data": event_data, "trigger_id": run.trigger_id}
        try:
            listener: Listener | int = self._who.mount.blocks.dependencies.get(run.listener.id, run.listener.id)
            if isinstance(listener, int):  # as the endpoints do
                listener = await engine.rendered(build_job(self._who, listener, data, self._session_hash))
            job = build_job(self._who, listener, data, self._session_hash, **ids)
            if run.listener.queue:
                await engine.submit(job)
            else:
                completed = await engine.run_direct(job)
                output = json.loads(encode(completed.output))
                page.answered(run, output, completed.success)
                if output.get("render_config"):
                    self._keep_parts()
        except EventCancelled as refusal:
            if run.cancelled:
                page.answered(run, {"data": [dict(NO_CHANGE) for _ in run.listener.outputs]}, success=True)
            else:
                page.failed(run, str(refusal))
        except InvalidInputs as refusal:
            page.invalid(run, str(refusal), refusal.problems)
        except QueueError as refusal:
            page.failed(run, str(refusal))
        self.settled()

    # What comes back

    def earliest(self, runs: list[PageRun]) -> int:
        """The number after which all messages of these events come."""
        return min((self._after.get(run.event_id, self.number) for run in runs), default=self.number)

    async def read(self, subscription: Subscription) -> None:
        """Hand the session's messages to the page, batch by batch, until the subscription ends."""
        try:
            async for batch in subscription:
                while self._held is not None:
                    await asyncio.shield(self._held)
                self._take([*batch, *batch] if self.doubled else batch)
                subscription.acknowledge(self.number)
        finally:
            subscription.close()

    def _take(self, batch: list[SequencedMessage]) -> None:
        taken = []
        for entry in batch:
            if entry.number <= self.number:
                continue  # it came twice; the page knows it by its number
            self.number = entry.number
            taken.append((json.loads(entry.message), bool(entry.diff)))
        self.page.messages(taken)
        if any(
            isinstance(message.get("output"), dict) and message["output"].get("render_config") for message, _ in taken
        ):
            self._keep_parts()

    def _keep_parts(self) -> None:
        """Hold on to the blocks of the parts that are shown: the session may put its own away while nobody looks."""
        parts = parts_here(self._engine(), self._session_hash)
        if parts is None:
            return
        shown = {number: parts.block(number) or self.built.get(number) for number in self.page.parts.blocks}
        self.built = {number: block for number, block in shown.items() if block is not None}

    async def change(self) -> None:
        """Wait until something may have changed."""
        watcher: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._watchers.append(watcher)
        await watcher

    # Faults

    def hold(self) -> None:
        """Messages are late from now on: they wait on their way until `deliver`."""
        if self._held is None:
            self._held = asyncio.get_running_loop().create_future()

    def deliver(self) -> None:
        """What was held arrives now."""
        held, self._held = self._held, None
        if held is not None:
            held.set_result(None)
