"""Calls that answer in steps: generators in threads, on the private loop, or step by step; and repeated calls."""

from __future__ import annotations

import asyncio
import contextlib
import contextvars
import time
from collections.abc import AsyncGenerator, AsyncIterator, Generator
from functools import partial
from typing import TYPE_CHECKING, Any

from blocks_app import connections
from blocks_app.exceptions import Error
from blocks_app.logs import logger, quietly
from blocks_app.running.call import Call, Step, call_context, carrying, in_function, speak, to_failure
from blocks_app.running.execute_once import Begun, answer, cancel_all, in_thread, maybe_in_thread, prepared
from blocks_app.running.failures import Failure, failure_of
from blocks_app.running.steps import begin, changed, joined, joined_early, step_between
from blocks_app.running.updates import NO_CHANGE
from blocks_app.threads.bounded_channel import BoundedChannel, ChannelClosedError
from blocks_app.threads.call_threads import Threads, loop_inbox

if TYPE_CHECKING:
    from blocks_app.declaration.declared_page import DeclaredPage

log = logger("blocks_app.streaming")


async def repeat(blocks: DeclaredPage, call: Call, threads: Threads, every: float) -> AsyncGenerator[Step, None]:
    """Call the function again and again, `every` seconds apart, for as long as somebody reads."""
    while True:
        begun = (
            None
            if call.dependency.info is not None and call.dependency.info.is_generator
            else (await answer(blocks, call, threads))
        )
        if isinstance(begun, Step):
            begun.is_generating, begun.final = True, False
            yield begun
        else:
            async with contextlib.aclosing(stream(blocks, call, threads, begun)) as steps:
                async for step in steps:
                    if not step.final:
                        yield step
        await asyncio.sleep(every)


async def stream(
    blocks: DeclaredPage, call: Call, threads: Threads, begun: Begun | None = None
) -> AsyncGenerator[Step, None]:
    """Run a generator, plain or async: its steps as they come, then the last once more as the final one.

    Args:
        blocks: the page.
        call: the event.
        threads: where user code runs.
        begun: the generator, when a function that is none has returned it.
    """
    info = call.dependency.info
    assert info is not None
    window = 2 if any(getattr(block, "heavy", False) for block in call.dependency.outputs) else 64
    if isinstance(begun.result, AsyncIterator) if begun is not None else info.is_async:
        steps = _stream_async(blocks, call, threads, window, begun)
    elif threads.take_generator():
        steps = _stream_thread(blocks, call, threads, window, begun)
    else:
        steps = _stream_stepwise(blocks, call, threads, begun)
    last: Step | None = None
    async with contextlib.aclosing(steps):
        async for step in steps:
            last = step
            yield step
    if call.joined is not None:
        ended = call.joined
    elif last is None:
        ended = Step([NO_CHANGE] * len(call.dependency.outputs))
    else:
        ended = Step(last.data, duration=last.duration, encoded=last.encoded)
    ended.changed_state_ids = call.changed
    yield ended


async def _stream_thread(
    blocks: DeclaredPage, call: Call, threads: Threads, window: int, begun: Begun | None
) -> AsyncGenerator[Step, None]:
    pump: BoundedChannel[Step] = BoundedChannel(loop_inbox(), window)

    def produce() -> None:
        steps = _steps(blocks, call, begun)
        try:
            speak()
            for step in steps:
                pump.put(step, step.size)
            pump.end()
        except ChannelClosedError:
            _close(steps)
            pump.end()
        except BaseException as error:
            pump.end(to_failure(error))
        finally:
            threads.release_generator()

    threads.generators.submit(_surroundings(call, begun).run, produce)
    async with contextlib.aclosing(pump.read()) as reading:
        async for step in reading:
            yield step


def _surroundings(call: Call, begun: Begun | None) -> contextvars.Context:
    return call_context(call) if begun is None else begun.surroundings


def _steps(blocks: DeclaredPage, call: Call, begun: Begun | None) -> Generator[Step, None, None]:
    """The whole generator in this thread; it is closed here, too, so that its `finally` runs where it ran."""
    started = time.perf_counter() if begun is None else begun.started
    args, named = begin(blocks, call) if begun is None else ((), {})
    step: Step | None = None
    call.pieces, call.joined = {}, None
    with in_function(call):
        generator = call.fn(*args, **named) if begun is None else begun.result
        try:
            for value in generator:
                step = step_between(call, value, started)
                yield step
        except Exception:
            if (whole := joined_early(call, step)) is not None:
                yield whole
            raise
        finally:
            generator.close()
    call.joined = joined(call, step)
    call.changed = changed(call)


def _close(steps: Generator[Step, None, None]) -> None:
    """Nobody wants more of it; what goes wrong in its end is only for the log."""
    try:
        steps.close()
    except BaseException as error:
        quietly(log.warning, "generator.close_failed", extra={"error": failure_of(error).line})


async def _stream_stepwise(
    blocks: DeclaredPage, call: Call, threads: Threads, begun: Begun | None
) -> AsyncGenerator[Step, None]:
    """When every generator thread is taken: a hop per value, so that nobody waits for a long one to end."""
    ctx, loop = _surroundings(call, begun), asyncio.get_running_loop()
    steps = _steps(blocks, call, begun)
    missing = object()
    pending: asyncio.Future[Any] | None = None
    try:
        while True:
            pending = loop.run_in_executor(threads.plain, ctx.run, carrying, lambda: next(steps, missing))
            step = await asyncio.shield(pending)
            pending = None
            if step is missing:
                return
            yield step
    finally:
        if pending is not None:
            pending.add_done_callback(lambda done: threads.plain.submit(ctx.run, carrying, steps.close))
        else:
            await loop.run_in_executor(threads.plain, ctx.run, carrying, steps.close)


async def _stream_async(
    blocks: DeclaredPage, call: Call, threads: Threads, window: int, begun: Begun | None
) -> AsyncGenerator[Step, None]:
    to_user = threads.to_user
    pump: BoundedChannel[Step] = BoundedChannel(loop_inbox(), window, to_user)
    tasks: list[asyncio.Task[None]] = []

    async def produce() -> None:
        with connections.lasting():
            try:
                speak()
                await _produce_async(blocks, call, threads, pump, begun)
                pump.end()
            except ChannelClosedError:
                pump.end()
            except BaseException as error:
                pump.end(await _to_failure(error, threads))

    ctx = _surroundings(call, begun)
    to_user.post(lambda: tasks.append(threads.user_loop.create_task(produce(), context=ctx)))
    finished = False
    try:
        async with contextlib.aclosing(pump.read()) as reading:
            async for step in reading:
                yield step
        finished = True
    finally:
        if not finished:
            to_user.post(cancel_all, tasks)


async def _produce_async(
    blocks: DeclaredPage, call: Call, threads: Threads, pump: BoundedChannel[Step], begun: Begun | None
) -> None:
    started, outputs = time.perf_counter() if begun is None else begun.started, call.dependency.outputs
    if begun is None:
        args, named = await prepared(blocks, call, threads)
    step: Step | None = None
    call.pieces, call.joined = {}, None
    with in_function(call):
        generator = call.fn(*args, **named) if begun is None else begun.result
        try:
            async for value in generator:
                make = partial(step_between, call, value, started)
                step = await maybe_in_thread(threads, make, outputs, value)
                await pump.put_async(step, step.size)
                await asyncio.sleep(0)  # one generator that never waits must not hold up the others
        except ChannelClosedError:
            await _count_as_cancelled()
            raise
        except Exception:
            if call.pieces and (whole := await in_thread(threads, partial(joined_early, call, step))) is not None:
                await pump.put_async(whole, whole.size)
            raise
        finally:
            if hasattr(generator, "aclose"):  # an iterator need not have it
                await generator.aclose()
    if call.pieces:
        call.joined = await in_thread(threads, partial(joined, call, step))
    if call.before:
        call.changed = await in_thread(threads, partial(changed, call))


async def _count_as_cancelled() -> None:
    """Nobody reads any more, and the cancellation that follows would cut short how the generator ends."""
    task = asyncio.current_task()
    assert task is not None
    task.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await asyncio.sleep(0)


async def _to_failure(error: BaseException, threads: Threads) -> Failure:
    """What went wrong, told in a thread: the text of an exception may take its time."""
    if issubclass(type(error), asyncio.CancelledError):  # nothing can be awaited any more
        return Failure(Error("The function was cancelled."))
    failure: Failure = await in_thread(threads, partial(to_failure, error))
    return failure
