"""Answers that come piece by piece: a session's messages, its heartbeat, and files. No network here."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from blocks_client._core.http import Close, Drain, Flow, Open, Read, Request, Response, Sleep, Work, rest, sent
from blocks_client._core.session import SERVER, Session
from blocks_client._exceptions import (
    AnswerError,
    AuthenticationError,
    ClientError,
    DownloadError,
    TransportError,
    UnavailableError,
)

if TYPE_CHECKING:
    from blocks_client._core.files import Folder
    from blocks_client._core.requests import Requests

#: Seconds between two tries to keep a session alive: the first pause, and the longest.
BEAT, BEAT_AT_MOST = 1.0, 60.0


def messages(core: Requests, session: Session) -> Flow[None]:
    """Read a session's stream while anybody waits for messages: comes back when it is cut, logs in again once.

    Whatever makes coming back senseless is told to everybody who waits.
    """
    logged_in = False
    while session.is_wanted:
        error: Exception | None = None
        try:
            yield from _received(core, session)
            logged_in = False
        except Exception as raised:
            error = raised
        yield Close()
        if core.closed:
            return
        if isinstance(error, AuthenticationError) and core.auth and not logged_in:
            logged_in = True
            try:
                yield from core.login()
            except ClientError as raised:
                session.refused(raised)
        elif error is None or isinstance(error, (TransportError, UnavailableError)):
            pause = session.cut(error)
            if pause:
                yield Sleep(pause)
        elif isinstance(error, ClientError):
            session.refused(error)
        else:
            session.refused(AnswerError(f"The stream of results makes no sense: {error}"))


def _received(core: Requests, session: Session) -> Flow[None]:
    """One stream, until the server ends it or nobody waits any more."""
    url = f"{core.ready().api}queue/data?session_hash={session.hash}"
    session.opened()
    head = yield from core.opened(core.request("GET", url)._replace(headers=session.headers), "The stream of results")
    session.answered(head.headers.get(SERVER))
    while True:
        piece = yield Read()
        if piece is None:
            return
        if session.receive(piece):
            break
    if session.app.closes:
        yield Drain()


def heartbeat(core: Requests, session_hash: str, is_stopped: Callable[[], bool] = lambda: False) -> Flow[None]:
    """Keep a session alive on the server, as an open page does; for apps with `App.needs_heartbeat`."""
    request = core.request("GET", f"{core.ready().api}heartbeat/{session_hash}", accept="text/event-stream")
    pause = BEAT
    while not is_stopped() and not core.closed:
        try:
            yield from core.opened(request, "The heartbeat")
            while not is_stopped() and (yield Read()) is not None:
                pause = BEAT
        except ClientError as error:
            status = getattr(error, "status", 0)
            if 400 <= status < 500 and status != 429:
                return  # this server has none
        yield Close()
        yield Sleep(pause)
        pause = min(2 * pause, BEAT_AT_MOST)


def saved(request: Request, folder: Folder, name: str, size: int | None) -> Flow[Response]:
    """An answer whose body becomes a file, its `path`; a refusal and a redirect have theirs as usual."""
    head = yield from sent(Open(request))
    if head.status >= 300:
        return head._replace(body=(yield from rest()))
    arrival = folder.open(name, _size(head, size))
    try:
        while True:
            piece = yield Read()
            if piece is None:
                break
            if arrival.would_block:
                yield Work(arrival.write, (piece,))
            else:
                arrival.write(piece)
        if arrival.is_large:
            yield Work(arrival.settle)
        path = arrival.done()
    except TransportError as error:
        arrival.failed()
        raise DownloadError(f"Downloading {name} broke off: {error}") from error
    except BaseException:
        arrival.failed()
        raise
    yield Close()
    return head._replace(path=path)


def _size(head: Response, declared: int | None) -> int | None:
    """How many bytes a file has, as the server says: in the answer, or else with the result."""
    length = head.headers.get("content-length", "")
    if length.isdigit() and "content-encoding" not in head.headers:
        return int(length)
    return declared
