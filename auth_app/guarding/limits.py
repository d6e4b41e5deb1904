"""Attempts to log in, counted per address and per name in Django's cache.

An attempt is counted before the password is looked at, so that many at once cannot slip through; one that succeeds is
taken back. Time is cut into windows: what is counted in one is forgotten with it.
"""

from __future__ import annotations

import hashlib
import math
import time
from collections.abc import Iterator

from django.core.cache import caches
from django.http import HttpRequest

from auth_app import conf
from auth_app.databases import in_thread
from auth_app.guarding import counting

#: Cache key, attempts allowed, seconds until the window ends.
Counter = tuple[str, int, int]


async def begin(request: HttpRequest, username: str) -> int:
    """Count an attempt. Gives 0, or the seconds to wait when there were too many."""
    return await in_thread(_begin, list(_counters(request, username)))


async def succeeded(request: HttpRequest, username: str) -> None:
    """The attempt was a login: the name starts anew, and the address is not blamed for it."""
    await in_thread(_succeeded, list(_counters(request, username)))


def address_of(request: HttpRequest) -> str:
    """Who is on the other side, or whom the operator's own proxy names in `BLOCKS_ADDRESS_HEADER`."""
    header = conf.address_header()
    forwarded = request.headers.get(header, "").rpartition(",")[2].strip() if header else ""
    return forwarded or str(request.META.get("REMOTE_ADDR", ""))


def _counters(request: HttpRequest, username: str) -> Iterator[Counter]:
    """For the name, then for the address."""
    now = time.time()
    limits = conf.login_attempts()
    for kind, value in (("name", username.casefold()), ("address", address_of(request))):
        allowed, period = limits[kind]
        window = int(now // period)
        digest = hashlib.sha256(value.encode()).hexdigest()
        yield f"blocks-attempts-{kind}-{digest}-{window}", allowed, max(1, math.ceil((window + 1) * period - now))


def _begin(counters: list[Counter]) -> int:
    cache = caches[conf.cache_alias()]
    return max(
        [left for key, allowed, left in counters if counting.take(cache, key, left, allowed) > allowed], default=0
    )


def _succeeded(counters: list[Counter]) -> None:
    cache = caches[conf.cache_alias()]
    (name, allowed, _), (address, _, left) = counters
    counting.forget(cache, name, allowed)
    counting.give_back(cache, address, left)
