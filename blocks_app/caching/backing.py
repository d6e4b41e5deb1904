"""Django's cache as what functions keep sees it: texts that this site has signed, or nothing.

A cache that is away costs the time of running functions again and no more: the log is told, and everything goes on as
if nothing had been kept.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from typing import Any, Protocol

from blocks_app.logs import logger, quietly
from blocks_app.running.failures import failure_of

log = logger("blocks_app.caching")

_PAUSE = 60.0  # seconds between two records that say that the cache does not answer


class Backing(Protocol):
    """As Django's caches."""

    def get(self, key: str) -> Any: ...
    def set(self, key: str, value: Any, timeout: float | None = None) -> None: ...
    def delete(self, key: str) -> Any: ...
    def touch(self, key: str, timeout: float | None = None) -> Any: ...


class _Dict:
    """For a program that has no Django settings."""

    def __init__(self) -> None:
        self._values: dict[str, Any] = {}

    def get(self, key: str) -> Any:
        return self._values.get(key)

    def set(self, key: str, value: Any, timeout: float | None = None) -> None:
        self._values[key] = value

    def delete(self, key: str) -> None:
        self._values.pop(key, None)

    def touch(self, key: str, timeout: float | None = None) -> None:
        """Nothing is ever forgotten here but by its store."""


_without_django = _Dict()
_logged_at = -_PAUSE


def _backing() -> Backing:
    from django.conf import ENVIRONMENT_VARIABLE, settings  # read when something is kept, never at import
    from django.core.cache import caches

    if not settings.configured and not os.environ.get(ENVIRONMENT_VARIABLE):
        return _without_django
    return caches[getattr(settings, "BLOCKS_CACHE", "default")]


def is_shared() -> bool:
    """Whether other processes, or this one after a restart, may find what is kept."""
    kind = type(_backing()).__module__
    return kind != __name__ and not kind.endswith((".locmem", ".dummy"))


def read(key: str) -> str | None:
    """A text that was kept; None when there is none, or when it is not what this site has written."""
    text = _asked(lambda: _backing().get(key))
    return _opened(key, text) if isinstance(text, str) else None


def write(key: str, text: str, seconds: float) -> None:
    """Keep a text."""
    sealed = _sealed(key, text)
    _asked(lambda: _backing().set(key, sealed, timeout=seconds))


def touch(key: str, seconds: float) -> None:
    """It is used: its time begins again."""
    _asked(lambda: _backing().touch(key, seconds))


def delete(key: str) -> None:
    """Forget it."""
    _asked(lambda: _backing().delete(key))


def _asked(ask: Callable[[], Any]) -> Any:
    global _logged_at
    try:
        return ask()
    except Exception as error:  # of whatever package the site's cache is, or its network
        if time.monotonic() - _logged_at >= _PAUSE:
            _logged_at = time.monotonic()
            quietly(log.warning, "cache.unavailable", extra={"error": failure_of(error).line})
        return None


def _sealed(key: str, text: str) -> str:
    return _signer(key).sign(text) if type(_backing()) is not _Dict else text


def _opened(key: str, text: str) -> str | None:
    from django.core.signing import BadSignature

    if type(_backing()) is _Dict:
        return text
    try:
        return str(_signer(key).unsign(text))
    except BadSignature:
        quietly(log.warning, "cache.not_ours", extra={"cache_key": key})
        return None


def _signer(key: str) -> Any:
    from django.conf import settings
    from django.core.exceptions import ImproperlyConfigured
    from django.core.signing import Signer

    try:
        return Signer(key=settings.SECRET_KEY, fallback_keys=settings.SECRET_KEY_FALLBACKS, salt=key)
    except ImproperlyConfigured:  # settings without a secret: then there is none to sign with
        return Signer(key="none", salt=key)
