"""Whose turn it is to read a channel that several processes share: the newest reader's, wherever it is.

A reader without numbers is given again what nobody has said to have written. So one that comes to another process is
given nothing before the one that it follows has said that, or is gone; see `holder` of ship.lua.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import TYPE_CHECKING

from queue_app.ids import new_id

if TYPE_CHECKING:
    from queue_app.delivery.subscription import Subscription

NOBODY = ""
#: Seconds that a reader waits for the one before at another process to say what was written there.
PATIENCE = 2.0
_NUMBERED = "#"


class Handover:
    """What one process knows of the reader that it has of one channel.

    Attributes:
        mark: of the reader here; NOBODY where there is none.
        taken: the mark of whom Redis knew last to read.
        numbered: whether that one, or who reads in another process, knows numbers.
    """

    __slots__ = ("_hold", "_waiting", "mark", "numbered", "taken")

    def __init__(self) -> None:
        self.mark = self.taken = NOBODY
        self.numbered = False
        self._hold: tuple[Subscription, str] | None = None  # who has to say here what was written
        self._waiting: asyncio.TimerHandle | None = None

    @property
    def takes_over(self) -> bool:
        """Whether Redis has not said yet that it is read here now, and what there is at this moment."""
        return bool(self.mark) and self.taken != self.mark

    def begin(self, reader: Subscription) -> str:
        """A reader has come: its mark."""
        mark = self.mark = f"{new_id()[:16]}{'' if reader.plain else _NUMBERED}"
        self.taken = NOBODY
        if reader.plain:
            self._hold = reader, mark
        return mark

    def end(self, reader: Subscription) -> str:
        """A reader has left, and what it has written was said: the mark under which it held that, or NOBODY."""
        if self._hold is None or self._hold[0] is not reader:
            return NOBODY
        mark, self._hold = self._hold[1], None
        return mark

    def waits(self, reader: str, holder: str, force: Callable[[str], None]) -> bool:
        """Whether another process has to say first what its reader has written.

        Args:
            reader: the mark of who reads, as Redis knows it.
            holder: the mark of who has not said yet what was written.
            force: called with the mark of the reader here when that has taken too long.
        """
        if self._waiting is not None:
            self._waiting.cancel()
            self._waiting = None
        if not self.takes_over or self.mark.endswith(_NUMBERED) or holder in (NOBODY, self.mark) or reader != self.mark:
            return False
        self._waiting = asyncio.get_running_loop().call_later(PATIENCE, force, self.mark)
        return True

    def look(self, mark: str, is_read: bool) -> tuple[bool, bool]:
        """Take in who reads, as Redis knows it: whether that is to be said again, and whether the one here is over."""
        self.numbered = mark.endswith(_NUMBERED)
        if not self.mark or mark == self.mark:
            self.taken = mark
        elif self.taken == self.mark and is_read:
            if mark == NOBODY:
                return True, False  # somebody else came and went
            self.mark = NOBODY
            return False, True
        return False, False
