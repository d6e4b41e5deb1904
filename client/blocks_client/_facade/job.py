"""A call under way: a genuine Future that can be iterated."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import CancelledError, Future, InvalidStateError
from typing import TYPE_CHECKING, Any, Union

from blocks_client._facade.shared import JobFacade

if TYPE_CHECKING:
    from blocks_client._core.call import Call

log = logging.getLogger("blocks_client")

Callbacks = Union[Callable[..., Any], Sequence[Callable[..., Any]], None]


class Job(JobFacade, Future[Any]):
    """What `submit` gives.

    As a Future it has `result(timeout)`, `exception`, `done`, `running`, `cancelled`, `add_done_callback`, and works
    with `concurrent.futures.wait` and `as_completed`. Iterating it gives each value once, as it comes, and ends with
    the call: with the call's exception if it failed.
    """

    def __init__(self, call: Call, stop: Callable[[Job], None], callbacks: Callbacks = None) -> None:
        super().__init__()
        self._call = call
        self._stop = stop
        self._callbacks = _listed(callbacks)
        self._running = False
        self._seen = 0
        self._changed = threading.Condition()
        call.updated = self._notify
        self.add_done_callback(lambda job: self._notify())

    # What users call

    def done(self) -> bool:
        """Whether it is over."""
        return Future.done(self)

    def cancelled(self) -> bool:
        """Whether it was cancelled."""
        return Future.cancelled(self)

    def cancel(self) -> bool:
        """Stop it, here and on the server. False when it is already over."""
        if not super().cancel():
            return False
        self.set_running_or_notify_cancel()  # so that as_completed() and wait() see it
        self._call.deliver(CancelledError())
        self._stop(self)
        return True

    def running(self) -> bool:
        """Whether it has begun and is not over."""
        return self._running and not self.done()

    def __iter__(self) -> Iterator[Any]:
        return self

    def __next__(self) -> Any:
        with self._changed:
            self._changed.wait_for(lambda: len(self._call.outputs) > self._seen or self.done())
            if len(self._call.outputs) > self._seen:
                self._seen += 1
                return self._call.outputs[self._seen - 1]
        if not self.cancelled():
            error = self.exception()
            if error is not None:
                raise error
        raise StopIteration

    # What the client calls

    @property
    def call(self) -> Call:
        """What the server said of it."""
        return self._call

    def begin(self) -> bool:
        """A thread takes it. False when it is not wanted any more."""
        self._running = not self.done()
        return self._running

    def end(self, result: Any = None, error: BaseException | None = None) -> None:
        """It is over."""
        try:
            if isinstance(error, CancelledError):
                super().cancel()
                self.set_running_or_notify_cancel()
            elif error is not None:
                self.set_exception(error)
            else:
                self.set_result(result)
        except (InvalidStateError, RuntimeError):
            return  # cancelled meanwhile
        if error is None:
            self._call_back(result)

    def _failure(self) -> BaseException | None:
        return self.exception()

    def _call_back(self, result: Any) -> None:
        values = result if isinstance(result, tuple) else (result,)
        for callback in self._callbacks:
            try:
                callback(*values)
            except Exception:
                log.exception("A result callback of %s raised an exception", self._call.endpoint.api_name)

    def _notify(self) -> None:
        with self._changed:
            self._changed.notify_all()


def _listed(callbacks: Callbacks) -> list[Callable[..., Any]]:
    if callbacks is None:
        return []
    return [callbacks] if callable(callbacks) else list(callbacks)
