"""What the parts of the embedded engine know of it: a part is handed the engine, and needs no more than this.

So the parts import this module and not the engine, which is made of them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    import asyncio

    from blocks_app.declaration.declared_page import DeclaredPage
    from blocks_app.running.call import FileContext
    from blocks_app.running.state import SessionState
    from blocks_app.threads.call_threads import LoopInbox, Threads
    from blocks_app.web.registry import Mount
    from queue_app.execution.job import JobSpec
    from queue_app.execution.worker import JobRun, RunningJob
    from queue_app.failing import Failing
    from queue_app.scheduling.estimates import Estimates
    from queue_app.scheduling.scheduler import ConcurrencyGroup, Scheduler
    from queue_app.sessions.directory import MemorySessionDirectory
    from queue_app.sessions.state_expiry import StateExpiry
    from queue_app.sessions.state_keeping import StateKeeping


class Runtime(Protocol):
    """The embedded engine from within. All of it is used on the server's loop."""

    mount: Mount
    blocks: DeclaredPage
    loop: asyncio.AbstractEventLoop
    mailbox: LoopInbox
    threads: Threads
    failing: Failing
    events: dict[str, RunningJob]
    validating: set[RunningJob]
    works: set[JobRun]
    stopped: bool
    scheduler: Scheduler
    estimates: Estimates
    store: StateKeeping
    expiry: StateExpiry
    sessions: MemorySessionDirectory

    def open_events(self) -> list[RunningJob]:
        """Everything that waits or runs for somebody, with the validators of what does not wait yet."""

    def start_now(self, event: RunningJob) -> None:
        """Start it at once, outside of all limits."""

    def release(self, group: ConcurrencyGroup, work: JobRun) -> None:
        """A work has ended: its slot goes to the next."""

    def reopen(self) -> None:
        """A group was opened or widened from outside: start what may start now."""

    def ended(self, event: RunningJob) -> None:
        """An event is complete; its completion is published next."""

    def stop(self, event: RunningJob) -> None:
        """Cancel an event, unless it has ended."""

    def complete_cancelled(self, event: RunningJob) -> None:
        """A cancelled event ends, unless it has."""

    def left_waiting(self, group: ConcurrencyGroup) -> None:
        """One that waited has gone: the places of others are told."""

    async def cancel(self, session_hash: str | None, event_id: str) -> bool:
        """See Engine.cancel."""

    def forget_state(self, session_hash: str) -> None:
        """See Engine.forget_state."""

    def state_of(self, job: JobSpec) -> SessionState:
        """What the session keeps; a fresh one that nobody keeps for an event without a session."""

    async def load_state(self, job: JobSpec) -> None:
        """An event is about to use what its session keeps."""

    async def keep_state(self, job: JobSpec) -> None:
        """The event may have set values: they are kept, and count towards the capacity."""

    def page_shows(self, job: JobSpec) -> None:
        """By a step of this event its page shows other values, which the session's state has; for pages with links."""

    def files_of(self, job: JobSpec) -> FileContext:
        """For whom the event reads and stores files."""
