"""Django's own user behind a session cookie, remembered for some seconds per session and forgotten at logout."""

from __future__ import annotations

import time
from collections import OrderedDict
from functools import cache
from importlib import import_module
from typing import Any

from django.apps import apps
from django.conf import settings
from django.contrib.sessions.backends.base import SessionBase
from django.http import HttpRequest

from auth_app import conf
from auth_app.identity import ANONYMOUS, Identity

CAPACITY = 10_000

_known: OrderedDict[str, tuple[float, Identity | None]] = OrderedDict()


async def of_request(request: HttpRequest) -> Identity | None:
    """Give the identity of the user that the session cookie names; None without users, cookie or login."""
    if not apps.is_installed("django.contrib.auth"):
        return None
    key = request.COOKIES.get(settings.SESSION_COOKIE_NAME)
    if not key:
        return None
    known = _known.get(key)
    if known is not None and known[0] > time.monotonic():
        return known[1]
    identity = await _load(request, key)
    _remember(key, identity)
    return identity


def anonymous() -> Identity:
    """Everybody who is not logged in; with Django's AnonymousUser where the project has users."""
    if not apps.is_installed("django.contrib.auth"):
        return ANONYMOUS
    return _anonymous_user()


@cache
def _anonymous_user() -> Identity:
    from django.contrib.auth.models import AnonymousUser  # needs the project's apps to be loaded

    return Identity(ANONYMOUS.key, None, AnonymousUser())


def forget(key: str | None) -> None:
    """Drop what is remembered of one session; the next request asks Django again."""
    if key:
        _known.pop(key, None)


def forget_all() -> None:
    """Drop everything that is remembered."""
    _known.clear()


async def _load(request: HttpRequest, key: str) -> Identity | None:
    from django.contrib.auth import aget_user  # needs the project's apps to be loaded

    asker = HttpRequest()
    asker.COOKIES = request.COOKIES
    asker.session = _session(key)
    user: Any = await aget_user(asker)
    if not user.is_authenticated:
        return None
    return Identity(f"user:{user.pk}", user.get_username(), user)


def _session(key: str) -> SessionBase:
    engine = import_module(settings.SESSION_ENGINE)
    session: SessionBase = engine.SessionStore(key)
    return session


def _remember(key: str, identity: Identity | None) -> None:
    _known.pop(key, None)
    _known[key] = (time.monotonic() + conf.cache_seconds(), identity)
    while len(_known) > CAPACITY:
        _known.popitem(last=False)
