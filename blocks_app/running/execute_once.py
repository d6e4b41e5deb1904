"""Calls that answer once: plain functions in a thread, coroutines on the private loop, batches.

What a call returns decides, too: a plain function may return the coroutine of another, or a generator.
"""

from __future__ import annotations

import asyncio
import contextvars
import functools
import time
from collections.abc import Awaitable, Callable
from concurrent.futures import Future
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from blocks_app.exceptions import CallError, Error
from blocks_app.functions.kinds import dismiss, is_awaitable, is_unfinished
from blocks_app.listeners import oauth
from blocks_app.running.arguments import Given, arguments, batch_arguments, split_batch
from blocks_app.running.call import Call, Step, call_context, carrying, carrying_async, in_function
from blocks_app.running.failures import Failure, failure_of
from blocks_app.running.steps import begin, changed, is_quick, last_step, listened
from blocks_app.threads.call_threads import Threads, loop_inbox

if TYPE_CHECKING:
    from blocks_app.declaration.declared_page import DeclaredPage


@dataclass(slots=True)
class Begun:
    """What a call returned, when that is no value yet: something to await, or a generator of either kind."""

    result: Any
    #: The surroundings of the call, in which it goes on.
    surroundings: contextvars.Context
    started: float

    @property
    def is_awaitable(self) -> bool:
        """Whether it has to be awaited; else it is read step by step."""
        return is_awaitable(self.result)


async def answer(blocks: DeclaredPage, call: Call, threads: Threads) -> Step | Begun:
    """Run a function that returns, plain or async; its one step, or the generator that it returned."""
    info = call.dependency.info
    assert info is not None
    step: Step | Begun
    if call.dependency.renders is not None:
        step = await once_in_thread(lambda: _run_rendering(blocks, call), call, threads)
    elif info.is_async:
        step = await _on_user_loop(lambda: _run_async(blocks, call, threads), call_context(call), threads)
    else:
        step = await once_in_thread(lambda: _run_plain(blocks, call), call, threads)
        while isinstance(step, Begun) and step.is_awaitable:
            step = await _awaited(blocks, call, threads, step)
    return step


def _run_plain(blocks: DeclaredPage, call: Call) -> Step | Begun:
    started = time.perf_counter()
    args, named = begin(blocks, call)
    with in_function(call):
        result = call.fn(*args, **named)
        if isinstance(result, Future):  # of a pool of the app's own
            result = result.result()
    if is_unfinished(result):
        return Begun(result, contextvars.copy_context(), started)
    return last_step(call, result, started)


def _run_rendering(blocks: DeclaredPage, call: Call) -> Step:
    begin(blocks, call)
    rendering = call.dependency.renders
    assert rendering is not None
    step: Step = rendering.run(blocks, call)
    step.changed_state_ids = changed(call)
    return step


async def _awaited(blocks: DeclaredPage, call: Call, threads: Threads, begun: Begun) -> Step | Begun:
    """What a plain function returned is awaited where async functions run."""
    step: Step | Begun = await _on_user_loop(
        lambda: _run_to_end(call, threads, begun.result, begun.started), begun.surroundings, threads
    )
    return step


async def _run_async(blocks: DeclaredPage, call: Call, threads: Threads) -> Step | Begun:
    started = time.perf_counter()
    args, named = await prepared(blocks, call, threads)
    with in_function(call):
        result = await _awaited_all(call.fn(*args, **named))
    return await _ended(call, threads, result, started)


async def _awaited_all(result: Any) -> Any:
    while is_awaitable(result) or isinstance(result, Future):
        result = await (asyncio.wrap_future(result) if isinstance(result, Future) else result)
    return result


async def _run_to_end(call: Call, threads: Threads, result: Any, started: float) -> Step | Begun:
    with in_function(call):
        result = await _awaited_all(result)
    return await _ended(call, threads, result, started)


async def _ended(call: Call, threads: Threads, result: Any, started: float) -> Step | Begun:
    if is_unfinished(result):
        return Begun(result, contextvars.copy_context(), started)
    finish = functools.partial(last_step, call, result, started)
    step: Step = await maybe_in_thread(threads, finish, call.dependency.outputs, result, bool(call.before))
    return step


async def prepared(blocks: DeclaredPage, call: Call, threads: Threads) -> Given:
    """See `begin`, for a call that runs on the private loop: what takes time is done in a thread."""
    if not listened(blocks, call) and is_quick(call.data) and not _is_heavy(call):
        return arguments(blocks, call)
    given: Given = await in_thread(threads, functools.partial(begin, blocks, call))
    return given


def _is_heavy(call: Call) -> bool:
    """Whether an input takes long to prepare: a file, a State that this session has not had yet, a row."""
    if call.dependency.info is not None and any(map(oauth.is_read, call.dependency.info.injected.values())):
        return True
    for block in call.dependency.inputs:
        if block.heavy or (block.stateful and block._id not in call.session.values):
            return True
    return False


async def maybe_in_thread(
    threads: Threads, work: Callable[[], Any], components: Any, values: Any, heavy: bool = False
) -> Any:
    """Work on values beside the function, such as coding an image, would hold up every other async function.

    It gets a thread, unless the values are small and of plain kinds.
    """
    heavy = heavy or not is_quick(values if type(values) in (list, tuple) else (values,))
    for component in components:
        heavy = heavy or getattr(component, "heavy", False)
    return await in_thread(threads, work) if heavy else work()


async def in_thread(threads: Threads, work: Callable[[], Any]) -> Any:
    """Do work in a thread; what it raises comes as a Failure."""
    run_here = contextvars.copy_context().run
    return await asyncio.get_running_loop().run_in_executor(threads.plain, run_here, carrying, work)


async def once_in_thread(work: Callable[[], Any], call: Call, threads: Threads) -> Any:
    """Do blocking work of a call in a thread, in a context of the call's own; what it raises comes as a Failure."""
    running = threads.plain.submit(call_context(call).run, carrying, work)
    try:
        return await asyncio.wrap_future(running)
    except asyncio.CancelledError:
        if not running.done():  # it had begun and goes on
            threads.lend(running)
        raise


async def answer_batch(blocks: DeclaredPage, calls: list[Call], threads: Threads) -> list[Step]:
    """Run several calls of a batch function together; one step per call."""
    call, info = calls[0], calls[0].dependency.info
    assert info is not None
    started = time.perf_counter()

    def start() -> Any:
        args, named = batch_arguments(blocks, calls)
        with in_function(call):
            return call.fn(*args, **named)

    async def to_end(result: Any) -> Any:
        with in_function(call):
            while is_awaitable(result):
                result = await result
        return result

    def steps(result: Any) -> list[Step]:
        if is_unfinished(result):
            dismiss(result)
            raise CallError(f"The batch function {call.dependency.name} returned a generator. It must return lists.")
        made = [last_step(each, value, started) for each, value in zip(calls, split_batch(calls, result))]
        taken = time.perf_counter() - started
        for step in made:
            step.is_generating, step.duration = None, taken
        return made

    def plain() -> Any:
        result = start()
        return result if is_awaitable(result) else steps(result)

    async def on_the_loop() -> Any:
        given = [value for each in calls for value in each.data]
        return await to_end(await maybe_in_thread(threads, start, call.dependency.inputs, given))

    if not info.is_async:
        made = await once_in_thread(plain, call, threads)
        if isinstance(made, list):
            return made
        result = await _on_user_loop(lambda: to_end(made), call_context(call), threads)
    else:
        result = await _on_user_loop(on_the_loop, call_context(call), threads)
    collected: list[Step] = await once_in_thread(lambda: steps(result), call, threads)
    return collected


async def _on_user_loop(start: Callable[[], Awaitable[Any]], ctx: contextvars.Context, threads: Threads) -> Any:
    """Run a coroutine on the private loop and wait for it here; cancelling here cancels it there."""
    to_user, to_here = threads.to_user, loop_inbox()
    answer: asyncio.Future[Any] = asyncio.get_running_loop().create_future()
    tasks: list[asyncio.Task[Any]] = []

    def begin() -> None:
        in_a_thread = functools.partial(in_thread, threads)
        task = threads.user_loop.create_task(carrying_async(start, in_a_thread), context=ctx)  # type: ignore[arg-type]
        tasks.append(task)
        task.add_done_callback(lambda done: to_here.post(_settle, answer, done))

    to_user.post(begin)
    try:
        return await answer
    except asyncio.CancelledError:
        to_user.post(cancel_all, tasks)
        raise


def cancel_all(tasks: list[asyncio.Task[Any]]) -> None:
    """Cancel tasks, each once: a second time would cut short how it ends. To be called on their own loop."""
    for task in tasks:
        if not task.cancelling():
            task.cancel()


def _settle(answer: asyncio.Future[Any], task: asyncio.Task[Any]) -> None:
    if answer.done():
        return
    if task.cancelled():
        answer.set_exception(Failure(Error("The function was cancelled.")))
    elif (error := task.exception()) is not None:
        answer.set_exception(failure_of(error))
    else:
        answer.set_result(task.result())
