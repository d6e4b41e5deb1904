"""Runs the functions of `Blocks.unload` when a page or program has left."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from auth_app.identity import Identity
from blocks_app.listeners.dependency import unload_listener
from queue_app.execution.job_factory import Submitter, build_job
from queue_app.execution.terms import UNLOAD
from queue_app.execution.worker import RunningJob

if TYPE_CHECKING:
    from blocks_app.running.state import SessionState
    from queue_app.execution.runtime import Runtime
    from queue_app.sessions.presence import VisitorInfo


async def run_unload(engine: Runtime, fn: Callable[..., Any], state: SessionState, visitor: VisitorInfo) -> None:
    """Call one of them with what the session had; what it raises is told in the log, as nobody waits for it.

    Nobody cancels it, and the end of a login does not stop it: it tidies up after a visitor who has gone.
    """
    dependency = unload_listener(fn)
    who = Submitter(engine.mount, Identity(visitor.identity_key, visitor.username), visitor.request)
    event = RunningJob(engine, build_job(who, dependency, [], visitor.session_hash), dependency, None, UNLOAD)
    event.state = state
    engine.start_now(event)
    await event.answer()
