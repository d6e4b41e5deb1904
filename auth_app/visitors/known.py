"""Who is behind a session cookie, remembered for some seconds per session and realm, and forgotten at logout.

Where a session is spoken of to others, it is by its digest: a key is a secret.
"""

from __future__ import annotations

import hashlib
import time
from collections import OrderedDict
from threading import Lock
from typing import Any

from django.conf import settings

from auth_app import conf
from auth_app.identity import Identity

CAPACITY = 10_000

#: The realm of Django's own users; apps with passwords of their own have realms of their own.
DJANGO = ""

_lock = Lock()
_found: OrderedDict[tuple[str, str], tuple[float, Identity | None]] = OrderedDict()
_buried: OrderedDict[str, float] = OrderedDict()  # by digest


def digest(session_key: str) -> str:
    """Names a session to those who may not use it; the same in every process of the site."""
    secret = hashlib.sha256(settings.SECRET_KEY.encode()).digest()
    return hashlib.blake2b(session_key.encode("utf-8", "replace"), key=secret, digest_size=16).hexdigest()


def recall(session_key: str, realm: str = DJANGO) -> tuple[bool, Identity | None]:
    """Whether the session's visitor is known, and who it is."""
    now = time.monotonic()
    if _buried and (ends := _buried.get(digest(session_key))) is not None and ends > now:
        return True, None
    entry = _found.get((session_key, realm))
    return (True, entry[1]) if entry is not None and entry[0] > now else (False, None)


def remember(session_key: str, identity: Identity | None, realm: str = DJANGO) -> None:
    """Keep who was found."""
    with _lock:
        _put(_found, (session_key, realm), (time.monotonic() + conf.cache_seconds(), identity))


def forget_session(session: str) -> None:
    """The next request of the session with this digest is looked up again."""
    with _lock:
        for entry in [each for each in _found if digest(each[0]) == session]:
            del _found[entry]


def revoke(session: str) -> None:
    """This session is being ended: nobody is behind it from now on, even while its data can still be read."""
    with _lock:
        _put(_buried, session, time.monotonic() + 2 * conf.cache_seconds() + 60)
    forget_session(session)


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
