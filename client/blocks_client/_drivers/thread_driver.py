"""Runs the core's flows with threads: carries out what they ask for, and decides nothing."""

from __future__ import annotations

import functools
import threading
from collections.abc import Callable, Iterator, Mapping
from typing import TYPE_CHECKING, Any

import httpx

from blocks_client._core.http import Close, Drain, Flow, Open, Read, Response, Send, Sleep, T, Wait, Work
from blocks_client._drivers import transport
from blocks_client._drivers.connections import Exchange, sending, shutdown, socket_of
from blocks_client._drivers.thread_connections import ThreadConnections

if TYPE_CHECKING:
    from blocks_client._core.call import Call
    from blocks_client._core.core import Core


class Driver:
    """The connections of a client.

    Attributes:
        closing: set when the client is closed; nobody sleeps on then.
    """

    def __init__(self, core: Core, settings: transport.Settings) -> None:
        self.closing = threading.Event()
        self._core = core
        self._settings = settings
        self._http = httpx.Client(**settings.client)
        self._connections = ThreadConnections(settings.sockets)

    def run(self, flow: Flow[T], stream: Stream | None = None, stopped: threading.Event | None = None) -> T:
        """Run a flow to its end. `stream` is what it may have open, and `stopped` ends its sleep."""
        stream = stream or Stream(self)
        try:
            command = next(flow)
            while True:
                try:
                    result = self._do(command, stream, stopped or self.closing)
                except Exception as error:
                    command = flow.throw(error)
                else:
                    command = flow.send(result)
        except StopIteration as stop:
            value: T = stop.value
            return value
        finally:
            stream.close()

    def shutdown(self) -> None:
        """Wake all who wait for the network or sleep."""
        self.closing.set()
        self._connections.shutdown()

    def close(self) -> None:
        """Close the connections that are kept."""
        self._http.close()

    def _do(self, command: Any, stream: Stream, stopped: threading.Event) -> Any:
        if isinstance(command, Wait):
            return _wait(command.call, command.seconds)
        if isinstance(command, Send):
            return self._send(command)
        if isinstance(command, Read):
            return stream.read()
        if isinstance(command, Open):
            return stream.open(command)
        if isinstance(command, Sleep):
            return stopped.wait(command.seconds)
        if isinstance(command, Work):
            return command.function(*command.arguments)
        assert isinstance(command, (Drain, Close))
        return stream.drain() if isinstance(command, Drain) else stream.close()

    def _send(self, command: Send) -> Response:
        response, exchange = self.request(Open(command.request))
        try:
            return transport.answer_of(response, response.read())
        except httpx.HTTPError as error:
            raise transport.failed(error, command.request.url) from error
        finally:
            self.end(response, exchange)

    def request(self, command: Open) -> tuple[httpx.Response, Exchange]:
        """An answer that has begun; whoever asks calls `end` after it."""
        asked, exchange = command.request, Exchange()
        trace = functools.partial(self._trace, exchange)
        request = transport.request_of(self._http, self._core, command, self._settings, asked.content, trace)
        before = sending.set(exchange)
        try:
            auth = self._settings.auth_for(asked)
            return self._http.send(request, auth=auth, stream=True, follow_redirects=False), exchange
        except BaseException as error:
            self._connections.end(exchange)
            raised = transport.ours(error, self._http, asked.url, exchange.is_fresh)
            if raised is not None:
                raise raised from error
            raise
        finally:
            sending.reset(before)

    def end(self, response: httpx.Response, exchange: Exchange) -> None:
        """An answer is over, or not wanted any more."""
        try:
            response.close()
        finally:
            self._connections.end(exchange)

    def _trace(self, exchange: Exchange, event: str, info: Mapping[str, Any]) -> None:
        if self._connections.traced(exchange, event, info):
            self._connections.opening()


class Stream:
    """What a flow has open. Others may interrupt it; `is_wanted` says whether somebody waits for messages."""

    def __init__(self, driver: Driver, is_wanted: Callable[[], bool] = lambda: True) -> None:
        self._driver = driver
        self._is_wanted = is_wanted
        self._lock = threading.Lock()
        self._is_draining = False
        self._response: httpx.Response | None = None
        self._exchange = Exchange()
        self._pieces: Iterator[bytes] = iter(())

    def open(self, command: Open) -> Response:
        """Close what was open, open the next."""
        self.close()
        self._response, self._exchange = self._driver.request(command)
        self._pieces = self._response.iter_bytes()
        return transport.answer_of(self._response)

    def read(self) -> bytes | None:
        """The next piece; None at the end."""
        try:
            return next(self._pieces, None)
        except (httpx.HTTPError, httpx.StreamError) as error:
            raise transport.broken(error) from error

    def drain(self) -> None:
        """Wait for the end, or for `interrupt_drain`."""
        with self._lock:
            self._is_draining = not self._is_wanted()
        if self._is_draining:
            try:
                next(self._pieces, None)
            except (httpx.HTTPError, httpx.StreamError):
                pass  # its connection is not used again then
            finally:
                with self._lock:
                    self._is_draining = False

    def interrupt_drain(self) -> None:
        """Somebody waits for messages: no more waiting for the end of what is over."""
        with self._lock:
            if self._is_draining:
                self.interrupt()

    def interrupt(self) -> None:
        """Whoever reads sees an end at once."""
        response = self._response
        if response is not None:
            shutdown(socket_of(response.extensions.get("network_stream")))

    def close(self) -> None:
        """Nothing is open."""
        response, self._response, self._pieces = self._response, None, iter(())
        if response is not None:
            self._driver.end(response, self._exchange)


def _wait(call: Call, seconds: float | None) -> list[Any]:
    arrived = threading.Event()
    call.wake = arrived.set
    items = call.take()
    if not items:
        arrived.wait(seconds)
        items = call.take()
    return items
