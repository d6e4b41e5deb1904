"""The one exit: a session's messages, numbered, bounded, read from any number on.

Every message is encoded once. Of an event's estimations and progress only the newest is kept. When the bound is
reached, the yields of each running event are merged into one complete value under the last of their numbers: a reader
that comes late gets the state instead of every step to it, and what is never read does not grow. Completions are kept
as long as unread_bounds.py allows, and else say so. Not thread-safe: lives on the server's event loop.

This is the channel of outbox_store.py within a process, where what each method promises is written.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from typing import Any

from blocks_app.protocol import Message, Output, ProcessGenerating, encode
from queue_app import conf
from queue_app.delivery import unread_bounds
from queue_app.delivery.outbox_store import SUPERSEDES, Values
from queue_app.delivery.sequenced_message import Diff, SequencedMessage
from queue_app.delivery.subscription import Subscription

MAX_MESSAGES = 2_000
MAX_BYTES = 4 * 1024 * 1024

_LARGEST_END = 1024 * 1024  # bytes of an end that is kept for viewers; of a larger one, that it is gone
_KINDS: dict[type[Message], str] = {}
#: Kinds of which only the newest of an event is worth sending.
_REPLACED = frozenset(kind for kinds in SUPERSEDES.values() for kind in kinds)


def without_values(entry: SequencedMessage) -> SequencedMessage:
    """The end of an event as one that says that it is not kept, if that is shorter."""
    text = unread_bounds.gone(entry.event_id)
    if len(text) >= len(entry.message):
        return entry
    return SequencedMessage(entry.number, entry.event_id, text, entry.kind)


class OpenEvent:
    """What an outbox knows of an event that is not complete: its first number, its last yield's, and its values.

    `messages` counts what was published of it.
    """

    __slots__ = ("first", "messages", "values", "yielded")

    def __init__(self, first: int) -> None:
        self.first = first
        self.yielded = self.messages = 0
        self.values: Any = None


class Outbox:
    """The messages of one session.

    Attributes:
        number: the last number given out.
        gone: the highest number that was forgotten.
        events: the events that are not complete, by id.
        reader: who reads now; the newest wins.
        side: readers beside the main one; usually none.
        ends: the events whose end is kept for viewers, with it once it has come; None for most sessions.
    """

    __slots__ = (
        "__weakref__", "_bytes", "_entries", "_latest", "_room", "_uncounted", "ends", "events", "gone", "max_bytes",
        "max_messages", "number", "reader", "side",
    )  # fmt: skip

    def __init__(self, max_messages: int = MAX_MESSAGES, max_bytes: int = MAX_BYTES) -> None:
        """Start empty; `max_messages` and `max_bytes` bound what is kept for readers to come."""
        self.number = 0
        self.gone = 0
        self.max_messages = max_messages
        self.max_bytes = max_bytes
        self.events: dict[str, OpenEvent] = {}
        self.reader: Subscription | None = None
        self.side: list[Subscription] = []
        self.ends: dict[str, SequencedMessage | None] | None = None
        self._entries: deque[SequencedMessage] = deque()
        self._bytes = self._uncounted = 0
        self._room = (max_messages, max_bytes)
        self._latest: dict[tuple[str | None, str], SequencedMessage] = {}

    def __len__(self) -> int:
        return len(self._entries)

    @property
    def size(self) -> int:
        """Bytes of all messages kept."""
        return self._bytes

    @property
    def is_numbered(self) -> bool:
        """See OutboxChannel."""
        return self.reader is not None and not self.reader.plain

    @property
    def is_read(self) -> bool:
        """Whether anybody reads it."""
        return self.reader is not None or bool(self.side)

    @property
    def pending(self) -> list[str]:
        """See OutboxChannel."""
        return list(self.events)

    @property
    def is_busy(self) -> bool:
        """Whether an event is open."""
        return bool(self.events)

    def is_open(self, event_id: str) -> bool:
        """See OutboxChannel."""
        return event_id in self.events

    def published(self, event_id: str) -> int:
        """See OutboxChannel."""
        opened = self.events.get(event_id)
        return opened.messages if opened is not None else 0

    # Writing

    def open(self, event_id: str) -> None:
        """See OutboxChannel."""
        self.events[event_id] = OpenEvent(self.number + 1)

    def close(self, event_id: str) -> int:
        """See OutboxChannel."""
        opened = self.events.pop(event_id, None)
        return opened.messages if opened is not None else 0

    def publish(self, message: Message, diff: Diff = False, values: Values | None = None) -> None:
        """See OutboxChannel."""
        kind = _KINDS.get(type(message))
        if kind is None:
            kind = _KINDS[type(message)] = str(message.__struct_config__.tag)
        text = encode(message)
        event_id = message.event_id
        if len(text) > self.max_bytes and len(text) > conf.unread_size():
            raise unread_bounds.AnswerTooLarge(len(text))
        opened = self.events.get(event_id or "")
        if opened is not None:
            opened.messages += 1
        self.number = number = self.number + 1
        entry = SequencedMessage(number, event_id, text, kind, diff)
        if kind == "process_generating":
            if opened is not None:
                opened.yielded = number
                opened.values = values
                if values is None and isinstance(message, ProcessGenerating):
                    opened.values = message.output.data
        elif kind in SUPERSEDES:
            for superseded in SUPERSEDES[kind]:
                self._supersede(event_id, superseded)
            if kind in _REPLACED:
                self._latest[(event_id, kind)] = entry
            elif self.ends and event_id in self.ends and kind == "process_completed":
                self.ends[event_id] = entry if len(text) <= _LARGEST_END else without_values(entry)
        self._entries.append(entry)
        self._bytes += len(text)
        if len(self._entries) > self._room[0] or self._bytes > self._room[1]:
            self._compact()
        self._uncounted += len(text)
        if self._uncounted > unread_bounds.SMALL:  # not for each of many small ones
            unread_bounds.added(self, self._uncounted)
            self._uncounted = 0
        if self.reader is not None:
            self.reader.wake()
        for reader in self.side:
            reader.wake()

    def _supersede(self, event_id: str | None, kind: str) -> None:
        entry = self._latest.pop((event_id, kind), None)
        if entry is not None:
            entry.stale = True

    def acknowledge(self, number: int) -> None:
        """See OutboxChannel."""
        for event in self.events.values():
            number = min(number, event.first - 1)
            break  # the first to be opened has the lowest number
        self.trim(number)

    def trim(self, number: int) -> None:
        """See OutboxChannel."""
        entries, before = self._entries, self._bytes
        while entries and entries[0].number <= number:
            entry = entries.popleft()
            self._bytes -= len(entry.message)
            self._lose(entry)
        unread_bounds.freed(before - self._bytes)

    def shrink(self, most: int) -> int:
        """See OutboxChannel."""
        before, kept = self._bytes, 0
        left: deque[SequencedMessage] = deque()
        for entry in reversed(self._entries):
            kept += len(entry.message)
            if kept <= most or entry.stale:
                left.appendleft(entry)
            elif entry.kind == "process_completed":
                left.appendleft(without_values(entry))
            else:
                self._lose(entry)
        self._entries = left
        self._bytes = sum(len(entry.message) for entry in left)
        self._room = (self.max_messages, self.max_bytes)
        unread_bounds.freed(before - self._bytes)
        return before - self._bytes

    # Reading

    def since(self, number: int) -> list[SequencedMessage]:
        """See OutboxChannel."""
        if number >= self.number:
            return []
        found: list[SequencedMessage] = []
        for entry in reversed(self._entries):
            if entry.number <= number:
                break
            if not entry.stale:
                found.append(entry)
        found.reverse()
        return self._repaired(found, number) if number < self.gone else found

    def subscribe(self, after: int = 0, *, takeover: bool = True, plain: bool = False) -> Subscription:
        """See OutboxChannel."""
        if after > self.number:
            self._jump(after)
        reader = Subscription(self, after, plain)
        if not takeover:
            self.side.append(reader)
            return reader
        if self.reader is not None:
            self.reader.replace()
        self.reader = reader
        return reader

    def before(self, event_id: str) -> int:
        """See OutboxChannel."""
        opened = self.events.get(event_id)
        return opened.first - 1 if opened is not None else 0

    def keep_end(self, event_id: str) -> None:
        """See OutboxChannel."""
        self.ends = self.ends or {}
        self.ends.setdefault(event_id, None)

    def end_of(self, event_id: str) -> SequencedMessage | None:
        """See OutboxChannel."""
        return self.ends.get(event_id) if self.ends else None

    def drop_end(self, event_id: str) -> None:
        """See OutboxChannel."""
        if self.ends:
            self.ends.pop(event_id, None)

    def join(self, reader: Subscription) -> None:
        """See OutboxChannel."""
        self.side.append(reader)

    def leave(self, reader: Subscription) -> None:
        """See OutboxChannel."""
        if self.reader is reader:
            self.reader = None
        elif reader in self.side:
            self.side.remove(reader)

    def finish(self) -> None:
        """See OutboxChannel."""
        for reader in (self.reader, *self.side):
            if reader is not None:
                reader.finish()

    def _jump(self, after: int) -> None:
        """The reader knew an earlier outbox of this name (the server was restarted): go on after its numbers."""
        for entry in self._entries:
            entry.number += after
        for event in self.events.values():
            event.first += after
            event.yielded += after if event.yielded else 0
        self.number += after
        self.gone = after

    # Bounds

    def _compact(self) -> None:
        """Merge yields and drop what is stale; then the oldest down to half of the bounds, completions last of all."""
        entries = list(self._merged())
        count, size = len(entries), sum(len(entry.message) for entry in entries)
        kept = self._entries = deque()
        for entry in entries:
            over = count > self.max_messages // 2 or size > self.max_bytes // 2
            if over and entry.kind != "process_completed" and entry.number != self.number:
                count -= 1
                size -= len(entry.message)
                self._lose(entry)
            else:
                kept.append(entry)
        most = max(self.max_bytes, conf.unread_size())
        for at, entry in enumerate(kept):
            if size <= most or entry.number == self.number:
                break
            if entry.kind == "process_completed":
                kept[at] = without_values(entry)
                size -= len(entry.message) - len(kept[at].message)
        while count > max(self.max_messages, 1):
            entry = kept.popleft()
            count -= 1
            size -= len(entry.message)
            self._lose(entry)
        self._bytes = size
        # If many completions are left, the next time is not the next message.
        self._room = (max(self.max_messages, 2 * count), max(self.max_bytes, min(2 * size, most)))

    def _merged(self) -> Iterator[SequencedMessage]:
        """The entries with each event's yields as one complete value; edits of ended events are left out."""
        for entry in self._entries:
            if entry.stale:
                continue
            if entry.kind == "process_generating":
                event = self.events.get(entry.event_id or "")
                if entry.number != event.yielded if event else entry.diff:
                    continue
                if event and entry.diff:
                    entry = self._complete(entry.event_id or "", event)
            yield entry

    def _lose(self, entry: SequencedMessage) -> None:
        self.gone = max(self.gone, entry.number)
        if not entry.stale and entry.kind in _REPLACED:
            self._latest.pop((entry.event_id, entry.kind), None)

    def _repaired(self, entries: list[SequencedMessage], after: int) -> list[SequencedMessage]:
        """What a reader gets when messages after `after` are gone.

        Edits whose base is gone are left out; of an event still open its last yield comes instead, complete. An ended
        event's completion has its values anyway.
        """
        based: set[str | None] = set()
        kept = []
        for entry in entries:
            if entry.kind == "process_generating":
                if entry.diff and entry.event_id not in based:
                    continue
                based.add(entry.event_id)
            kept.append(entry)
        lost = [(key, event) for key, event in self.events.items() if event.yielded > after and key not in based]
        if lost:
            kept += [self._complete(key, event) for key, event in lost]
            kept.sort(key=lambda entry: entry.number)
        return kept

    def _complete(self, event_id: str, event: OpenEvent) -> SequencedMessage:
        values = event.values
        data = values.raw() if isinstance(values, Values) else values
        text = encode(ProcessGenerating(event_id=event_id, output=Output(data=data, is_generating=True)))
        return SequencedMessage(event.yielded, event_id, text, "process_generating")
