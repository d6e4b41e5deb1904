"""One call: preprocess, the user's function, postprocess; an iterator of steps.

Pure of queue, socket and login: the caller brings the session's state and the sinks for progress and toasts. Everything
that belongs to the user runs in `Threads`, never on the loop that iterates here.
"""

from __future__ import annotations

import asyncio
import contextvars
import time
import weakref
from collections.abc import AsyncGenerator, Callable, Coroutine, Generator, Iterator
from contextlib import aclosing, contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import orjson

from blocks_app import context, files, reporting
from blocks_app import progress as progress_module
from blocks_app.arguments import arguments, batch_arguments, split_batch, wire_values
from blocks_app.dependency import Dependency
from blocks_app.exceptions import Error
from blocks_app.protocol import ErrorOutput, payload
from blocks_app.pump import Pump, PumpClosedError
from blocks_app.reporting import Report
from blocks_app.request import Request
from blocks_app.state import SessionState, fingerprint
from blocks_app.threads import Mailbox, Threads
from blocks_app.updates import NO_CHANGE

if TYPE_CHECKING:
    from blocks_app.blocks import Blocks


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


async def run(blocks: Blocks, calls: list[Call], threads: Threads) -> AsyncGenerator[list[Step], None]:
    """Run one call, or several of one batch function together; yields one Step per call each time.

    A generator's steps come as they are made, then its last values once more as the final step. `aclose()` closes the
    generator where it runs and cancels a coroutine; a plain function is left to finish.

    Raises:
        whatever the user's function, preprocess or postprocess raised.
    """
    dependency = calls[0].dependency
    before = _watched(blocks, calls[0])
    if dependency.fn is None:
        yield [Step([NO_CHANGE] * len(dependency.outputs)) for _ in calls]
    elif dependency.batch:
        yield await _once(lambda: _run_batch(blocks, calls), calls[0], threads)
    elif dependency.every is not None:
        async with aclosing(_repeat(blocks, calls[0], threads, dependency.every)) as steps:
            async for step in steps:
                yield [step]
    elif dependency.is_generator:
        async with aclosing(_stream(blocks, calls[0], threads)) as steps:
            async for step in steps:
                if step.final:
                    step.changed_state_ids = _changed(calls[0], before)
                yield [step]
    else:
        step = await _answer(blocks, calls[0], threads)
        step.changed_state_ids = _changed(calls[0], before)
        yield [step]


def describe_error(error: BaseException, show_error: bool) -> ErrorOutput:
    """What the visitor is told: the text of a gr.Error always, that of any other exception only with `show_error`."""
    if isinstance(error, Error):
        return ErrorOutput(error=str(error), duration=error.duration, visible=error.visible, title=error.title)
    text = str(error) or type(error).__name__
    return ErrorOutput(error=text if show_error else None)


# -- one value --------------------------------------------------------------------------------------------------------


async def _answer(blocks: Blocks, call: Call, threads: Threads) -> Step:
    info = call.dependency.info
    assert info is not None
    if info.is_async:
        step: Step = await _on_user_loop(lambda: _run_async(blocks, call, threads), call, threads)
    else:
        step = await _once(lambda: _run_plain(blocks, call), call, threads)
    return step


def _run_plain(blocks: Blocks, call: Call) -> Step:
    started = time.perf_counter()
    args = arguments(blocks, call)
    with _in_function(call):
        result = call.dependency.fn(*args)  # type: ignore[misc]
    return Step(wire_values(call, result), duration=time.perf_counter() - started)


def _run_batch(blocks: Blocks, calls: list[Call]) -> list[Step]:
    started = time.perf_counter()
    args = batch_arguments(blocks, calls)
    with _in_function(calls[0]):
        result = calls[0].dependency.fn(*args)  # type: ignore[misc]
        if asyncio.iscoroutine(result):
            result = asyncio.run(result)
    values = split_batch(calls, result)
    taken = time.perf_counter() - started
    return [Step(wire_values(call, value), None, duration=taken) for call, value in zip(calls, values)]


async def _run_async(blocks: Blocks, call: Call, threads: Threads) -> Step:
    started = time.perf_counter()
    args = await _maybe_in_thread(call.dependency.inputs, threads, lambda: arguments(blocks, call))
    with _in_function(call):
        result = await call.dependency.fn(*args)  # type: ignore[misc]
    data = await _maybe_in_thread(call.dependency.outputs, threads, lambda: wire_values(call, result))
    return Step(data, duration=time.perf_counter() - started)


async def _maybe_in_thread(components: Any, threads: Threads, work: Callable[[], Any]) -> Any:
    """Coding an image would hold up every other async function: such work gets a thread."""
    if not any(getattr(component, "heavy", False) for component in components):
        return work()
    run_here = contextvars.copy_context().run
    return await asyncio.get_running_loop().run_in_executor(threads.plain, run_here, work)


async def _once(work: Callable[[], Any], call: Call, threads: Threads) -> Any:
    """Run blocking work in a thread, in a context of its own."""
    ctx = _call_context(call)
    return await asyncio.get_running_loop().run_in_executor(threads.plain, ctx.run, _carrying, work)


async def _on_user_loop(start: Callable[[], Any], call: Call, threads: Threads) -> Any:
    """Run a coroutine on the private loop and wait for it here; cancelling here cancels it there."""
    to_user, to_here = threads.to_user, mailbox()
    answer: asyncio.Future[Any] = asyncio.get_running_loop().create_future()
    ctx = _call_context(call)
    tasks: list[asyncio.Task[Any]] = []

    def begin() -> None:
        task = threads.user_loop.create_task(_carrying_async(start()), context=ctx)
        tasks.append(task)
        task.add_done_callback(lambda done: to_here.post(_settle, answer, done))

    to_user.post(begin)
    try:
        return await answer
    except asyncio.CancelledError:
        to_user.post(_cancel, tasks)
        raise


def _cancel(tasks: list[asyncio.Task[Any]]) -> None:
    for task in tasks:
        task.cancel()


def _settle(answer: asyncio.Future[Any], task: asyncio.Task[Any]) -> None:
    if answer.done():
        return
    if task.cancelled():
        answer.set_exception(Error("The function was cancelled."))
    elif task.exception() is not None:
        error = task.exception()
        answer.set_exception(error if isinstance(error, Exception) else RuntimeError(repr(error)))
    else:
        answer.set_result(task.result())


# -- several values ---------------------------------------------------------------------------------------------------


async def _repeat(blocks: Blocks, call: Call, threads: Threads, every: float) -> AsyncGenerator[Step, None]:
    """Call the function again and again, `every` seconds apart, for as long as somebody reads."""
    while True:
        if call.dependency.info is not None and call.dependency.info.is_generator:
            async with aclosing(_stream(blocks, call, threads)) as steps:
                async for step in steps:
                    if not step.final:
                        yield step
        else:
            step = await _answer(blocks, call, threads)
            step.is_generating, step.final = True, False
            yield step
        await asyncio.sleep(every)


async def _stream(blocks: Blocks, call: Call, threads: Threads) -> AsyncGenerator[Step, None]:
    info = call.dependency.info
    assert info is not None
    window = 2 if any(getattr(block, "heavy", False) for block in call.dependency.outputs) else 64
    if info.is_async:
        steps = _stream_async(blocks, call, threads, window)
    elif threads.take_generator():
        steps = _stream_thread(blocks, call, threads, window)
    else:
        steps = _stream_stepwise(blocks, call, threads)
    last: Step | None = None
    async with aclosing(steps):
        async for step in steps:
            last = step
            yield step
    if last is None:
        yield Step([NO_CHANGE] * len(call.dependency.outputs))
    else:
        yield Step(last.data, duration=last.duration)


async def _stream_thread(blocks: Blocks, call: Call, threads: Threads, window: int) -> AsyncGenerator[Step, None]:
    pump: Pump[Step] = Pump(mailbox(), window)

    def produce() -> None:
        try:
            for step in _steps(blocks, call):
                pump.put(step)
            pump.end()
        except PumpClosedError:
            pump.end()
        except BaseException as error:
            pump.end(_carried(error))
        finally:
            threads.release_generator()

    threads.generators.submit(_call_context(call).run, produce)
    async with aclosing(pump.read()) as reading:
        async for step in reading:
            yield step


def _steps(blocks: Blocks, call: Call) -> Generator[Step, None, None]:
    """The whole generator in this thread; it is closed here, too, so that its `finally` runs where it ran."""
    started = time.perf_counter()
    args = arguments(blocks, call)
    with _in_function(call):
        generator = call.dependency.fn(*args)  # type: ignore[misc]
        try:
            for value in generator:
                with _outside_function():
                    data = _detached(wire_values(call, value))
                yield Step(data, True, False, duration=time.perf_counter() - started)
        finally:
            generator.close()


async def _stream_stepwise(blocks: Blocks, call: Call, threads: Threads) -> AsyncGenerator[Step, None]:
    """When every generator thread is taken: a hop per value, so that nobody waits for a long one to end."""
    ctx, loop = _call_context(call), asyncio.get_running_loop()
    steps = _steps(blocks, call)
    missing = object()
    pending: asyncio.Future[Any] | None = None
    try:
        while True:
            pending = loop.run_in_executor(threads.plain, ctx.run, lambda: next(steps, missing))
            step = await asyncio.shield(pending)
            pending = None
            if step is missing:
                return
            yield step
    finally:
        if pending is not None:
            pending.add_done_callback(lambda done: threads.plain.submit(ctx.run, steps.close))
        else:
            await loop.run_in_executor(threads.plain, ctx.run, steps.close)


async def _stream_async(blocks: Blocks, call: Call, threads: Threads, window: int) -> AsyncGenerator[Step, None]:
    to_user = threads.to_user
    pump: Pump[Step] = Pump(mailbox(), window, to_user)
    tasks: list[asyncio.Task[None]] = []

    async def produce() -> None:
        try:
            await _produce_async(blocks, call, threads, pump)
            pump.end()
        except PumpClosedError:
            pump.end()
        except BaseException as error:
            pump.end(_carried(error))

    to_user.post(lambda: tasks.append(threads.user_loop.create_task(produce(), context=_call_context(call))))
    finished = False
    try:
        async with aclosing(pump.read()) as reading:
            async for step in reading:
                yield step
        finished = True
    finally:
        if not finished:
            to_user.post(_cancel, tasks)


async def _produce_async(blocks: Blocks, call: Call, threads: Threads, pump: Pump[Step]) -> None:
    started = time.perf_counter()
    args = await _maybe_in_thread(call.dependency.inputs, threads, lambda: arguments(blocks, call))
    with _in_function(call):
        generator = call.dependency.fn(*args)  # type: ignore[misc]
        try:
            async for value in generator:
                with _outside_function():
                    data = await _maybe_in_thread(
                        call.dependency.outputs,
                        threads,
                        lambda value=value: wire_values(call, value),  # type: ignore[misc]
                    )
                await pump.put_async(Step(data, True, False, duration=time.perf_counter() - started))
                await asyncio.sleep(0)  # one generator that never waits must not hold up the others
        finally:
            await generator.aclose()


# -- around the call --------------------------------------------------------------------------------------------------


def mailbox() -> Mailbox:
    """The mailbox of the running loop."""
    loop: Any = asyncio.get_running_loop()
    box = _mailboxes.get(loop)
    if box is None:
        box = _mailboxes[loop] = Mailbox(loop)
    return box


_mailboxes: weakref.WeakKeyDictionary[Any, Mailbox] = weakref.WeakKeyDictionary()


def _call_context(call: Call) -> contextvars.Context:
    ctx = contextvars.copy_context()
    ctx.run(_enter_call, call)
    return ctx


def _enter_call(call: Call) -> None:
    reporting.current.set(call.report)
    files.current.set(call.files)
    context.root.set(None)
    context.parent.set(None)


def _detached(values: list[Any]) -> list[Any]:
    """Copies of lists and dicts: a generator that goes on filling what it yielded must not change earlier steps."""
    return [_copied(value) if isinstance(value, (list, dict)) else value for value in values]


def _copied(value: Any) -> Any:
    return orjson.loads(bytes(payload(value)))


@contextmanager
def _in_function(call: Call) -> Iterator[None]:
    """While the user's own code runs."""
    tracked = None
    info = call.dependency.info
    for wanted in info.injected.values() if info is not None else ():
        if isinstance(wanted, progress_module.Progress) and wanted.track_tqdm:
            tracked = wanted
    progress_module.tracking.set(tracked)
    token = context.in_event.set(True)
    try:
        yield
    finally:
        context.in_event.reset(token)


@contextmanager
def _outside_function() -> Iterator[None]:
    token = context.in_event.set(False)
    try:
        yield
    finally:
        context.in_event.reset(token)


def _carrying(work: Callable[[], Any]) -> Any:
    """Do work in a thread whose failure is carried to a loop."""
    try:
        return work()
    except BaseException as error:
        raise _carried(error) from error.__cause__


async def _carrying_async(work: Coroutine[Any, Any, Any]) -> Any:
    """The same on the private loop, which a SystemExit would end."""
    try:
        return await work
    except asyncio.CancelledError:
        raise
    except BaseException as error:
        raise _carried(error) from error.__cause__


def _carried(error: BaseException) -> BaseException:
    """StopIteration cannot be raised into a coroutine, and a thread's SystemExit must not end the server."""
    if isinstance(error, Exception) and not isinstance(error, (StopIteration, StopAsyncIteration)):
        return error
    carried = RuntimeError(f"The function ended with {error!r}.")
    carried.__cause__ = error
    return carried


def _watched(blocks: Blocks, call: Call) -> dict[int, str]:
    """Fingerprints of the states that somebody listens to and that this call may change."""
    listened = blocks.listened_states
    if not listened:
        return {}
    touched = {block._id: block for block in (*call.dependency.inputs, *call.dependency.outputs)}
    return {
        number: fingerprint(call.session.get(block))  # type: ignore[arg-type]
        for number, block in touched.items()
        if number in listened
    }


def _changed(call: Call, before: dict[int, str]) -> list[int]:
    return [number for number, print_ in before.items() if fingerprint(call.session.values.get(number)) != print_]
