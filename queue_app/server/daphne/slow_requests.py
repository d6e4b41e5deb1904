"""Daphne's clients that take their time: a request that comes a byte at a time ends instead of holding a connection.

Twisted ends a connection on which nothing happens for a minute, and one byte every ten seconds is something. Here the
head of a request has `BLOCKS_SLOW_WRITER` seconds, and its body as long as it comes with a sensible pace. Nothing is
timed for it: whoever trickles is looked at when the next drop falls.
"""

from __future__ import annotations

import time
from typing import Any

from queue_app.server.daphne.patching import replace
from queue_app.server.network.refusals import answer


def install() -> None:
    """Change Twisted's channels in this process; `body_spooling.install` calls it, once."""
    from twisted.web.http import HTTPChannel

    kind: Any = HTTPChannel
    data_received, content = kind.dataReceived, kind.allContentReceived

    def dataReceived(channel: Any, data: bytes) -> Any:
        if not channel._handlingRequest:
            now = time.monotonic()
            if channel.begun is None:
                channel.begun = now
            elif _is_late(channel, now - channel.begun):
                return _end(channel)
        return data_received(channel, data)

    def allContentReceived(channel: Any) -> None:
        channel.begun = None
        content(channel)

    kind.begun = None
    replace(kind, dataReceived=dataReceived, allContentReceived=allContentReceived)


def _is_late(channel: Any, taken: float) -> bool:
    from queue_app.uploads.body_limits import patience  # Django, ready when the first request comes

    body = _body_of(channel)
    limit = patience(body.came + body.drained if body is not None else 0)
    return bool(limit) and taken > limit


def _body_of(channel: Any) -> Any:
    """What counts the body that comes; None before one does, and for requests that are not Daphne's."""
    return getattr(channel.requests[-1], "body", None) if channel.requests else None


def _end(channel: Any) -> None:
    """Say why, and hang up."""
    from queue_app.uploads.body_limits import SLOW
    from queue_app.uploads.upload_meter import Body

    channel.dataReceived = channel.lineReceived = lambda *_: None  # what still comes is nobody's
    body = Body(None, None)
    body.refuse(408, SLOW)
    coming = _body_of(channel)
    if coming is None or not coming.drained:  # else it has been answered
        channel.transport.write(answer(*body.answer()))
    channel.setTimeout(channel.timeOut)  # and whoever does not take it is dropped
    channel.loseConnection()
