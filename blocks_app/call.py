"""A call and its steps, and the surroundings in which the user's function runs."""

from __future__ import annotations

import asyncio
import contextvars
from collections.abc import Callable, Coroutine, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from blocks_app import connections, context, files, progress_tqdm, reporting
from blocks_app.dependency import Dependency
from blocks_app.progress import Progress
from blocks_app.reporting import Report
from blocks_app.request import Request
from blocks_app.request import current as current_request
from blocks_app.state import SessionState


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
    files: files.FileContext | None = None


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


def call_context(call: Call) -> contextvars.Context:
    """A context of the call's own: its report, its files, and no page under construction."""
    ctx = contextvars.copy_context()
    ctx.run(_enter_call, call)
    return ctx


def _enter_call(call: Call) -> None:
    reporting.current.set(call.report)
    files.current.set(call.files)
    current_request.set(call.request)
    context.root.set(None)
    context.parent.set(None)


@contextmanager
def in_function(call: Call) -> Iterator[None]:
    """While the user's own code runs."""
    shown = next((each for each in call.progress.values() if each.track_tqdm), None)
    progress_tqdm.tracking.set(shown)
    token = context.in_event.set(True)
    try:
        yield
    finally:
        context.in_event.reset(token)


@contextmanager
def outside_function() -> Iterator[None]:
    """Between two yields, while our own code works on a value."""
    token = context.in_event.set(False)
    try:
        yield
    finally:
        context.in_event.reset(token)


def speak() -> None:
    """Activate the visitor's language for what follows of this call. In each thread anew: it does not follow a call."""
    request = current_request.get()
    if request is not None and request.info.language:
        from django.utils.translation import activate  # loaded by sites whose visitors choose, and by no other

        activate(request.info.language)


def carrying(work: Callable[[], Any]) -> Any:
    """Do work in a thread whose failure is carried to a loop."""
    try:
        speak()
        return work()
    except BaseException as error:
        raise carried(error) from error.__cause__
    finally:
        connections.release()


async def carrying_async(start: Callable[[], Coroutine[Any, Any, Any]]) -> Any:
    """The same on the private loop, which a SystemExit would end."""
    try:
        speak()
        return await start()  # made here: a task that is cancelled before its first step leaves nothing unawaited
    except asyncio.CancelledError:
        raise
    except BaseException as error:
        raise carried(error) from error.__cause__
    finally:
        connections.release_later()


def carried(error: BaseException) -> BaseException:
    """StopIteration cannot be raised into a coroutine, and a thread's SystemExit must not end the server."""
    if isinstance(error, Exception) and not isinstance(error, (StopIteration, StopAsyncIteration)):
        return error
    carried = RuntimeError(f"The function ended with {error!r}.")
    carried.__cause__ = error
    return carried
