"""A call and its steps, and the surroundings in which the user's function runs."""

from __future__ import annotations

import asyncio
import contextvars
import functools
import threading
from collections.abc import Awaitable, Callable, Coroutine
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from blocks_app import connections
from blocks_app.diagnostics import mistakes
from blocks_app.files import file_data
from blocks_app.files.file_data import FileContext
from blocks_app.files.file_retention import cleaner_of
from blocks_app.listeners.dependency import Dependency
from blocks_app.media import pixels
from blocks_app.page.media_policy import media_sources
from blocks_app.running import notifications, progress_tqdm
from blocks_app.running.encoding import Encoded
from blocks_app.running.failures import Failure, failure_of
from blocks_app.running.notifications import Report
from blocks_app.running.progress import Progress
from blocks_app.running.request import Request
from blocks_app.running.request import current as current_request
from blocks_app.running.state import SessionState
from blocks_app.tree import context

if TYPE_CHECKING:
    from blocks_app.declaration.mount import Mount
    from blocks_app.tree.block import Block

__all__ = [
    "Call", "FileContext", "Step", "call_context", "carrying", "carrying_async", "files_for", "in_function",
    "outside_function", "speak", "to_failure",
]  # fmt: skip


@dataclass(slots=True)
class Call:
    """One event for the runner."""

    dependency: Dependency
    #: Wire values of the inputs, null for State.
    data: list[Any]
    session: SessionState = field(default_factory=SessionState)
    request: Request | None = None
    event_data: Any = None
    #: The block that the event happened to.
    trigger_id: int | None = None
    report: Report = field(default_factory=Report)
    #: What its function shows its progress with, by what stands in its declaration.
    progress: dict[Progress, Progress] = field(default_factory=dict)
    #: For whom files are read and stored; None for a direct call from Python.
    files: FileContext | None = None
    #: Whether values on the way are told as differences, and the last of them.
    differs: bool = False
    last: list[Any] | None = None
    #: After a generator has ended: the States that somebody listens to and that it has changed.
    changed: list[int] = field(default_factory=list)
    #: Fingerprints of the States that somebody listens to, from before it began.
    before: dict[int, str] | None = None
    #: While a generator runs: what components whose values are pieces of one whole keep of those before, by number.
    pieces: dict[int, list[Any]] | None = None
    #: Held by whoever adds a piece, or makes one of them all.
    piecing: threading.Lock = field(default_factory=threading.Lock)
    #: The last step of such a generator, with the wholes.
    joined: Step | None = None
    #: What components keep from one value to the next.
    memory: dict[Block, Any] = field(default_factory=dict)

    @property
    def fn(self) -> Callable[..., Any]:
        """The function; an event of a listener without one never comes here."""
        fn = self.dependency.fn
        assert fn is not None
        return fn


@dataclass(slots=True)
class Step:
    """What one call has to say: the wire values of its outputs, complete."""

    data: list[Any]
    #: True for a value on the way, False for the last; None for batches, as Gradio reports them.
    is_generating: bool | None = False
    final: bool = True
    #: State outputs whose value changed and that somebody listens to.
    changed_state_ids: list[int] = field(default_factory=list)
    #: Seconds since the function started.
    duration: float = 0.0
    #: The part of the page that a function of gr.render has built, encoded.
    render_config: Any = None
    #: The same as JSON, made where the user's code runs.
    encoded: Encoded | None = None
    #: For a value on the way: what changed since the one before, as JSON; None where it is told whole.
    edits: bytes | None = None

    @property
    def size(self) -> int:
        """About how many bytes it has as JSON."""
        return len(self.edits or b"") + (sum(map(len, self.encoded.parts)) if self.encoded is not None else 0)


def files_for(mount: Mount, *, owner: str, root: str, address: str, session: str) -> FileContext:
    """For whom an event of a mounted app reads and stores files.

    Args:
        mount: the app.
        owner: key of a person who has logged in, else "".
        root: where the visitor finds the app.
        address: the visitor's, "" where it is not known.
        session: of which it is an event, "" for one without.
    """
    return FileContext(
        owner=owner,
        url_prefix=f"{root}/gradio_api",
        allowed_paths=tuple(mount.options.allowed_paths),
        blocked_paths=tuple(mount.options.blocked_paths),
        cleaner=cleaner_of(mount),
        address=address,
        session=session,
        mount=mount.key,
        media=media_sources(mount),
        largest=mount.options.max_file_size,
    )


def call_context(call: Call) -> contextvars.Context:
    """A context of the call's own: its report, its files, and no page under construction."""
    ctx = contextvars.copy_context()
    ctx.run(_enter_call, call)
    return ctx


def _enter_call(call: Call) -> None:
    notifications.current.set(call.report)
    mistakes.answered.set(call.dependency.fn)
    file_data.current.set(call.files)
    current_request.set(call.request)
    pixels.current.set(pixels.Holding())
    context.root.set(None)
    context.parent.set(None)
    context.memory.set(call.memory)


class in_function:
    """While the user's own code runs."""

    __slots__ = ("_call", "_token")

    def __init__(self, call: Call) -> None:
        self._call = call

    def __enter__(self) -> None:
        shown: Progress | None = None
        for each in self._call.progress.values():
            if each.track_tqdm:
                shown = each
                break
        progress_tqdm.tracking.set(shown)
        self._token = context.in_event.set(True)

    def __exit__(self, *raised: object) -> None:
        context.in_event.reset(self._token)
        holding = pixels.current.get()
        if holding is not None:
            holding.release()


class outside_function:
    """Between two yields, while our own code works on a value."""

    __slots__ = ("_token",)

    def __enter__(self) -> None:
        self._token = context.in_event.set(False)

    def __exit__(self, *raised: object) -> None:
        context.in_event.reset(self._token)


def speak() -> None:
    """Activate the visitor's language for what follows of this call. In each thread anew: it does not follow a call."""
    request = current_request.get()
    if request is not None and request.info.language:
        from django.utils.translation import activate  # loaded by sites whose visitors choose, and by no other

        activate(request.info.language)


def carrying(work: Callable[[], Any]) -> Any:
    """Do work in a thread; what it raises is told here, and reaches the loop as a Failure, which is plain data."""
    try:
        speak()
        return work()
    except BaseException as error:
        raise to_failure(error) from None


async def carrying_async(
    start: Callable[[], Coroutine[Any, Any, Any]], in_a_thread: Callable[..., Awaitable[Any]]
) -> Any:
    """The same on the private loop; `in_a_thread` does work in one, as an exception's text may take its time."""
    with connections.lasting():
        try:
            speak()
            return await start()  # made here: a task that is cancelled before its first step leaves nothing unawaited
        except BaseException as error:
            task = asyncio.current_task()
            if issubclass(type(error), asyncio.CancelledError) and task is not None and task.cancelling():
                raise
            raise await in_a_thread(functools.partial(to_failure, error)) from None


def to_failure(error: BaseException) -> Failure:
    """What went wrong as plain data; whoever waits for the call hears before that it has failed."""
    report = notifications.current.get()
    if report is not None and type(error) is not Failure:
        report.failing()
    return failure_of(error)
