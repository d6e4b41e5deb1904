"""Who is behind a session cookie, remembered for some seconds per session and realm, and forgotten at logout."""

from __future__ import annotations

import time
from collections import OrderedDict
from threading import Lock
from typing import Any

from auth_app import conf
from auth_app.identity import Identity

CAPACITY = 10_000

#: The realm of Django's own users; apps with passwords of their own have realms of their own.
DJANGO = ""

_lock = Lock()
_found: OrderedDict[tuple[str, str], tuple[float, Identity | None]] = OrderedDict()
_buried: OrderedDict[str, float] = OrderedDict()


def recall(session_key: str, realm: str = DJANGO) -> tuple[bool, Identity | None]:
    """Whether the session's visitor is known, and who it is."""
    now = time.monotonic()
    if (ends := _buried.get(session_key)) is not None and ends > now:
        return True, None
    entry = _found.get((session_key, realm))
    return (True, entry[1]) if entry is not None and entry[0] > now else (False, None)


def remember(session_key: str, identity: Identity | None, realm: str = DJANGO) -> None:
    """Keep who was found."""
    with _lock:
        _put(_found, (session_key, realm), (time.monotonic() + conf.cache_seconds(), identity))


def forget_session(session_key: str | None) -> None:
    """The next request of this session is looked up again."""
    with _lock:
        for entry in [each for each in _found if each[0] == session_key]:
            del _found[entry]


def bury(session_key: str | None) -> None:
    """This session is being ended: nobody is behind it from now on, even while its data can still be read."""
    if session_key:
        with _lock:
            _put(_buried, session_key, time.monotonic() + 2 * conf.cache_seconds() + 60)
        forget_session(session_key)


def forget_visitor(identity_key: str) -> None:
    """The next requests of this visitor are looked up again."""
    with _lock:
        for entry in [each for each, (_, who) in _found.items() if who is not None and who.key == identity_key]:
            del _found[entry]


def forget_all() -> None:
    """Drop everything that is remembered."""
    with _lock:
        _found.clear()
        _buried.clear()


def _put(table: OrderedDict[Any, Any], name: Any, value: Any) -> None:
    table.pop(name, None)
    table[name] = value
    while len(table) > CAPACITY:
        table.popitem(last=False)
