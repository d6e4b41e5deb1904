"""Who is behind a session cookie, remembered for some seconds per session and realm, and forgotten at logout.

Where a session is spoken of to others, it is by its digest: a key is a secret.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from threading import Lock

from cachetools import TLRUCache
from django.conf import settings

from auth_app import conf
from auth_app.identity import Identity

CAPACITY = 10_000

#: The realm of Django's own users; apps with passwords of their own have realms of their own.
DJANGO = ""

_lock = Lock()
_found: TLRUCache[tuple[str, str], tuple[Identity | None]] = TLRUCache(
    CAPACITY, ttu=lambda _name, _who, now: now + conf.cache_seconds()
)
#: By digest.
_revoked: TLRUCache[str, bool] = TLRUCache(
    CAPACITY, ttu=lambda _session, _ended, now: now + 2 * conf.cache_seconds() + 60
)


def digest(session_key: str) -> str:
    """Names a session to those who may not use it; the same in every process of the site."""
    secret = hashlib.sha256(settings.SECRET_KEY.encode()).digest()
    return hashlib.blake2b(session_key.encode("utf-8", "replace"), key=secret, digest_size=16).hexdigest()


def recall(session_key: str, realm: str = DJANGO) -> tuple[bool, Identity | None]:
    """Whether the session's visitor is known, and who it is."""
    with _lock:
        if _revoked and digest(session_key) in _revoked:
            return True, None
        found = _found.get((session_key, realm))
    return (False, None) if found is None else (True, found[0])


def remember(session_key: str, identity: Identity | None, realm: str = DJANGO) -> None:
    """Keep who was found."""
    with _lock:
        _found[session_key, realm] = (identity,)


def forget_session(session: str) -> None:
    """The next request of the session with this digest is looked up again."""
    _forget(lambda name, _: digest(name[0]) == session)


def revoke(session: str) -> None:
    """This session is being ended: nobody is behind it from now on, even while its data can still be read."""
    with _lock:
        _revoked[session] = True
    forget_session(session)


def forget_visitor(identity_key: str) -> None:
    """The next requests of this visitor are looked up again."""
    _forget(lambda _, who: who is not None and who.key == identity_key)


def forget_all() -> None:
    """Drop everything that is remembered."""
    with _lock:
        _found.clear()
        _revoked.clear()


def _forget(meant: Callable[[tuple[str, str], Identity | None], bool]) -> None:
    """Looked for without the lock, as many are slow to look through and each request waits for it."""
    with _lock:
        found = list(_found.items())
    names = [name for name, (who,) in found if meant(name, who)]
    with _lock:
        for name in names:
            _found.pop(name, None)
