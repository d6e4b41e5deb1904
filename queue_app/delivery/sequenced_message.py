"""One numbered message, as it is kept and handed to readers."""

from __future__ import annotations

from typing import Literal

#: How values are sent: as edits (True), complete because no value came before (False), always complete (None).
Diff = Literal[True, False, None]


class SequencedMessage:
    """One message in an outbox.

    Attributes:
        number: its place, counted from 1 for each outbox.
        event_id: the event that it tells of.
        message: the encoded JSON.
        kind: the message's `msg`.
        diff: True when its values are edits against the yield before; None for events that never send edits.
        stale: True when a newer message says it all; it is not sent any more.
    """

    __slots__ = ("diff", "event_id", "kind", "message", "number", "stale")

    def __init__(self, number: int, event_id: str | None, message: bytes, kind: str, diff: Diff = False) -> None:
        self.number = number
        self.event_id = event_id
        self.message = message
        self.kind = kind
        self.diff: Diff = diff
        self.stale = False


def text_of(entry: SequencedMessage) -> bytes:
    """A message for readers with numbers: a yield says whether it is edits, as it may be complete in the middle."""
    if entry.kind != "process_generating":
        return entry.message
    return entry.message[:-1] + (b',"diff":true}' if entry.diff else b',"diff":false}')
