"""Runs the functions of `Blocks.unload` when a page or program has left."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from blocks_app.functions.signatures import describe
from blocks_app.listeners.dependency import Dependency, Target
from blocks_app.running import runner
from queue_app.sessions.session_hash import partly

if TYPE_CHECKING:
    from blocks_app.running.request import Request
    from blocks_app.running.state import SessionState
    from queue_app.execution.runtime import Runtime


async def run_unload(engine: Runtime, fn: Callable[..., Any], state: SessionState, request: Request) -> None:
    """Call one of them with what the session had; what it raises is told in the log, as nobody waits for it."""
    dependency = Dependency(-1, (Target(None, "unload"),), fn, describe(fn, 0), (), ())
    call = runner.Call(dependency, [], state, request)
    try:
        async for _ in runner.run(engine.blocks, [call], engine.threads):
            pass
    except Exception as error:
        more = {"session": partly(request.session_hash or ""), "fn_name": dependency.name}
        await engine.failing.logged(error, "unload.failed", [more])
