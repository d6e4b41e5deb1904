"""How long a stream and its joins wait for Gradio's clients, which decide by themselves whether a stream is open.

Two gaps in those clients, both only when a session has several events at once; a program that does one after the
other never waits:

- Old Python clients lose what arrives before they have read the answer to `queue/join`. So after such a join the
  stream is held back for a moment.
- All clients, on reading that answer, open a stream only if they believe that none is open. If the server has just
  closed it, and the client has not read that yet, nobody would read the new event. So an answer that would cross a
  closing stream on the way is held back for a moment.
"""

from __future__ import annotations

import re
from functools import lru_cache

#: Seconds. Of calls by 1.0.1 on an idle machine 30 % were lost at 0 ms, 5 % at 10 ms, none at 30 ms; with eight
#: threads of that client on a busy machine 5 % at 50 ms, 0.3 % at 150 ms (and as many with Gradio's own server).
HOLD_BACK = 0.1
#: Seconds that the end of a stream may be on its way.
CROSSING = 0.05
#: Seconds for which a session counts as one that has several events at once.
_BUSY = 10.0


class Pace:
    """What the stream's endpoint remembers of one session. All times are those of the event loop, in seconds."""

    __slots__ = ("busy_until", "closed_at", "held_until", "streams")

    def __init__(self) -> None:
        self.streams = 0  # open now
        self.held_until = 0.0  # nothing is written to the stream before
        self.closed_at = float("-inf")
        self.busy_until = 0.0

    def joins(self, now: float, *, together: bool, early: bool) -> float:
        """An event joins; gives the seconds that its answer has to wait.

        Args:
            now: the time.
            together: other events of the session are pending, or their messages not yet read.
            early: the client loses early messages.
        """
        if together:
            self.busy_until = now + _BUSY
        if early and (together or self.streams):
            self.held_until = now + HOLD_BACK
        if self.streams or now > self.busy_until:
            return 0.0
        return max(0.0, self.closed_at + CROSSING - now)


@lru_cache(maxsize=64)
def loses_early_messages(user_agent: bytes | None) -> bool:
    """Whether this is an official Python client older than 2.7, which may miss messages sent before join's answer."""
    match = re.match(rb"gradio_client/(\d+)\.(\d+)", user_agent or b"")
    return match is not None and (int(match[1]), int(match[2])) < (2, 7)
