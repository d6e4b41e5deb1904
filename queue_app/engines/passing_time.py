"""For tests of apps whose functions run in workers: time passes for what web processes and workers keep of sessions."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from queue_app.engines.worker_registry import processes
from queue_app.ids import new_id

if TYPE_CHECKING:
    from queue_app.engines.worker_engine import WorkerEngine

_TIME = "time "
_LONGEST = 4.0  # seconds that a worker has to answer; less than a command of the link
_KEPT = 60  # seconds for which their answers are there


async def pass_time(engine: Any, seconds: float) -> None:
    """Let time pass at the engine of a web process, and before that at all workers that have its app."""
    queue, number = engine.queue, new_id()
    answers = f"{queue.prefix}time:{number}"
    living = [each for each in await processes(queue.link) if each.role == "worker" and engine.mount.key in each.apps]
    await queue.announce(f"{_TIME}{number} {seconds}")
    for _ in living:
        if await queue.link.client.blpop([answers], timeout=_LONGEST) is None:
            raise TimeoutError("A worker does not answer.")
    if engine.store is not None:
        engine.store.pass_time(seconds)
    engine.sessions.presence.pass_time(seconds)
    engine.sessions.pass_time(seconds)


def follow(engine: WorkerEngine) -> None:
    """Let time pass in this worker, too, whenever a test says so."""

    def announced(text: str) -> None:
        if text.startswith(_TIME):
            number, seconds = text.removeprefix(_TIME).split(" ")
            engine.queue.tasks.start(_pass(engine, number, float(seconds)))

    engine.queue.outboxes.announced.append(announced)


async def _pass(engine: WorkerEngine, number: str, seconds: float) -> None:
    engine.store.pass_time(seconds)
    engine.expiry.pass_time(engine.sessions, seconds)
    engine.sessions.pass_time(seconds)
    await engine.store.settled()
    client, answers = engine.queue.link.client, f"{engine.queue.prefix}time:{number}"
    await client.rpush(answers, 1)
    await client.expire(answers, _KEPT)
