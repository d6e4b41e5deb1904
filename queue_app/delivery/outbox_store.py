"""Where numbered messages are kept between those who run events and those who read them: the interface.

A store has channels: one for each session, and one for each event that is read alone (`call`). A channel is named by
plain text, and what is said about its messages is said by (channel, number), so the two ends need not be one process.
In this process `MemoryOutboxStore` (memory_outboxes.py) keeps them; a store that is shared by several would write to a
stream for each channel. Why writing never waits is told in docs/decisions/stores.md.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Protocol, runtime_checkable

import msgspec

if TYPE_CHECKING:
    from blocks_app.protocol import Message
    from queue_app.delivery.sequenced_message import Diff, SequencedMessage
    from queue_app.delivery.subscription import Subscription

#: How messages are merged: what each kind makes stale of the earlier ones of its event. Of a kind that is named on the
#: right only the newest is worth sending. Yields (`process_generating`) are merged where they are more than may be
#: kept: into one complete value under the last of their numbers, of which each yield brings what it takes.
SUPERSEDES: Mapping[str, tuple[str, ...]] = {
    "estimation": ("estimation",),
    "progress": ("progress",),
    "process_starts": ("estimation",),
    "process_completed": ("estimation", "progress"),
}


@runtime_checkable
class Values(Protocol):
    """All values of a yield, as data that is made into one text only when somebody needs it; it never changes."""

    def raw(self) -> msgspec.Raw:
        """The list of them as JSON. Runs nothing of the user's."""


class OutboxChannel(Protocol):
    """The messages of one channel, numbered from 1 without gaps. Called on the server's event loop.

    Nothing here waits. Writing is done when the message was taken over, which is before anybody else sees it where
    channels are shared; all messages that one writer publishes keep their order. What is asked (`number`, `pending`,
    `size`) is what this process knows: all of it in one process, else what it has written and read.
    """

    @property
    def number(self) -> int:
        """The last number given out; 0 before the first."""

    @property
    def size(self) -> int:
        """Bytes of all messages that are kept."""

    @property
    def is_numbered(self) -> bool:
        """Whether the reader that came last, and still reads, knows numbers."""

    @property
    def pending(self) -> list[str]:
        """The ids of events that are open, in the order in which they were opened."""

    @property
    def is_busy(self) -> bool:
        """Whether an event is open."""

    def __len__(self) -> int:
        """How many messages are kept."""

    def is_open(self, event_id: str) -> bool:
        """Whether this event was opened and not closed."""

    def published(self, event_id: str) -> int:
        """How many messages an open event had so far; 0 for one that is not open."""

    def open(self, event_id: str) -> None:
        """An event begins: what is published of it from now on is kept until it is closed, whoever acknowledges it.

        The writer of an event opens and closes it; two events of one id are never open together.
        """

    def close(self, event_id: str) -> int:
        """An event is complete: call it just before its completion is published.

        Gives how many messages it had so far; 0 when it was not open.
        """

    def publish(self, message: Message, diff: Diff = False, values: Values | None = None) -> None:
        """Number and keep a message, and wake those who read. What it supersedes (`SUPERSEDES`) is sent no more.

        Args:
            message: encoded here and now; the caller may do with it what it likes afterwards.
            diff: of a yield, how its values are said.
            values: of a yield, all of its values, for readers who have missed some. Needed where `diff` is True; else
                those of the message are taken.

        Raises:
            AnswerTooLarge: it has more bytes than may wait for one channel. Nothing was published.
        """

    def acknowledge(self, number: int) -> None:
        """The reader has everything up to `number`: it is forgotten, but for messages from the first open event on.

        A page that is loaded again asks for these a second time. Numbers that were not given out are harmless.
        """

    def trim(self, number: int) -> None:
        """Forget everything up to `number`, also of open events, whose readers then get the state instead of steps."""

    def shrink(self, most: int) -> int:
        """Keep the newest messages of together at most so many bytes, and of each older completion that it is gone.

        Gives the bytes that were freed.
        """

    def subscribe(self, after: int = 0, *, takeover: bool = True, plain: bool = False) -> Subscription:
        """Read what came after a number, then what comes, as an async iterator of batches in order.

        Where messages after that number are gone, the last yield of each open event comes complete instead. A number
        higher than any given out is that of an earlier channel of this name: numbers go on after it.

        Args:
            after: the last number already known.
            takeover: end the reader before this one (the newest wins); False reads beside it.
            plain: the reader knows no numbers; see Subscription.
        """

    def since(self, number: int) -> list[SequencedMessage]:
        """What came after a number and is here, in order; whole values where steps are missing. For subscriptions."""

    def join(self, reader: Subscription) -> None:
        """Somebody reads beside the others, and is woken by what is published. For subscriptions."""

    def leave(self, reader: Subscription) -> None:
        """Somebody reads no more. For subscriptions; harmless for readers that were replaced."""

    def before(self, event_id: str) -> int:
        """The number before the first message of an open event; 0 for one that is not open."""

    def keep_end(self, event_id: str) -> None:
        """The completion of an open event is kept beside all that is forgotten, for those who look at it later.

        Of one with more than a megabyte, that it is gone.
        """

    def end_of(self, event_id: str) -> SequencedMessage | None:
        """Such a completion, once it has come."""

    def drop_end(self, event_id: str) -> None:
        """It is not kept any more. Unknown ids are harmless."""

    def finish(self) -> None:
        """Nothing will be added: readers end when they have read what is there."""


class OutboxStore(Protocol):
    """All channels of one app."""

    def channel(self, name: str) -> OutboxChannel:
        """The channel of this name, made on first use; the same until it is dropped.

        A channel is a handle: whoever holds one need not look it up for each message, and a store that is shared keeps
        what was written and is not yet sent in it.
        """

    def drop(self, name: str) -> None:
        """Forget a channel with its messages; its readers end with what they have. Unknown names are harmless."""

    async def close(self) -> None:
        """All readers end with what is there; what was written and is kept elsewhere has arrived there.

        Handles of channels may still be written to by what is ending; nobody reads that.
        """
