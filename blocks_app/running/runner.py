"""One call: preprocess, the user's function, postprocess; an iterator of steps.

Pure of queue, socket and login: the caller brings the session's state and the sinks for progress and toasts. Everything
that belongs to the user runs in `Threads`, never on the loop that iterates here.
"""

from __future__ import annotations

from collections.abc import AsyncGenerator
from contextlib import aclosing
from typing import TYPE_CHECKING

from blocks_app.protocol import ErrorOutput
from blocks_app.running.call import Call, Step
from blocks_app.running.execute_once import answer, answer_batch, once_in_thread
from blocks_app.running.failures import Failure, failure_of
from blocks_app.running.steps import joined_early, note
from blocks_app.running.streaming import repeat, stream
from blocks_app.running.updates import NO_CHANGE
from blocks_app.threads.call_threads import Threads

if TYPE_CHECKING:
    from blocks_app.declaration.declared_page import DeclaredPage

__all__ = ["Call", "Failure", "Step", "describe_error", "run", "whole"]


async def run(blocks: DeclaredPage, calls: list[Call], threads: Threads) -> AsyncGenerator[list[Step], None]:
    """Run one call, or several of one batch function together; yields one Step per call each time.

    A generator's steps come as they are made, then its last values once more as the final step. `aclose()` closes the
    generator where it runs and cancels a coroutine; a plain function is left to finish.

    Raises:
        Failure: what the user's function, preprocess or postprocess raised, as plain data.
    """
    dependency = calls[0].dependency
    if dependency.fn is None:
        yield [Step([NO_CHANGE] * len(dependency.outputs)) for _ in calls]
    elif dependency.batch:
        steps = await answer_batch(blocks, calls, threads)
        yield [note(*each) for each in zip(calls, steps)] if blocks.keeps_shown else steps
    elif dependency.every is not None:
        async with aclosing(repeat(blocks, calls[0], threads, dependency.every)) as values:
            async for step in values:
                yield [note(calls[0], step) if blocks.keeps_shown else step]
    elif dependency.is_generator:
        async with aclosing(stream(blocks, calls[0], threads)) as values:
            async for step in values:
                yield [note(calls[0], step) if blocks.keeps_shown else step]
    else:
        begun = await answer(blocks, calls[0], threads)
        if isinstance(begun, Step):
            yield [note(calls[0], begun) if blocks.keeps_shown else begun]
            return
        async with aclosing(stream(blocks, calls[0], threads, begun)) as values:
            async for step in values:
                yield [note(calls[0], step) if blocks.keeps_shown else step]


async def whole(call: Call, last: Step | None, threads: Threads) -> Step | None:
    """A call that gives its values in pieces is ended before its time: one step with what came until now as wholes.

    None where nothing came in pieces. `last` is its last step.
    """
    if not call.pieces:
        return None
    step: Step | None = await once_in_thread(lambda: joined_early(call, last), call, threads)
    return step


def describe_error(error: BaseException, show_error: bool) -> ErrorOutput:
    """What the visitor is told: the text of a gr.Error always, that of any other exception only with `show_error`.

    An exception that is no Failure yet is asked here, so do that where the user's code may run.
    """
    failure = failure_of(error)
    shown: ErrorOutput | None = failure.shown
    if shown is not None:
        return shown
    return ErrorOutput(error=(failure.text or failure.kind) if show_error else None)
