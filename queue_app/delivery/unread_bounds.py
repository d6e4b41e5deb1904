"""Answers that nobody has read: how many bytes of them one session and all sessions of the process may keep.

An outbox keeps what was not acknowledged, so a crowd that asks for large answers and never reads them would fill the
memory. One session's answers are bounded by `BLOCKS_UNREAD_SIZE`, those of all by `BLOCKS_UNREAD_TOTAL`, and what waits
after the grace time is freed but for small ones. A completion that has to go leaves a short one that says so: the event
of a page that comes back ends in words instead of never. Lives on the server's event loop.
"""

from __future__ import annotations

import weakref
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext

from blocks_app.exceptions import Error
from blocks_app.logs import quietly
from blocks_app.protocol import ErrorOutput, ProcessCompleted, encode
from queue_app import conf
from queue_app.log_sentences import logger

if TYPE_CHECKING:
    from queue_app.delivery.outbox import Outbox

log = logger("queue_app.sessions")

#: Bytes of a session that are kept after the grace time, and that are not worth counting.
SMALL = 4096
#: When all together are too many, so much of what is allowed stays.
_REMAINS = 0.75
#: How often all are counted: after this share of what is allowed has been added.
_STEP = 8

#: Called with the bytes that were freed at once, when those were many. Must be quick and must not raise.
observers: list[Callable[[int], None]] = []
#: From so many bytes on they are told.
MANY = 256 * 1024

_GONE = "The answer was freed, because nobody came to read it in time. Run it again."
_large: weakref.WeakSet[Outbox] = weakref.WeakSet()
_added = 0


class AnswerTooLarge(Error):
    """A function's answer is larger than what may wait for one session."""

    def __init__(self, size: int) -> None:
        """Refuse an answer of so many bytes."""
        text = gettext("The answer has %(size)s, and at most %(unread_size)s may wait for a page.") % {
            "size": _in_words(size),
            "unread_size": _in_words(conf.unread_size()),
        }
        super().__init__(gettext("%(text)s Return less at once, or a file.") % {"text": text}, print_exception=False)


def added(outbox: Outbox, size: int) -> None:
    """Messages of together so many bytes, more than a little, were put into an outbox."""
    global _added
    _large.add(outbox)
    _added += size
    limit = conf.unread_total()
    if _added * _STEP > limit:
        _added = 0
        _count(limit)


def freed(size: int) -> None:
    """So many bytes of an outbox are not kept any more."""
    if size >= MANY:
        for observe in observers:
            observe(size)


def weight(values: Iterable[Any]) -> int:
    """About how many bytes a function's inputs have; only what may be large is looked at, and only from outside."""
    found = 0
    for value in values:
        if isinstance(value, str | bytes):
            found += len(value)
        elif isinstance(value, list | dict):
            found += 64 * len(value)
    return found


def gone(event_id: str | None) -> bytes:
    """The end of an event whose own end is not kept."""
    output = ErrorOutput(error=_GONE)
    return encode(ProcessCompleted(event_id=event_id, output=output, success=False, title=output.title))


def _count(limit: int) -> None:
    """Free the answers of those who do not read, the largest first; then of those who read slowly."""
    kept = sum(outbox.size for outbox in _large)
    if kept <= limit:
        for outbox in [each for each in _large if each.size <= SMALL]:
            _large.discard(outbox)
        return
    before = kept
    for outbox in sorted(_large, key=lambda each: (each.is_read, -each.size)):
        if kept <= limit * _REMAINS:
            break
        kept -= outbox.shrink(SMALL)
    quietly(log.warning, "answers.freed", extra={"bytes": before - kept, "kept": kept})


def _in_words(size: int) -> str:
    return f"{size} bytes" if size < 10_000_000 else f"{size // 1_000_000} MB"
