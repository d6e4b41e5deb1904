"""The engines of this process, asked and acted upon from Django's threads: what operators and monitors need.

Everything here goes to the engine's own loop, through the interface `Engine`, and comes back as plain data. An app that
several processes serve has an engine in each; what another process has is acted upon there, see
`queue_app.cluster.commands`.
"""

from __future__ import annotations

import asyncio
import os
import signal
import threading
from collections.abc import Callable, Coroutine, Iterator
from functools import partial
from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar

from blocks_app.web.registry import all_mounts
from queue_app.exceptions import CannotDo, NotHere
from queue_app.execution.engine import Engine, QueueSnapshot, SessionSnapshot, engines_of
from queue_app.ids import process_name

if TYPE_CHECKING:
    from blocks_app.web.registry import Mount
    from queue_app.execution.job import JobSpec

T = TypeVar("T")
PATIENCE = 10.0  # seconds until a loop that does not answer is given up
UNTIL_END = 1.0  # seconds that the answer to whoever ends a process has to go out


class ServedApp(NamedTuple):
    """An app that this process serves: its engine, and the loop that the engine lives on."""

    mount: Mount
    loop: asyncio.AbstractEventLoop
    engine: Engine


def served() -> Iterator[ServedApp]:
    """The apps of this process whose loops run."""
    for mount in all_mounts():
        for loop, engine in list(engines_of(mount).items()):
            if loop.is_running() and not engine.stopped:
                yield ServedApp(mount, loop, engine)


def serving(mount: str) -> ServedApp:
    """The app of this key. Raises NotHere when this process serves none."""
    for each in served():
        if each.mount.key == mount:
            return each
    raise NotHere(f"This process ({process_name()}) does not serve {mount} at the moment.")


def on_loop(app: ServedApp, action: Callable[[Engine], T], patience: float = PATIENCE) -> T:
    """Call `action` on the engine's loop and wait for it. Raises what it raises, and TimeoutError."""
    if asyncio._get_running_loop() is app.loop:
        return action(app.engine)

    async def run() -> T:
        return action(app.engine)

    return _wait(app, run(), patience)


def snapshots(patience: float = PATIENCE) -> list[QueueSnapshot]:
    """What this process serves at this moment. Raises TimeoutError when a loop does not answer for so many seconds."""
    return [on_loop(each, lambda engine: engine.snapshot(), patience) for each in served()]


def change_group(mount: str, fn: int, action: str, limit: str = "") -> str:
    """Pause, resume, drain, reopen a group, or give it another limit; the outcome in words.

    Raises CannotDo: there is no such group here, or the limit makes no sense.
    """
    app = serving(mount)
    number = limit_of(limit) if action == "limit" else None
    return on_loop(app, lambda engine: engine.change_group(fn, action, number))


def change_process(action: str) -> str:
    """Drain, reopen or end this process: its own groups take nothing new, take it again, or all of it ends in order.

    Raises CannotDo: it has no groups of its own, or there is no such action.
    """
    if action == "end":
        threading.Timer(UNTIL_END, os.kill, (os.getpid(), signal.SIGTERM)).start()  # once the answer is on its way
        return "ends: what runs has BLOCKS_SHUTDOWN_GRACE seconds"
    if action not in ("drain", "reopen"):
        raise CannotDo(f"There is no action {action!r}.")
    found = [(app, snapshot) for app in served() if not (snapshot := on_loop(app, _snapshot)).shared]
    if not found:
        raise CannotDo("It runs no functions itself: drain the workers.")
    for app, snapshot in found:
        for group in snapshot.groups:
            on_loop(app, partial(_change, group.fn, action))
    return "drains: nothing new is taken" if action == "drain" else "takes new events again"


def _change(fn: int, action: str, engine: Engine) -> str:
    return engine.change_group(fn, action)


def _snapshot(engine: Engine) -> QueueSnapshot:
    return engine.snapshot()


def limit_of(limit: str) -> int | None:
    """A limit as an operator writes it. Raises CannotDo when it makes no sense."""
    if limit.strip().lower() in ("", "none"):
        return None
    if not limit.strip().isdecimal() or not 1 <= int(limit) <= 10_000:
        raise CannotDo("A limit is a whole number from 1 to 10,000, or empty for none.")
    return int(limit)


def cancel(mount: str, event_id: str) -> bool:
    """Cancel an event, whoever's it is; False when this process does not have it (any more)."""
    return any(_wait(each, each.engine.cancel(None, event_id)) for each in served() if each.mount.key == mount)


def submit(app: ServedApp, job: JobSpec) -> None:
    """Submit a job. Raises what Engine.submit raises."""
    _wait(app, app.engine.submit(job))


def has_session(mount: str, session_hash: str, identity_key: str | None) -> bool:
    """Whether this process has a session that lives."""
    return _find(mount, session_hash, identity_key) is not None


def session_now(mount: str, session_hash: str, identity_key: str | None) -> SessionSnapshot | None:
    """What a session has and keeps; None when this process does not have it."""
    found = _find(mount, session_hash, identity_key)
    return found.engine.session_snapshot(session_hash) if found is not None else None


def delete_state(mount: str, session_hash: str, identity_key: str | None) -> bool:
    """Forget what a session keeps; its delete callbacks run. False when it is not here."""
    found = _find(mount, session_hash, identity_key)
    if found is None:
        return False
    on_loop(found, lambda engine: engine.forget_state(session_hash))
    return True


def end_session(mount: str, session_hash: str, identity_key: str | None) -> int | None:
    """Cancel a session's events, forget its state, end its connections: how many events; None when it is not here."""
    found = _find(mount, session_hash, identity_key)
    return _wait(found, found.engine.end_session(session_hash)) if found is not None else None


def _find(mount: str, session_hash: str, identity_key: str | None) -> ServedApp | None:
    """The app in this process that has such a session of this visitor."""
    for each in served():
        if each.mount.key == mount and each.engine.find_session(session_hash, identity_key) is not None:
            return each
    return None


def _wait(app: ServedApp, work: Coroutine[Any, Any, T], patience: float = PATIENCE) -> T:
    return asyncio.run_coroutine_threadsafe(work, app.loop).result(patience)
