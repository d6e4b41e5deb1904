"""Frames of the page's endpoints: long ones in pieces, and whose a frame is that cannot be read.

Servers limit a WebSocket message, and not all at the same size: Daphne at 1 MiB in both directions, Uvicorn at 16 MiB
for what it gets. No frame of ours is longer than every one of them takes. What is longer comes and goes in parts, and
a batch of many messages, as after a break, in several frames.
"""

from __future__ import annotations

import re
import time
import weakref
from collections.abc import Iterator
from typing import TYPE_CHECKING

import msgspec

from blocks_app.protocol import Part, Piece, encode
from queue_app.conf import max_body_size
from queue_app.delivery.delivery_loop import MOST_AT_ONCE
from queue_app.delivery.sequenced_message import text_of
from queue_app.exceptions import QueueError

if TYPE_CHECKING:
    from queue_app.delivery.sequenced_message import SequencedMessage

#: Bytes of a piece. Within a frame each of them may need two: quotes are escaped.
PIECE = MOST_AT_ONCE
#: Bytes of the longest frame that is sent as it is.
LONGEST = 900 * 1024
#: Bytes that a part must have to cost the page nothing of its rate; its frame has been counted.
_WORTH = 64 * 1024
#: Unfinished frames of all pages may take so many times the longest one, and at least so many bytes.
_TIMES, _AT_LEAST = 8, 256 * 1024 * 1024
#: Seconds without a further part after which an unfinished frame may make room for others.
_STALLED = 10.0

_HEAD = 400  # characters of a frame in which the page names the event
_EVENT_ID = re.compile(r'"event_id"\s*:\s*"([0-9A-Za-z_-]{8,64})"')


class TooLong(QueueError):
    """The message is longer than the site takes."""

    status = 413


class NoRoom(QueueError):
    """The server is receiving too many large messages at the moment. Try again in a while."""

    status = 503


class OutOfOrder(QueueError):
    """A part of this message is missing, or took too long. Try again."""

    status = 408


# Out


def frame_of(batch: list[SequencedMessage]) -> str:
    """A batch as one frame. Yields say whether their values are edits, as they may be complete in the middle."""
    items = [b"[%d,%s]" % (entry.number, text_of(entry)) for entry in batch]
    return (b'{"type":"messages","items":[' + b",".join(items) + b"]}").decode()


def frames_of(group: list[SequencedMessage]) -> Iterator[str]:
    """The same as one frame, or as pieces of it where it is too long. Never is a long one copied as a whole."""
    if len(group) > 1 or len(group[0].message) <= LONGEST - 100:
        yield frame_of(group)
        return
    (entry,) = group
    text = text_of(entry)
    begin, end = 0, 0
    while end < len(text):
        begin, end = end, _boundary(text, end + PIECE)
        piece = text[begin:end]
        if begin == 0:
            piece = b'{"type":"messages","items":[[%d,%s' % (entry.number, piece)
        if end == len(text):
            piece += b"]]}"
        yield encode(Piece(piece.decode(), end < len(text))).decode()


def _boundary(text: bytes, at: int) -> int:
    """The first byte of the character at a place."""
    if at >= len(text):
        return len(text)
    while text[at] & 0xC0 == 0x80:
        at -= 1
    return at


# In


def checked_size(raw: bytes | str) -> bytes | str:
    """A frame that is not too long; raises TooLong."""
    if len(raw) > max_body_size() and not _is_part(raw):
        raise _too_long()
    return raw


def _is_part(raw: bytes | str) -> bool:
    """Whether it begins like a part."""
    return '"part"' in (raw[:20] if isinstance(raw, str) else raw[:20].decode("latin-1"))


def event_in(raw: bytes | str) -> str | None:
    """The event that an unreadable frame is about, as far as it tells."""
    head = raw[:_HEAD] if isinstance(raw, str) else raw[:_HEAD].decode("utf-8", "replace")
    found = _EVENT_ID.search(head)
    if found is not None:
        return found[1]
    try:
        return msgspec.json.decode(raw, type=_About).event_id
    except (msgspec.MsgspecError, UnicodeError, RecursionError):
        return None


class _About(msgspec.Struct):
    event_id: str | None = None


def split(body: bytes) -> list[bytes]:
    """The frames of a list as bytes, also where texts in them have half characters. Raises what msgspec raises."""
    try:
        return [bytes(frame) for frame in _list.decode(body)]
    except msgspec.DecodeError:
        healed = _HALF.sub(rb"\\u0041", body)  # as long as before, so that the places are the same
        if healed == body:
            raise
    frames, end = [], 0
    for frame in _list.decode(healed):
        begin = healed.index(bytes(frame), end)
        end = begin + len(bytes(frame))
        frames.append(body[begin:end])
    return frames


_list: msgspec.json.Decoder[list[msgspec.Raw]] = msgspec.json.Decoder(list[msgspec.Raw])
_HALF = re.compile(rb"\\u[dD][89a-fA-F][0-9a-fA-F]{2}")


class Parts:
    """The parts of one page's long frame that have come so far.

    Attributes:
        event_id: the event whose frame is coming; None between two.
    """

    __slots__ = ("__weakref__", "_next", "_refused", "_seen", "_text", "event_id")

    def __init__(self) -> None:
        self.event_id: str | None = None
        self._text = bytearray()
        self._next = 0
        self._seen = 0.0
        self._refused: str | None = None

    def is_next(self, raw: bytes | str) -> bool:
        """Whether this looks like a part of the frame that is coming, which is counted already."""
        return self.event_id is not None and len(raw) >= _WORTH and _is_part(raw)

    def add(self, part: Part) -> bytes | None:
        """One more; the whole frame with the last. What still comes of a refused one is passed over.

        Raises TooLong, NoRoom, OutOfOrder: the frame is refused.
        """
        if part.index == 0:
            self.drop()
            self.event_id, self._next, self._refused = part.event_id, 0, None
            _unfinished.add(self)
        elif part.event_id == self._refused:
            return None
        if part.event_id != self.event_id or part.index != self._next:
            self._refuse(part.event_id)
            raise OutOfOrder
        self._next += 1
        self._seen = time.monotonic()
        try:
            text = part.text.encode()
            self._make_room(max(len(text), part.length - len(self._text)))
        except QueueError:
            self._refuse(part.event_id)
            raise
        self._text += text
        if part.more:
            return None
        whole = bytes(self._text)
        self.drop()
        return whole

    def drop(self) -> None:
        """Forget what has come."""
        self.event_id = None
        self._text = bytearray()
        _unfinished.discard(self)

    def _refuse(self, event_id: str) -> None:
        self.drop()
        self._refused = event_id

    def _make_room(self, size: int) -> None:
        limit = max_body_size()
        if len(self._text) + size > limit:
            raise _too_long()
        most = max(_TIMES * limit, _AT_LEAST)
        for other in _oldest() if _held() + size > most else ():
            if other is not self and self._seen - other._seen > _STALLED:
                other.drop()
        if _held() + size > most:
            raise NoRoom


_unfinished: weakref.WeakSet[Parts] = weakref.WeakSet()


def _held() -> int:
    return sum(len(parts._text) for parts in _unfinished)


def _oldest() -> list[Parts]:
    return sorted(_unfinished, key=lambda parts: parts._seen)


def _too_long() -> TooLong:
    return TooLong(f"The message is larger than {max_body_size()} bytes, the most that this site takes.")
