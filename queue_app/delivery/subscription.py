"""One reader of a session's messages: a batch per wake-up, so that an endpoint writes one chunk for many messages."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Protocol

import msgspec

from blocks_app.protocol import encode
from queue_app.signals import job_delivered

if TYPE_CHECKING:
    from queue_app.delivery.outbox_store import OutboxChannel
    from queue_app.delivery.sequenced_message import SequencedMessage


class Attending(Protocol):
    """What counts a connection."""

    def leave(self, *, for_good: bool = False) -> None:
        """It has closed; heard once, however often it is said."""


class Subscription:
    """Reads an outbox as batches: each step gives everything that has come since the last one.

    A plain reader is one without numbers (an event stream for Gradio's clients): coming back for more says that the
    last batch has been written, so it is forgotten; and a complete value in the middle of edits, which such a client
    would take for edits, becomes edits that replace everything.
    """

    __slots__ = ("_done", "_outbox", "_seen", "_unwritten", "_waiter", "attendance", "plain", "position", "replaced")

    def __init__(self, outbox: OutboxChannel, after: int = 0, plain: bool = False) -> None:
        self._outbox = outbox
        self.plain = plain
        self._seen: set[str | None] = set()
        self._waiter: asyncio.Future[None] | None = None
        self._unwritten: list[SequencedMessage] = []
        self._done = False
        #: Counts it as a connection of its session; None where nobody counts.
        self.attendance: Attending | None = None
        #: Number of the last message handed out.
        self.position = after
        #: True when a newer reader took over.
        self.replaced = False

    def __aiter__(self) -> Subscription:
        return self

    async def __anext__(self) -> list[SequencedMessage]:
        """Everything new; waits until there is something. Ends when replaced, closed, or the queue has stopped."""
        while True:
            batch = self.take()
            if batch:
                return batch
            if self._done:
                raise StopAsyncIteration
            self._waiter = asyncio.get_running_loop().create_future()
            try:
                await self._waiter
            finally:
                self._waiter = None

    def take(self) -> list[SequencedMessage]:
        """Everything new, without waiting. Coming back for more says that the last batch has been written."""
        self._written()
        if self.replaced:
            return []
        if self.plain:
            self._outbox.trim(self.position)
        batch = self._outbox.since(self.position)
        if batch:
            self.position = batch[-1].number
            if job_delivered.receivers:
                self._unwritten = batch
            if self.plain:
                batch = [self._edited(entry) for entry in batch]
        return batch

    def acknowledge(self, number: int) -> None:
        """Whoever reads has everything up to a number, of what was handed out here."""
        self._outbox.acknowledge(min(number, self.position))

    def keep(self, most: int) -> None:
        """Of what was handed out here only so many messages need be kept, once there are twice as many."""
        if len(self._outbox) > 2 * most:  # or a long generator would fill it with what was read
            self._outbox.trim(self.position - most)

    @property
    def is_idle(self) -> bool:
        """Whether nothing is pending and everything was handed out."""
        return not self._outbox.is_busy and self._outbox.number == self.position

    @property
    def is_settled(self) -> bool:
        """Whether, besides, whoever reads has said that all of it has come."""
        return self.is_idle and not len(self._outbox)

    def wake(self) -> None:
        """Something new is there."""
        if self._waiter is not None and not self._waiter.done():
            self._waiter.set_result(None)

    def replace(self) -> None:
        """A newer reader has taken over; this one ends at once."""
        self.replaced = True
        self.finish()

    def finish(self) -> None:
        """End after what is there."""
        self._done = True
        self.wake()

    def close(self, *, for_good: bool = False) -> None:
        """Stop reading; may be called twice. `for_good` when the client has said that it goes."""
        self._written()
        outbox = self._outbox
        if self.plain and not self.replaced:
            outbox.trim(self.position)
        self.finish()
        outbox.leave(self)
        if self.attendance is not None:
            self.attendance.leave(for_good=for_good)

    def _written(self) -> None:
        batch, self._unwritten = self._unwritten, []
        for entry in batch:
            if entry.kind == "process_completed" and entry.event_id is not None:
                job_delivered.send(entry.event_id)

    def _edited(self, entry: SequencedMessage) -> SequencedMessage:
        if entry.kind == "process_completed":
            self._seen.discard(entry.event_id)
        elif entry.kind == "process_generating" and entry.diff is False:
            if entry.event_id in self._seen:
                return type(entry)(entry.number, entry.event_id, _as_edits(entry.message), entry.kind, True)
            self._seen.add(entry.event_id)
        return entry


class _Generating(msgspec.Struct):
    msg: str
    event_id: str
    output: dict[str, msgspec.Raw]
    success: bool = True
    time_limit: float | None = None


_raw_list = msgspec.json.Decoder(list[msgspec.Raw])


def _as_edits(message: bytes) -> bytes:
    """A complete yield as one that replaces every value; needed only after a gap, so decoding it again is no matter."""
    generating = msgspec.json.decode(message, type=_Generating)
    output = generating.output
    edits = [b'[["replace",[],%b]]' % bytes(value) for value in _raw_list.decode(output["data"])]
    output["data"] = msgspec.Raw(b"[" + b",".join(edits) + b"]")
    return encode(generating)
