"""Runs the functions of `Blocks.unload` when a page or program has left."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from auth_app.visitors import users
from blocks_app.listeners.dependency import unload_listener
from queue_app.execution.job_factory import Submitter, build_job
from queue_app.execution.terms import UNLOAD
from queue_app.execution.worker import RunningJob

if TYPE_CHECKING:
    from blocks_app.running.request import Request
    from blocks_app.running.state import SessionState
    from queue_app.execution.runtime import Runtime


async def run_unload(engine: Runtime, fn: Callable[..., Any], state: SessionState, request: Request) -> None:
    """Call one of them with what the session had; what it raises is told in the log, as nobody waits for it.

    Nobody cancels it, and the end of a login does not stop it: it tidies up after a visitor who has gone.
    """
    dependency = unload_listener(fn)
    who = Submitter(engine.mount, users.identity_of(request.user, request.username), request.info)
    event = RunningJob(engine, build_job(who, dependency, [], request.session_hash or ""), dependency, None, UNLOAD)
    event.state = state
    engine.start_now(event)
    await event.answer()
