"""What this process remembers of a client beside its session: how fast it may send, and what its streams need.

It is about connections that this process serves, so it is no part of the session; and forgetting it costs a client
nothing but a moment, so only so many are kept.
"""

from __future__ import annotations

from weakref import WeakKeyDictionary

from cachetools import LRUCache

from queue_app.delivery.gradio_client_timing import Pace
from queue_app.execution.engine import Engine
from queue_app.sessions.message_rate import Bucket

_KEPT = 10_000  # clients of one app


class Manners:
    """Of one session's client, over whichever connections.

    Attributes:
        pace: how long its streams wait for it.
        frames: how many frames its page may send.
    """

    __slots__ = ("_frames", "pace")

    def __init__(self) -> None:
        self.pace = Pace()
        self._frames: Bucket | None = None

    @property
    def frames(self) -> Bucket:
        """Made when the first frame comes; programs send none."""
        if self._frames is None:
            self._frames = Bucket()
        return self._frames


_known: WeakKeyDictionary[Engine, LRUCache[str, Manners]] = WeakKeyDictionary()


def manners_of(engine: Engine, session_hash: str) -> Manners:
    """Those of a session's client, new on first use. Whoever serves a connection holds on to them."""
    known = _known.get(engine)
    if known is None:
        known = _known[engine] = LRUCache(_KEPT)
    found = known.get(session_hash)
    if found is None:
        found = known[session_hash] = Manners()
    return found
