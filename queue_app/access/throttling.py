"""How often and how many: events and uploads per minute, open connections of one visitor.

Who is counted is the person, or the client's address for somebody unknown. Behind a proxy that is the proxy's address
unless the server is told to trust its headers (`daphne --proxy-headers`).
"""

from __future__ import annotations

import re
import time
from collections import Counter
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from django.core.cache import caches
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext

from auth_app.databases import in_thread
from auth_app.guarding import counting
from blocks_app.outages import classify_outage
from queue_app import conf
from queue_app.exceptions import TooMany
from queue_app.log_sentences import logger

if TYPE_CHECKING:
    from queue_app.asgi_types import Scope

log = logger("queue_app.limits")

_RATE = re.compile(r"\s*(\d+)\s*/\s*(\d*)\s*([smhd])\w*\s*")
_SECONDS = {"s": 1, "m": 60, "h": 3600, "d": 86400}

_open: Counter[str] = Counter()
_REST = 1.0
#: Until when the cache is not asked, because it did not answer.
away_until = 0.0


@lru_cache(16)
def parse_rate(text: str) -> tuple[int, int]:
    """How many in how many seconds: "60/m" is (60, 60), "5/10s" is (5, 10). Raises ValueError."""
    found = _RATE.fullmatch(text)
    if found is None or int(found[2] or 1) == 0:
        raise ValueError(f'A rate is written like "60/m" or "5/10s", not {text!r}.')
    return int(found[1]), int(found[2] or 1) * _SECONDS[found[3]]


def who(identity: Any, scope: Scope) -> str:
    """What a visitor is counted by."""
    if not identity.is_anonymous:
        return f"identity:{identity.key}"
    client = scope.get("client")
    return f"address:{client[0] if client else ''}"


async def spend(identity: Any, scope: Scope) -> None:
    """Count one event or upload. Raises TooMany for one more than `BLOCKS_RATE_LIMIT` allows."""
    rate = conf.rate_limit()
    if not rate:
        return
    most, seconds = parse_rate(rate)
    window, rest = divmod(time.time(), seconds)
    digest = salted_hmac("queue_app.limits", who(identity, scope), algorithm="sha256").hexdigest()
    key = f"blocks.rate.{digest}.{seconds}.{int(window)}"
    used = await in_thread(_count, key, seconds, most)
    if used > most:
        wait = max(1, int(seconds - rest))
        text = gettext(
            "Too many requests: %(most)s in %(seconds)s seconds are allowed. Try again in %(wait)s seconds."
        ) % {"most": most, "seconds": seconds, "wait": wait}
        raise TooMany(text, wait)


def _count(key: str, seconds: int, most: int) -> int:
    """How many these are. While the cache is away each process counts for itself, and asks it again each second."""
    global away_until
    if time.monotonic() >= away_until:
        try:
            return counting.take(caches["default"], key, seconds + 1, most)
        except Exception as error:
            if classify_outage(error) is None:
                raise
            away_until = time.monotonic() + _REST
            log.warning("rates.away", extra={"error": repr(error)})
    return counting.take_here(key, seconds + 1)


def enter(identity: Any, scope: Scope) -> str | None:
    """One more socket or stream is open; give what comes back to `leave`. Raises TooMany when those are too many."""
    known = not identity.is_anonymous
    most = conf.connections_per_user() if known else conf.connections_per_address()
    if not most:
        return None
    key = who(identity, scope)
    if _open[key] >= most:
        raise TooMany(
            gettext("Too many open connections: %(most)s are allowed. Close some pages of this app.") % {"most": most}
        )
    _open[key] += 1
    return key


def leave(key: str | None) -> None:
    """A socket or stream was closed."""
    if key is not None:
        _open[key] -= 1
        if _open[key] <= 0:
            del _open[key]
