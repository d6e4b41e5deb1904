"""Failures of events are told and logged in threads: what an exception says, and who listens to the log, may be slow.

The loop waits for that no longer than `PATIENCE`; the event ends then with what is known.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import sys
from typing import Any

from blocks_app.exceptions import Error
from blocks_app.logs import quietly
from blocks_app.running.failures import Failure, failure_of
from blocks_app.threads.pool import Pool
from queue_app.log_sentences import SENTENCES, logger

log = logger("queue_app.jobs")

PATIENCE = 2.0  # seconds that the end of an event may wait for its own description and its log record
_THREADS = 8
_LINE = 300  # characters of what an exception says, beside the name of its function
_WAITING = 1_000  # failures that may wait to be logged before further ones are not
UNDESCRIBED = "The function failed, and its exception takes too long to say why."


class Failing:
    """Tells what went wrong with the events of one app. Lives on the server's loop."""

    def __init__(self) -> None:
        self._pool = Pool(_THREADS, "blocks-failing")
        self._waiting = 0

    async def logged(self, error: BaseException, action: str, ids: list[dict[str, Any]]) -> Failure:
        """What went wrong as plain data, logged as `action` for each of `ids`, what is told beside it. Never raises."""
        ready = error if type(error) is Failure else None
        if self._waiting >= _WAITING:
            return ready or Failure(Error(UNDESCRIBED))
        described: list[Failure] = [] if ready is None else [ready]
        try:
            done = asyncio.get_running_loop().run_in_executor(
                self._pool, _describe_and_log, error, action, ids, described
            )
        except RuntimeError:  # the app closes
            return ready or Failure(Error(UNDESCRIBED))
        self._waiting += 1
        done.add_done_callback(self._done)
        with contextlib.suppress(asyncio.CancelledError):  # it ends anyway, and then now
            await asyncio.wait([done], timeout=PATIENCE)
        return described[0] if described else Failure(Error(UNDESCRIBED))

    def close(self) -> None:
        """Tell what is under way, and nothing more."""
        self._pool.shutdown(wait=False)

    def _done(self, _: asyncio.Future[None]) -> None:
        self._waiting -= 1


def _describe_and_log(error: BaseException, action: str, ids: list[dict[str, Any]], described: list[Failure]) -> None:
    failure = described[0] if described else failure_of(error)
    if not described:
        described.append(failure)
    for more in ids:
        quietly(write, action, failure, more)


def write(action: str, failure: Failure, more: dict[str, Any]) -> None:
    """The log record of a failure, with the traceback unless the error says that it is none of the log's business.

    Handlers get the exception itself, and its traceback as text, so that those that write it need not ask it again.
    To be called in a thread.
    """
    if not log.isEnabledFor(logging.ERROR):
        return
    info = None if failure.quiet else (type(failure.error), failure.error, failure.traceback)
    sentence = _sentence(action, failure, more)
    record = log.makeRecord(
        log.name, logging.ERROR, __file__, sys._getframe().f_lineno, sentence, (), info, "write",
        {"action": action, **more, "error": failure.description},
    )  # fmt: skip
    if info is not None:
        record.exc_text = failure.trace.rstrip("\n")
    log.handle(record)


def _sentence(action: str, failure: Failure, more: dict[str, Any]) -> str:
    """Which function it was, and what it has raised, in one line."""
    what = SENTENCES.get(action, action).replace("{fn_name}", str(more.get("fn_name", "A function"))).removesuffix(".")
    why = " ".join(failure.line[:_LINE].split())
    return f"{what}: {why}"
