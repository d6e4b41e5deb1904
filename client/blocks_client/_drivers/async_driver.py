"""Runs the core's flows with asyncio: carries out what they ask for, and decides nothing."""

from __future__ import annotations

import asyncio
import functools
from collections.abc import AsyncIterator, Callable, Mapping
from typing import TYPE_CHECKING, Any

import httpx

from blocks_client._core.files import Form
from blocks_client._core.http import Close, Drain, Flow, Open, Read, Response, Send, Sleep, T, Wait, Work
from blocks_client._drivers import transport
from blocks_client._drivers.async_connections import AsyncConnections
from blocks_client._drivers.connections import Exchange, sending

if TYPE_CHECKING:
    from blocks_client._core.call import Call
    from blocks_client._core.core import Core


class AsyncDriver:
    """The connections of a client."""

    def __init__(self, core: Core, settings: transport.Settings) -> None:
        self._core = core
        self._settings = settings
        self._http = httpx.AsyncClient(**settings.client)
        self._connections = AsyncConnections(settings.sockets)

    async def run(self, flow: Flow[T], stream: AsyncStream | None = None) -> T:
        """Run a flow to its end. `stream` is what it may have open."""
        stream = stream or AsyncStream(self)
        try:
            command = next(flow)
            while True:
                try:
                    result = await self._do(command, stream)
                except (Exception, asyncio.CancelledError) as error:
                    command = flow.throw(error)
                else:
                    command = flow.send(result)
        except StopIteration as stop:
            value: T = stop.value
            return value
        finally:
            await stream.close()

    async def close(self) -> None:
        """Close the connections that are kept."""
        await self._http.aclose()

    async def _do(self, command: Any, stream: AsyncStream) -> Any:
        if isinstance(command, Wait):
            return await _wait(command.call, command.seconds)
        if isinstance(command, Send):
            return await self._send(command)
        if isinstance(command, Read):
            return await stream.read()
        if isinstance(command, Open):
            return await stream.open(command)
        if isinstance(command, Sleep):
            return await asyncio.sleep(command.seconds)
        if isinstance(command, Work):
            return await asyncio.to_thread(command.function, *command.arguments)
        assert isinstance(command, (Drain, Close))
        return await (stream.drain() if isinstance(command, Drain) else stream.close())

    async def _send(self, command: Send) -> Response:
        response, exchange = await self.request(Open(command.request))
        try:
            return transport.answer_of(response, await response.aread())
        except httpx.HTTPError as error:
            raise transport.failed(error, command.request.url) from error
        finally:
            await self.end(response, exchange)

    async def request(self, command: Open) -> tuple[httpx.Response, Exchange]:
        """An answer that has begun; whoever asks calls `end` after it."""
        asked, exchange = command.request, Exchange()
        trace = functools.partial(self._trace, exchange)
        content = _pieces(asked.content) if isinstance(asked.content, Form) else asked.content
        request = transport.request_of(self._http, self._core, command, self._settings, content, trace)
        before = sending.set(exchange)
        try:
            auth = self._settings.auth_for(asked)
            return await self._http.send(request, auth=auth, stream=True, follow_redirects=False), exchange
        except BaseException as error:
            await self._connections.end(exchange)
            raised = transport.ours(error, self._http, asked.url, exchange.is_fresh)
            if raised is not None:
                raise raised from error
            raise
        finally:
            sending.reset(before)

    async def end(self, response: httpx.Response, exchange: Exchange) -> None:
        """An answer is over, or not wanted any more."""
        try:
            await response.aclose()
        finally:
            await self._connections.end(exchange)

    async def _trace(self, exchange: Exchange, event: str, info: Mapping[str, Any]) -> None:
        if self._connections.traced(exchange, event, info):
            await self._connections.opening()


class AsyncStream:
    """What a flow has open."""

    def __init__(self, driver: AsyncDriver, is_wanted: Callable[[], bool] = lambda: True) -> None:
        self._driver = driver
        self._is_wanted = is_wanted
        self._draining: asyncio.Task[Any] | None = None
        self._response: httpx.Response | None = None
        self._exchange = Exchange()
        self._pieces: AsyncIterator[bytes] | None = None

    async def open(self, command: Open) -> Response:
        """Close what was open, open the next."""
        await self.close()
        self._response, self._exchange = await self._driver.request(command)
        self._pieces = self._response.aiter_bytes()
        return transport.answer_of(self._response)

    async def read(self) -> bytes | None:
        """The next piece; None at the end."""
        try:
            return await self._pieces.__anext__() if self._pieces is not None else None
        except StopAsyncIteration:
            return None
        except (httpx.HTTPError, httpx.StreamError) as error:
            raise transport.broken(error) from error

    async def drain(self) -> None:
        """Wait for the end, or for `interrupt_drain`."""
        if self._is_wanted():
            return
        self._draining = asyncio.ensure_future(self.read())
        try:
            await asyncio.wait([self._draining])
        finally:
            self._draining.cancel()
            await asyncio.gather(self._draining, return_exceptions=True)
            self._draining = None

    def interrupt_drain(self) -> None:
        """Somebody waits for messages: no more waiting for the end of what is over."""
        if self._draining is not None:
            self._draining.cancel()

    async def close(self) -> None:
        """Nothing is open."""
        response, self._response, self._pieces = self._response, None, None
        if response is not None:
            await self._driver.end(response, self._exchange)


async def _wait(call: Call, seconds: float | None) -> list[Any]:
    arrived = asyncio.Event()
    call.wake = arrived.set
    items = call.take()
    if not items:
        try:
            await asyncio.wait_for(arrived.wait(), seconds)
        except asyncio.TimeoutError:
            pass  # none came; the core knows what that means
        items = call.take()
    return items


async def _pieces(form: Form) -> AsyncIterator[bytes]:
    """A form, its file read in a thread."""
    pieces = iter(form)
    while True:
        piece = await asyncio.to_thread(next, pieces, b"")
        if not piece:
            return
        yield piece
