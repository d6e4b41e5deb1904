"""Engine: the interface between whoever submits events and whatever runs them.

Endpoints use `engine_of(mount)`. A `JobSpec` is data alone, the outbox is reached through
`subscribe`, and admission is the pure code of `scheduling`; so another engine can take this one's place.
"""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from importlib import import_module
from typing import TYPE_CHECKING, Any, Protocol, cast

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.utils.crypto import salted_hmac
from django.utils.module_loading import import_string

from blocks_app.protocol import APP_ID_BITS
from queue_app import conf
from queue_app.delivery.sequenced_message import SequencedMessage
from queue_app.delivery.subscription import Subscription
from queue_app.exceptions import NotYours, QueueError, QueueFull, QueueStopped, UnknownFunction
from queue_app.execution.job import JobSpec, ListenerView
from queue_app.log_sentences import logger
from queue_app.sessions.session_directory import SessionView
from queue_app.shutdown import sequence

if TYPE_CHECKING:
    from blocks_app.protocol import ProcessCompleted
    from blocks_app.web.registry import Mount
    from queue_app.delivery.viewers import Viewer
    from queue_app.execution.job import AccessEnded
    from queue_app.sessions.presence import Attendance, VisitorInfo

__all__ = [
    "Engine",
    "GroupSnapshot",
    "JobSpec",
    "ListenerView",
    "NotYours",
    "QueueError",
    "QueueFull",
    "QueueSnapshot",
    "QueueStopped",
    "SequencedMessage",
    "SessionSnapshot",
    "SessionView",
    "StateValue",
    "Subscription",
    "UnknownFunction",
    "close_engine",
    "close_engines",
    "engine_of",
    "engines_here",
    "engines_of",
    "get_ready",
    "has_engine",
    "load_engine",
    "shares_events",
]

log = logger("queue_app.engine")

_ATTACHMENT = "engines"
_READY = 5.0  # seconds that the start of a process waits for its engines
#: Apps whose engines connect at the start: what most sites have. What a gallery has more waits until it is asked for.
READY = 4
_loaded: dict[str, Callable[[Mount], Engine]] = {}


@dataclass(frozen=True, slots=True)
class GroupSnapshot:
    """One concurrency group at this moment. `fn`, the lowest number of its functions, names it; times in seconds."""

    mount: str
    fn: int
    names: tuple[str, ...]
    limit: int | None
    running: int
    waiting: int
    average: float | None
    expected: float | None
    oldest: float | None
    paused: bool
    draining: bool
    per_minute: float = 0.0


@dataclass(frozen=True, slots=True)
class QueueSnapshot:
    """The queue of one app at this moment; `direct` are works outside the groups.

    Where it is `shared`, all but the sessions is the whole site's and not this process's alone.
    """

    mount: str
    title: str
    groups: tuple[GroupSnapshot, ...]
    waiting: int
    running: int
    direct: int
    sessions: int
    stopped: bool
    shared: bool = False


@dataclass(frozen=True, slots=True)
class StateValue:
    """One value of gr.State: the component's number, the value's type and its size in bytes, roughly."""

    number: int
    kind: str
    size: int


@dataclass(frozen=True, slots=True)
class SessionSnapshot:
    """A living session: its open connections, its events that wait or run, and what it keeps."""

    connections: int
    pending: int
    values: tuple[StateValue, ...]


class Engine(Protocol):
    """The queue of one mounted app. All of it is called on the server's event loop.

    `find_session` and `session_snapshot` only look, and may be asked from other threads, too.
    """

    @property
    def stopped(self) -> bool:
        """Whether it takes nothing any more."""

    async def submit(self, job: JobSpec) -> None:
        """Take a job; submitting an event again that is known changes nothing.

        Raises:
            QueueFull, QueueStopped, UnknownFunction, NotYours: the job was not taken.
        """

    async def cancel(self, session_hash: str | None, event_id: str) -> bool:
        """Stop an event: a waiting one leaves the queue, a running one is closed as far as it can be.

        It ends with exactly one completion. False when this session, or with None any, has no such event.
        """

    async def rendered(self, job: JobSpec) -> ListenerView:
        """What is known of the listener that gr.render has made under the job's number for its session.

        The job is not started.

        Raises UnknownFunction when it has no such listener, NotYours when the session is another's.
        """

    async def run_direct(self, job: JobSpec, counted: bool = False) -> ProcessCompleted:
        """Run a job and return its end; of a generator the first value.

        Args:
            job: what to run.
            counted: whether it waits for a slot of its function, as events in the queue do; else it starts at once.

        Raises:
            QueueStopped, UnknownFunction, NotYours: the job was not taken.
            QueueFull, QueueDraining: it would have to wait, and may not.
        """

    def subscribe(
        self,
        session_hash: str,
        after: int = 0,
        *,
        takeover: bool = True,
        plain: bool = False,
        visitor: VisitorInfo | None = None,
    ) -> Subscription:
        """Read a session's messages that come after a number. Check with claim or find_session who asks.

        Args:
            session_hash: the session, or a job's channel.
            after: the last number already known.
            takeover: whether the reader before this one ends (the newest wins).
            plain: the reader has no numbers; see Subscription.
            visitor: who it is, where a page reads as long as it is there; see attend.
        """

    def find_session(self, session_hash: str, identity_key: str | None) -> SessionView | None:
        """An existing session of this visitor; None for unknown ones and those of others."""

    def claim(self, session_hash: str, identity_key: str | None) -> SessionView:
        """The session of this visitor, created on first use. Raises NotYours for that of another."""

    async def drop(self, ended: AccessEnded) -> None:
        """Stop every event that it concerns: its visitor has no access any more."""

    def loaded(self, session_hash: str) -> None:
        """The session's page was loaded anew: it shows every block as declared, so what updates changed is over.

        What events that are still open have changed stays: the page hears it again from them.
        """

    async def holds(self, session_hash: str) -> bool:
        """Whether anything is kept of what functions have left in the session: a page that comes back asks so."""

    async def shown(self, session_hash: str, identity_key: str | None) -> str:
        """The values that functions have shown on the page of a session of this visitor, as JSON by block.

        Kept where a page asks for it (`DeclaredPage.keeps_shown`); nothing for unknown sessions and those of others.
        """

    def attend(self, session_hash: str, visitor: VisitorInfo) -> Attendance:
        """A page or program has opened a connection that lasts as long as it is there, and reads nothing by it.

        When the last one of a session has left for good, or nobody has come back in time, the app's `unload` functions
        run, once; `visitor` is whom they will see.
        """

    def snapshot(self) -> QueueSnapshot:
        """What the queue looks like now."""

    def change_group(self, fn: int, action: str, limit: int | None = None) -> str:
        """Change the group of a function: "pause", "resume", "drain", "reopen", or "limit"; the outcome in words.

        Raises CannotDo: there is no such function, or no such action.
        """

    def session_snapshot(self, session_hash: str) -> SessionSnapshot | None:
        """What a session has and keeps now; None for one that is not known."""

    def forget_state(self, session_hash: str) -> None:
        """What a session keeps is dropped, and those who want to tidy up after it are told."""

    async def end_session(self, session_hash: str) -> int:
        """Cancel a session's events, forget what it keeps and end its connections: how many events those were."""

    def running(self, session_hash: str) -> dict[str, float]:
        """For how many seconds the running events of a session run, by id."""

    async def watch(self, event_id: str, visitor: VisitorInfo, after: int) -> Viewer:
        """Look at one event of this visitor beside whoever reads its session; see viewers.py.

        Raises NothingToWatch when there is no such event, it is another's, or this visitor may not start it any more.
        """

    async def close(self, grace: float | None = None) -> None:
        """Complete every pending event with an error, end all streams, free the threads.

        With a `grace` in seconds the process is ending: what runs and can end has so long, and threads are waited for.
        """


def engine_of(mount: Mount) -> Engine:
    """The engine of a mounted app on the running event loop, created on first use."""
    engines: dict[Any, Engine] = mount.attachments.setdefault(_ATTACHMENT, {})
    loop = asyncio.get_running_loop()
    engine = engines.get(loop)
    if engine is None:
        if sequence.begun():
            raise QueueStopped
        for other in [each for each in engines if each.is_closed()]:
            del engines[other]
        engine = engines[loop] = load_engine()(mount)
    return engine


def load_engine() -> Callable[[Mount], Engine]:
    """What makes engines, as `BLOCKS_ENGINE` names it; it and all that it needs is loaded now.

    Raises ImproperlyConfigured when that is no engine.
    """
    path = conf.engine()
    made = _loaded.get(path)
    if made is None:
        if (wrong := _problem_with(path)) is not None:
            raise ImproperlyConfigured(wrong)
        made = _loaded[path] = import_string(path)
    return made


def shares_events() -> bool:
    """Whether each process of the site knows the events of all, so that any of them may be asked."""
    return bool(getattr(load_engine(), "shares_events", False))


async def get_ready() -> None:
    """Make the engines of the first apps, where they have to connect first, before an event asks for them.

    Where that fails, the log says it, and the first event tries again.
    """
    from blocks_app.web.registry import all_mounts  # not needed before the first mount exists

    with suppress(ImproperlyConfigured):  # the checks tell of it
        if not shares_events():
            return
        import_module(settings.ROOT_URLCONF)  # mounts them
        try:
            async with asyncio.timeout(_READY):
                for mount in list(all_mounts())[:READY]:
                    await cast("Any", engine_of(mount)).get_ready()
        except Exception as error:
            log.warning("engine.not_ready", extra={"reason": type(error).__name__})


def app_id(mount: Mount) -> int:
    """The number by which pages know again who serves them: one for all processes where any can go on for any other."""
    with suppress(ImproperlyConfigured):  # the checks tell of it
        if shares_events():
            mark = salted_hmac("queue_app.app_id", mount.key, algorithm="sha256").hexdigest()
            return int(mark[: APP_ID_BITS // 4], 16)
    return secrets.randbits(APP_ID_BITS)


def problem() -> str | None:
    """Why `BLOCKS_ENGINE` cannot be what it is, in a sentence; None when it can. Loads it, unless it was left out."""
    return _problem_with(conf.engine()) if getattr(settings, "BLOCKS_ENGINE", None) else None


def _problem_with(path: str) -> str | None:
    try:
        found = import_string(path)  # by name: engines import this module
    except Exception as error:  # whatever its module does
        return f"BLOCKS_ENGINE is {path!r}, which cannot be imported: {error}"
    wanted = [name for name, what in vars(Engine).items() if callable(what) and not name.startswith("_")]
    missing = [name for name in wanted if not hasattr(found, name)]
    if not isinstance(found, type) or missing:
        lacks = f": it has no {', '.join(missing)}" if isinstance(found, type) else ": it is no class"
        return f"BLOCKS_ENGINE is {path!r}, which is no engine{lacks}. See queue_app.execution.engine.Engine."
    return None


def engines_here() -> list[Engine]:
    """Every engine on the running event loop."""
    from blocks_app.web.registry import all_mounts  # not needed before the first mount exists

    return [engine_of(mount) for mount in all_mounts() if has_engine(mount)]


def engines_of(mount: Mount) -> dict[asyncio.AbstractEventLoop, Engine]:
    """The engines of a mounted app in this process, by their loops."""
    found: dict[asyncio.AbstractEventLoop, Engine] = mount.attachments.get(_ATTACHMENT, {})
    return found


def has_engine(mount: Mount) -> bool:
    """Whether a mounted app has an engine on the running event loop."""
    return asyncio.get_running_loop() in engines_of(mount)


async def close_engine(mount: Mount, grace: float | None = None) -> None:
    """Close the mount's engine on the running loop, if it has one; see Engine.close."""
    engines, loop = engines_of(mount), asyncio.get_running_loop()
    engine = engines.get(loop)
    if engine is not None:
        try:
            await engine.close(grace)  # meanwhile it is still the one that refuses
        finally:
            engines.pop(loop, None)


async def close_engines(grace: float | None = None) -> None:
    """Close every engine of the running loop, at the same time; called at shutdown."""
    from blocks_app.web.registry import all_mounts  # not needed before the first mount exists

    closing = [close_engine(mount, grace) for mount in all_mounts()]
    for problem in await asyncio.gather(*closing, return_exceptions=True):
        if isinstance(problem, Exception):
            log.error("engine.close_failed", exc_info=problem)


sequence.closers.append(close_engines)
