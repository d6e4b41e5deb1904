"""The threads that listen: one for a session's messages, one for its heartbeat."""

from __future__ import annotations

import threading
from collections.abc import Callable, Generator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from blocks_client._exceptions import (
    AnswerError,
    AuthenticationError,
    ClientError,
    TransportError,
    UnavailableError,
)
from blocks_client._http import Answer, Ask, redirected, refusal
from blocks_client._session import SERVER
from blocks_client._threads import shutdown, socket_of

if TYPE_CHECKING:
    import httpx

    from blocks_client._core import Core
    from blocks_client._session import Session

_IDLE = 10.0


class Streams:
    """How a listener opens a stream; given by the client."""

    def __init__(self, core: Core, open: Callable[[Ask], httpx.Response], drive: Callable[[Any], Any]) -> None:
        self.core = core
        self._open = open
        self.drive = drive
        self.closing = threading.Event()

    @contextmanager
    def opened(self, ask: Ask) -> Generator[httpx.Response, None, None]:
        """A stream, after redirects. Raises what a refusal means."""
        for hops in range(1, 12):
            response = self._open(ask)
            head = Answer(response.status_code, response.headers, b"", ask.url, {})
            target = redirected(ask, head)
            if not target:
                break
            response.close()
            ask = self.core.follow(ask, response.status_code, target, hops)
        try:
            if response.status_code >= 300:
                response.read()
                raise refusal(head._replace(body=response.content), "The stream of results")
            yield response
        finally:
            response.close()


class Reader:
    """Reads a session's stream in a thread of its own while anybody waits for messages."""

    def __init__(self, streams: Streams, session: Session) -> None:
        self._streams = streams
        self._session = session
        self._news = threading.Condition()
        self._thread: threading.Thread | None = None
        self._response: httpx.Response | None = None
        self._is_ending = False
        self._logged_in = False

    def wanted(self) -> None:
        """Somebody waits."""
        with self._news:
            if self._thread is None:
                self._thread = threading.Thread(target=self._loop, name="blocks-client-stream", daemon=True)
                self._thread.start()
            if self._is_ending and self._response is not None:  # it only waits for the end of a stream that is over
                shutdown(socket_of(self._response.extensions.get("network_stream")))
            self._news.notify()

    def close(self) -> threading.Thread | None:
        """End the thread; the client wakes it by its socket."""
        with self._news:
            self._news.notify()
            return self._thread

    def _loop(self) -> None:
        while True:
            with self._news:
                self._news.wait_for(lambda: self._session.is_wanted or self._streams.closing.is_set(), _IDLE)
                if self._streams.closing.is_set() or not self._session.is_wanted:
                    self._thread = None
                    return
            self._read()

    def _read(self) -> None:
        error: Exception | None = None
        try:
            self._receive()
            self._logged_in = False
        except Exception as raised:
            error = raised
        if self._streams.closing.is_set() or self._has_logged_in(error) or self._is_over(error):
            return
        pause = self._session.cut(error)
        if pause:
            self._streams.closing.wait(pause)

    def _receive(self) -> None:
        session = self._session
        session.opened()
        with self._streams.opened(self._streams.core.stream(session)) as response:
            self._response, is_over = response, False
            session.answered(response.headers.get(SERVER))
            try:
                for chunk in response.iter_bytes():
                    if is_over:
                        break
                    is_over = session.receive(chunk)
                    if is_over and not self._may_end(session):
                        break
            except Exception:
                if not self._is_ending:
                    raise
            finally:
                with self._news:
                    self._response, self._is_ending = None, False

    def _may_end(self, session: Session) -> bool:
        """Wait for the end of the answer, so that the connection can be used again; not if somebody waits for news."""
        with self._news:
            self._is_ending = session.app.closes and not session.is_wanted
            return self._is_ending

    def _has_logged_in(self, error: Exception | None) -> bool:
        """Whether only the login had expired and there is a new one."""
        if not isinstance(error, AuthenticationError) or not self._streams.core.auth or self._logged_in:
            return False
        self._logged_in = True
        try:
            self._streams.drive(self._streams.core.login())
        except ClientError as raised:
            self._session.refused(raised)
        return True

    def _is_over(self, error: Exception | None) -> bool:
        """Whether coming back makes no sense; then everybody has been told."""
        if error is None or isinstance(error, (TransportError, UnavailableError)) or _is_cut(error):
            return False
        if not isinstance(error, ClientError):
            error = AnswerError(f"The stream of results makes no sense: {error}")
        self._session.refused(error)
        return True


def _is_cut(error: Exception) -> bool:
    """Whether httpx says that the connection broke."""
    import httpx

    return isinstance(error, (httpx.TransportError, httpx.StreamError))


class Heartbeat:
    """Keeps a session alive on the server, as an open page does, in a thread of its own."""

    def __init__(self, streams: Streams, session_hash: str) -> None:
        self._streams = streams
        self._hash = session_hash
        self._response: httpx.Response | None = None
        self._stopped = threading.Event()
        self._thread = threading.Thread(target=self._loop, name="blocks-client-heartbeat", daemon=True)
        self._thread.start()

    def stop(self) -> threading.Thread:
        """Let the session go; the server then runs its `unload`."""
        self._stopped.set()
        response = self._response
        if response is not None:
            shutdown(socket_of(response.extensions.get("network_stream")))
        return self._thread

    def _loop(self) -> None:
        pause = 1.0
        ask = self._streams.core.heartbeat(self._hash)
        while ask is not None and not self._stopped.is_set() and not self._streams.closing.is_set():
            try:
                with self._streams.opened(ask) as response:
                    self._response = response
                    for _ in response.iter_bytes():
                        pause = 1.0
                        if self._stopped.is_set():
                            return
            except ClientError as error:
                if 400 <= getattr(error, "status", 0) < 500 and getattr(error, "status", 0) != 429:
                    return  # this server has no heartbeat
            except Exception:
                pass  # cut, or closing: the loop knows
            self._stopped.wait(pause)
            pause = min(2 * pause, 60.0)
