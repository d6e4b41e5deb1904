"""Calls that answer once: plain functions in a thread, coroutines on the private loop, batches."""

from __future__ import annotations

import asyncio
import contextvars
import time
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from blocks_app import rendered
from blocks_app.arguments import arguments, batch_arguments, split_batch, wire_values
from blocks_app.call import Call, Step, call_context, carrying, carrying_async, in_function, speak
from blocks_app.exceptions import Error
from blocks_app.threads import Threads, mailbox

if TYPE_CHECKING:
    from blocks_app.blocks import Blocks


async def answer(blocks: Blocks, call: Call, threads: Threads) -> Step:
    """Run a function that returns, plain or async; its one step."""
    info = call.dependency.info
    assert info is not None
    if call.dependency.renders is not None:
        step: Step = await _once(lambda: rendered.run(blocks, call), call, threads)
    elif info.is_async:
        step = await _on_user_loop(lambda: _run_async(blocks, call, threads), call, threads)
    else:
        step = await _once(lambda: _run_plain(blocks, call), call, threads)
    return step


def _run_plain(blocks: Blocks, call: Call) -> Step:
    started = time.perf_counter()
    args = arguments(blocks, call)
    with in_function(call):
        result = call.dependency.fn(*args)  # type: ignore[misc]
    return Step(wire_values(call, result), duration=time.perf_counter() - started)


def _run_batch(blocks: Blocks, calls: list[Call]) -> list[Step]:
    started = time.perf_counter()
    args = batch_arguments(blocks, calls)
    with in_function(calls[0]):
        result = calls[0].dependency.fn(*args)  # type: ignore[misc]
        if asyncio.iscoroutine(result):
            result = asyncio.run(result)
    values = split_batch(calls, result)
    taken = time.perf_counter() - started
    return [Step(wire_values(call, value), None, duration=taken) for call, value in zip(calls, values)]


async def _run_async(blocks: Blocks, call: Call, threads: Threads) -> Step:
    started = time.perf_counter()
    args = await maybe_in_thread(call.dependency.inputs, threads, lambda: arguments(blocks, call))
    with in_function(call):
        result = await call.dependency.fn(*args)  # type: ignore[misc]
    data = await maybe_in_thread(call.dependency.outputs, threads, lambda: wire_values(call, result))
    return Step(data, duration=time.perf_counter() - started)


async def maybe_in_thread(components: Any, threads: Threads, work: Callable[[], Any]) -> Any:
    """Coding an image would hold up every other async function: such work gets a thread."""
    if not any(getattr(component, "heavy", False) for component in components):
        return work()
    run_here = contextvars.copy_context().run

    def speaking() -> Any:
        speak()
        return work()

    return await asyncio.get_running_loop().run_in_executor(threads.plain, run_here, speaking)


async def build_again(blocks: Blocks, call: Call, number: int, threads: Threads) -> None:
    """Build the part of the page again that made the listener `number`. See rendered.build_again."""
    await _once(lambda: rendered.build_again(blocks, call, number), call, threads)


async def answer_batch(blocks: Blocks, calls: list[Call], threads: Threads) -> list[Step]:
    """Run several calls of a batch function together; one step per call."""
    steps: list[Step] = await _once(lambda: _run_batch(blocks, calls), calls[0], threads)
    return steps


async def _once(work: Callable[[], Any], call: Call, threads: Threads) -> Any:
    """Run blocking work in a thread, in a context of its own."""
    ctx = call_context(call)
    running = threads.plain.submit(ctx.run, carrying, work)
    try:
        return await asyncio.wrap_future(running)
    except asyncio.CancelledError:
        if not running.done():  # it had begun and goes on
            threads.lend(running)
        raise


async def _on_user_loop(start: Callable[[], Any], call: Call, threads: Threads) -> Any:
    """Run a coroutine on the private loop and wait for it here; cancelling here cancels it there."""
    to_user, to_here = threads.to_user, mailbox()
    answer: asyncio.Future[Any] = asyncio.get_running_loop().create_future()
    ctx = call_context(call)
    tasks: list[asyncio.Task[Any]] = []

    def begin() -> None:
        task = threads.user_loop.create_task(carrying_async(start), context=ctx)
        tasks.append(task)
        task.add_done_callback(lambda done: to_here.post(_settle, answer, done))

    to_user.post(begin)
    try:
        return await answer
    except asyncio.CancelledError:
        to_user.post(cancel_all, tasks)
        raise


def cancel_all(tasks: list[asyncio.Task[Any]]) -> None:
    """Cancel tasks; to be called on their own loop."""
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
