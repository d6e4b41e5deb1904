"""Whether sessions can be read at all: a visitor whose session cannot be read is not a visitor without one.

Django's cached sessions take a cache that is away for an empty one, and would log everybody out. And as sessions are
read one after the other, each would wait anew for a database or a cache that is silent: after one has failed, the next
fail with it for a moment.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from typing import TypeVar

from django.conf import settings
from django.core.cache import caches

T = TypeVar("T")

#: Seconds for which what has failed is not tried again.
REST = 1.0
#: Packages whose errors mean that a cache does not answer.
_CACHES = ("redis", "valkey", "pymemcache", "pylibmc", "memcache")
_PROBE = "blocks.reaching"

#: When the sessions could not be read last, and why; None when they could since.
failed: tuple[float, Exception] | None = None


def reachable(read: Callable[[], T]) -> T:
    """Read from the sessions, in a thread. Raises what the database or the cache raises, also again for a moment."""
    global failed
    if failed is not None and time.monotonic() - failed[0] < REST:
        database = sys.modules.get("django.db")  # not loaded for this
        of_database = database is not None and isinstance(failed[1], database.Error)
        kind = database.OperationalError if database is not None and of_database else ConnectionError
        raise kind("The sessions could not be read a moment ago.") from failed[1]
    try:
        found = read()
    except Exception as error:
        if _is_away(error):
            failed = time.monotonic(), error
            if (database := sys.modules.get("django.db")) is not None:
                database.close_old_connections()  # one that is broken stays so, and would be used again
        raise
    failed = None
    return found


def _is_away(error: Exception) -> bool:
    """Whether nobody's session can be read, and not just this one's."""
    database = sys.modules.get("django.db")  # not loaded for this
    if database is not None and isinstance(error, database.OperationalError | database.InterfaceError):
        return True
    return isinstance(error, OSError) or type(error).__module__.partition(".")[0] in _CACHES


def confirm_absence() -> None:
    """A session was not found: was its cache there at all? Raises what the cache raises.

    Sessions that are cached and in the database as well (`cached_db`) have been looked for there.
    """
    if settings.SESSION_ENGINE.endswith(".cache"):
        caches[settings.SESSION_CACHE_ALIAS].get(_PROBE)
