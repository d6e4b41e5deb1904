"""A call under way, with asyncio; and the task that reads the messages of all calls."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Generator
from typing import TYPE_CHECKING, Any

import httpx

from blocks_client._call import Call
from blocks_client._exceptions import (
    AnswerError,
    AuthenticationError,
    ClientError,
    TransportError,
    UnavailableError,
)
from blocks_client._session import SERVER, Session
from blocks_client._status import Status, StatusUpdate

if TYPE_CHECKING:
    from blocks_client._async_client import AsyncClient


class AsyncJob:
    """A call under way: `await` it for its result, iterate it with `async for` for its values."""

    def __init__(self, client: AsyncClient, call: Call) -> None:
        self._client = client
        self._call = call
        self._news: asyncio.Event = asyncio.Event()
        call.updated = self._news.set
        self._task: asyncio.Task[Any] = client._own(client._work(call))
        self._task.add_done_callback(lambda task: self._news.set())

    def __await__(self) -> Generator[Any, None, Any]:
        return self._task.__await__()

    async def result(self, timeout: float | None = None) -> Any:
        """The result; asyncio.TimeoutError when it does not come in time, while the call goes on."""
        return await asyncio.wait_for(asyncio.shield(self._task), timeout)

    async def __aiter__(self) -> AsyncIterator[Any]:
        seen = 0
        while True:
            self._news.clear()
            while seen < len(self._call.outputs):
                seen += 1
                yield self._call.outputs[seen - 1]
            if self._task.done():
                break
            await self._news.wait()
        if not self.cancelled():
            self._task.result()

    def outputs(self) -> list[Any]:
        """The values so far."""
        return self._call.outputs

    def status(self) -> StatusUpdate:
        """The newest that is known."""
        if not self._task.done():
            return self._call.status
        if self.cancelled():
            return StatusUpdate.over(Status.CANCELLED, False)
        return StatusUpdate.over(Status.FINISHED, self._task.exception() is None)

    def done(self) -> bool:
        """Whether it is over."""
        return self._task.done()

    def cancelled(self) -> bool:
        """Whether it was cancelled."""
        return self._task.cancelled()

    async def cancel(self) -> bool:
        """Stop it, here and on the server. False when it is already over."""
        if self._task.done():
            return False
        self._task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await self._task
        await self._client._cancelled(self._call)
        return True


class AsyncReader:
    """Reads a session's stream in a task while anybody waits for messages."""

    session: Session

    def __init__(self, client: AsyncClient) -> None:
        self._client = client
        self._task: asyncio.Task[Any] | None = None

    def wanted(self) -> None:
        """Somebody waits."""
        if self._task is None:
            self._task = self._client._own(self._loop())
            self._client._listeners.add(self._task)

    async def _loop(self) -> None:
        logged_in = False
        try:
            while self.session.is_wanted:
                error: Exception | None = None
                try:
                    await self._receive()
                except (ClientError, httpx.HTTPError, ValueError) as raised:
                    error = raised
                if isinstance(error, AuthenticationError) and self._client._core.auth and not logged_in:
                    logged_in = True
                    await self._client._drive(self._client._core.login())
                elif error is None or isinstance(error, (TransportError, UnavailableError, httpx.HTTPError)):
                    pause = self.session.cut(error)
                    if pause:
                        await asyncio.sleep(pause)
                else:
                    self._refuse(error)
        except Exception as error:
            self._refuse(error)
        finally:
            self._task = None

    def _refuse(self, error: Exception) -> None:
        if not isinstance(error, ClientError):
            error = AnswerError(f"The stream of results makes no sense: {error}")
        self.session.refused(error)

    async def _receive(self) -> None:
        session = self.session
        session.opened()
        async with self._client._opened(self._client._core.stream(session)) as response:
            session.answered(response.headers.get(SERVER))
            async for chunk in response.aiter_bytes():
                if session.receive(chunk):
                    return
