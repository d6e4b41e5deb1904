"""One channel of an app that several processes serve, as one of them has it.

What is written goes into a buffer, which the store ships; what is read is a copy of what Redis has, as far as this
process has asked for it. Redis gives the numbers, so nothing that was written can be read before it has been there.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

import msgspec

from blocks_app.protocol import Message, ProcessCompleted, ProcessGenerating, encode
from queue_app import conf
from queue_app.delivery import unread_bounds
from queue_app.delivery.handover import NOBODY, Handover
from queue_app.delivery.outbox import OpenEvent, Outbox
from queue_app.delivery.outbox_store import SUPERSEDES, Values
from queue_app.delivery.sequenced_message import Diff, SequencedMessage
from queue_app.delivery.shown import Shown
from queue_app.delivery.subscription import Subscription
from queue_app.delivery.written import DIFF_OF, Written

_KINDS: dict[type[Message], str] = {}
_REPLACED = frozenset(kind for kinds in SUPERSEDES.values() for kind in kinds)
#: Operations that bring nothing new to whoever reads.
_SILENT = frozenset("atlnvwezq")


class RedisChannel(Outbox):
    """See OutboxChannel. As an outbox it is the copy of what Redis has."""

    __slots__ = (
        "_asked", "_ends", "_floor", "_note", "_opened", "_turn", "_until", "buffer", "epoch", "fences", "name",
        "wanted",
    )  # fmt: skip

    def __init__(self, name: str, note: Callable[..., None]) -> None:
        """Begin without knowing anything; `note` is told of what is to be shipped, and whether that may wait."""
        super().__init__()
        self.name = name
        #: What is to be done in Redis, in order.
        self.buffer: list[Written | Shown | list[Any]] = []
        #: After which number messages are wanted (None for figures alone), and whether values of open events are, too.
        self.wanted: tuple[int | None, bool] | None = None
        #: Which channel of this name it is; "" while that is not known.
        self.epoch = ""
        #: By which right this process tells of an event that it runs; see the leases of redis_scheduler.py.
        self.fences: dict[str, str] = {}
        self._ends: dict[str, str] = {}
        self._note = note
        self._floor: int | None = None  # messages after this number are here; None while nothing was read
        self._until = 0  # and those up to this one, while `number` may be known from elsewhere, too
        self._opened: set[str] = set()  # open events that this process hears of though nobody reads here
        self._asked = False
        self._turn = Handover()

    # Writing

    @property
    def is_numbered(self) -> bool:
        """See OutboxChannel."""
        return not self.reader.plain if self.reader is not None else self._turn.numbered

    def open(self, event_id: str) -> None:
        """See OutboxChannel."""
        super().open(event_id)
        self._opened.add(event_id)
        self._do("o", event_id)
        self._do("q", event_id)

    def adopt(self, event_id: str, fence: str) -> None:
        """Another process has opened this event, and this one goes on with it, by a right that it may lose."""
        super().open(event_id)
        self.fences[event_id] = fence

    def close(self, event_id: str) -> int:
        """See OutboxChannel."""
        self._do("c", event_id, self.fences.get(event_id, ""))
        self._opened.discard(event_id)
        return super().close(event_id)

    def publish(self, message: Message, diff: Diff = False, values: Values | None = None) -> None:
        """See OutboxChannel."""
        kind = _KINDS.get(type(message))
        if kind is None:
            kind = _KINDS[type(message)] = str(message.__struct_config__.tag)
        text, event_id = encode(message), message.event_id or ""
        if len(text) > self.max_bytes and len(text) > conf.unread_size():
            raise unread_bounds.AnswerTooLarge(len(text))
        opened, given = self.events.get(event_id), None
        if opened is not None:
            opened.messages += 1
        if isinstance(message, ProcessGenerating):
            given = values if values is not None else message.output.data
        elif isinstance(message, ProcessCompleted):
            given = self._ends.pop(event_id, "done") if message.success else "failed"
        for superseded in SUPERSEDES.get(kind, ()):
            self._supersede(message.event_id, superseded)
        fence = self.fences.get(event_id, "")
        if fence and kind == "process_completed":
            del self.fences[event_id]
        self.buffer.append(Written(text, kind, event_id, diff, given, fence))
        self._note(self, kind == "process_starts")

    def ends_as(self, event_id: str, state: str) -> None:
        """What is to be remembered of an event whose end is published next, beside that it was no failure."""
        self._ends[event_id] = state

    def publish_end(self, completed: ProcessCompleted, state: str, fence: str) -> None:
        """The end of an event that nobody runs, by the right to tell it. Who runs it here nevertheless has another one,
        which is over."""
        event_id = completed.event_id or ""
        self._do("c", event_id, fence)
        self._opened.discard(event_id)
        super().close(event_id)
        self.buffer.append(Written(encode(completed), "process_completed", event_id, False, state, fence))
        self._note(self)

    def mark_ended(self, event_id: str, fence: str) -> None:
        """What was published last is the end of an event that no channel knows; of others `publish` notes it itself."""
        self._do("z", event_id, fence)

    def show(self, event_id: str, parts: dict[str, str]) -> None:
        """By an event the page of this session shows other values, as JSON by block; "" for what is not kept.

        They are there before whatever is published later.
        """
        for op in self.buffer:
            if isinstance(op, Shown) and op.event_id == event_id:
                op.parts.update(parts)
                return
        self.buffer.append(Shown(event_id, self.fences.get(event_id, ""), parts))
        self._note(self)

    def show_as_declared(self, but: Iterable[int]) -> None:
        """The page of this session was loaded anew, and shows what it declares but for some blocks."""
        self._do("w", [str(number) for number in but])

    def acknowledge(self, number: int) -> None:
        """See OutboxChannel."""
        if number > self.gone:
            self._do("a", number)
        super().acknowledge(number)

    def trim(self, number: int) -> None:
        """See OutboxChannel. Readers without numbers say it whenever they look for more."""
        if number > self.gone:  # that can wait until something else is to be shipped
            if self.buffer and isinstance(self.buffer[-1], list) and self.buffer[-1][0] == "t":
                self.buffer.pop()
            self.buffer.append(["t", number])
        super().trim(number)

    def shrink(self, most: int) -> int:
        """See OutboxChannel."""
        kept = freed = 0
        for at, op in reversed(list(enumerate(self.buffer))):
            if not isinstance(op, Written):
                continue
            kept += len(op.text)
            if kept <= most:
                continue
            freed += len(op.text)
            gone = unread_bounds.gone(op.event_id)
            if op.kind != "process_completed":
                self.buffer[at] = ["s"]
            elif len(gone) < len(op.text):
                op.text = gone
                freed -= len(gone)
        self._do("h", most)
        return freed + super().shrink(max(0, most - kept))

    # Reading

    @property
    def is_followed(self) -> bool:
        """Whether this process hears when there is something new."""
        return self.is_read or bool(self._opened)

    @property
    def is_busy(self) -> bool:
        """See OutboxChannel. Whoever reads has to wait until it is known."""
        return bool(self.events) or (self._asked and self._floor is None) or self._turn.takes_over

    def subscribe(self, after: int = 0, *, takeover: bool = True, plain: bool = False) -> Subscription:
        """See OutboxChannel."""
        reader = Subscription(self, after, plain)
        mark = NOBODY
        if takeover:
            if self.reader is not None:
                self.reader.replace()
            self.reader = reader
            mark = self._turn.begin(reader)
        else:
            self.side.append(reader)
        self._asked = True
        self._do("r", after, mark)
        self._want(after, after < self.gone)
        return reader

    def since(self, number: int) -> list[SequencedMessage]:
        """See OutboxChannel."""
        if self._floor is None or number < self._floor:
            self._want(number, True)
            return []
        if self._turn.takes_over:
            return []  # whoever is told something has taken over before, and does not when it has gone on elsewhere
        if number < self.gone and any(each.yielded > number and each.values is None for each in self.events.values()):
            self._want(self.number, True)
            return []
        return super().since(number)

    def keep_end(self, event_id: str) -> None:
        """See OutboxChannel."""
        super().keep_end(event_id)
        self._do("k", event_id)

    def drop_end(self, event_id: str) -> None:
        """See OutboxChannel."""
        super().drop_end(event_id)
        self._do("d", event_id)

    def join(self, reader: Subscription) -> None:
        """See OutboxChannel."""
        super().join(reader)
        self._asked = True
        self._do("r", -1, NOBODY)
        self._want(reader.position, False)

    def leave(self, reader: Subscription) -> None:
        """See OutboxChannel."""
        mark, hold = self._turn.mark if self.reader is reader else NOBODY, self._turn.end(reader)
        super().leave(reader)
        if not self.is_read:
            self._forget()  # what is read from here on elsewhere is not heard here
        if mark:
            self._turn.mark = NOBODY
            for op in self.buffer:
                if isinstance(op, list) and op[0] == "r" and op[2] == mark:
                    op[2] = mark = NOBODY  # nobody needs to know any more
        self._do("l", mark, not self.is_read, hold)

    def know(self, number: int, opened: dict[str, int]) -> None:
        """What there is, for a process that has neither written nor read anything of it yet."""
        if self._floor is None:
            self.number = max(self.number, number)
            self.events = {event: OpenEvent(first) for event, first in opened.items()} | self.events

    def read_elsewhere(self, numbered: bool) -> None:
        """Who reads it in another process knows numbers, or does not."""
        self._turn.numbered = numbered

    @property
    def tells(self) -> bool:
        """Whether something is to be shipped that readers hear of."""
        return any(_op_of(each) not in _SILENT for each in self.buffer)

    def ask(self) -> None:
        """Let its figures come with the next shipment, where nobody reads it here and so they come anyway."""
        if not self.is_read:
            self._want(None, False)

    def attend(self, present: bool) -> None:
        """Whether somebody is connected to this process for the session of this name."""
        self._do("n", present)

    def look_again(self) -> None:
        """There is something new, or will be as soon as what is written here has arrived."""
        if self.is_read:
            readers = [each.position for each in (self.reader, *self.side) if each is not None]
            self._want(min(readers) if self._floor is None or self._turn.takes_over else self._until, False)
        elif self._opened:
            self._want(None, False)

    def hear_again(self) -> None:
        """This process was deaf for a while, and whoever has told something meanwhile has found it so."""
        if self.is_read:
            self._do("f")
        for event_id in self._opened:
            self._do("q", event_id)
        self.look_again()

    def ended_elsewhere(self, event_id: str) -> None:
        """An event that this process has opened is over."""
        self._opened.discard(event_id)
        if not self.is_read:  # else its end comes in its turn
            super().close(event_id)

    # Between here and Redis

    def take_in(self, after: int | None, whole: bool, answer: list[Any]) -> None:
        """What Redis has after a number that was asked for; None where only figures were."""
        _, number, gone, epoch, reader, holder, entries, opened, values = answer
        if epoch != self.epoch:
            self._forget()
            self.number = self.gone = 0  # also of what a claim has told: that may have been another one
            if self.epoch:
                self.finish()  # it was dropped, or Redis has lost it: whoever reads comes again, and sees what is gone
        self.epoch = epoch
        if self._turn.waits(reader, holder, self._take):
            return
        if after is None or self._floor is None or not self._floor <= after <= self._until:
            self._forget()  # also where messages between those that were here and these were never asked for
            self._floor, self.gone, self._until = after, gone, after or 0
        elif gone > self.number:
            self.gone = gone
        for each in entries:
            if each[0] > self._until:
                self._add(*each)
        self._until, self.number = max(self._until, number), max(self.number, number)
        self._know(dict(zip(opened[::2], opened[1::2])), dict(zip(values[::2], values[1::2])), whole)
        self._look_who_reads(reader)
        if self.ends and not whole and any(self.ends[each] is None and each not in self.events for each in self.ends):
            self._want(self.number, True)  # it was forgotten before it could be read
        if self._bytes > self._most_bytes() or len(self._entries) > 2 * self.max_messages:
            self._forget()  # somebody reads too slowly for steps: what they need is asked for when they come
        for each in (self.reader, *self.side):
            if each is not None:
                each.wake()

    def _take(self, mark: str) -> None:
        if mark == self._turn.mark:
            self._do("y", mark)
            self.look_again()

    def _forget(self) -> None:
        self._entries.clear()
        self._latest.clear()
        self._bytes, self._floor = 0, None

    def _most_bytes(self) -> int:
        return 2 * self.max_bytes + conf.unread_size()

    def _add(self, number: int, text: str, kind: str, event_id: str, diff: str) -> None:
        entry = SequencedMessage(number, event_id or None, text.encode(), kind, DIFF_OF[diff])
        for superseded in SUPERSEDES.get(kind, ()):
            self._supersede(entry.event_id, superseded)
        if kind in _REPLACED:
            self._latest[(entry.event_id, kind)] = entry
        elif self.ends and kind == "process_completed" and event_id in self.ends:
            self.ends[event_id] = entry
        self._entries.append(entry)
        self._bytes += len(entry.message)

    def _know(self, opened: dict[str, str], values: dict[str, str], whole: bool) -> None:
        """Which events are open in Redis, with what was not shipped yet."""
        before, self.events = self.events, {}
        for event_id, figures in sorted(opened.items(), key=lambda each: int(each[1].partition(":")[0])):
            first, _, yielded = figures.partition(":")
            event = self.events[event_id] = before.get(event_id) or OpenEvent(int(first))
            if event.yielded != int(yielded):
                event.values = None
            event.first, event.yielded = int(first), int(yielded)
            if event_id in values:
                event.values = msgspec.Raw(values[event_id].encode())
            elif whole and event.values is None:
                event.yielded = 0  # there is nothing to show of it
        for op in self.buffer:
            if isinstance(op, list) and op[0] == "o":
                self.events[op[1]] = before.get(op[1]) or OpenEvent(self.number + 1)
            elif isinstance(op, list) and op[0] == "c":
                self.events.pop(op[1], None)
        for name, text in values.items():
            if self.ends is not None and name.startswith("end:") and name[4:] in self.ends:
                number, _, message = text.partition(":")
                self.ends[name[4:]] = SequencedMessage(int(number), name[4:], message.encode(), "process_completed")
        if self._opened:
            self._opened &= self.events.keys()

    def _look_who_reads(self, mark: str) -> None:
        again, over = self._turn.look(mark, self.reader is not None)
        if again:
            self._do("r", -1, self._turn.mark)
        elif over and self.reader is not None:
            reader, self.reader = self.reader, None
            reader.replace()

    def _want(self, after: int | None, whole: bool) -> None:
        if self.wanted is not None:
            known, whole = self.wanted[0], whole or self.wanted[1]
            after = known if after is None else after if known is None else min(after, known)
        self.wanted = (after, whole)
        self._note(self)

    def _do(self, *op: Any) -> None:
        self.buffer.append(list(op))
        self._note(self)


def _op_of(written: Written | Shown | list[Any]) -> str:
    """What it is for the script."""
    return "p" if isinstance(written, Written) else "v" if isinstance(written, Shown) else written[0]
