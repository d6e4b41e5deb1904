"""Django's own users behind session cookies."""

from __future__ import annotations

from functools import cache
from typing import Any

from asgiref.sync import sync_to_async
from django.apps import apps
from django.http import HttpRequest

from auth_app.databases import looking_up
from auth_app.identity import ANONYMOUS, Identity
from auth_app.visitors import known
from auth_app.visitors.reaching import confirm_absence, reachable
from auth_app.visitors.sessions import PROGRAM, session_key, session_store


def exist() -> bool:
    """Whether the project has users."""
    return apps.is_installed("django.contrib.auth")


async def of_request(request: HttpRequest) -> Identity | None:
    """Give the identity of the user that the session cookie names; None without users, cookie or login."""
    key = session_key(request) if exist() else None
    if key is None:
        return None
    found, identity = known.recall(key)
    if not found:
        async with looking_up():
            identity = await _load(request, key)
        known.remember(key, identity)
    return identity


def anonymous() -> Identity:
    """Everybody who is not logged in; with Django's AnonymousUser where the project has users."""
    return _anonymous_user() if exist() else ANONYMOUS


@cache
def _anonymous_user() -> Identity:
    from django.contrib.auth.models import AnonymousUser  # needs the project's apps to be loaded

    return Identity(ANONYMOUS.key, None, AnonymousUser())


def key_of(user: Any) -> str:
    """The identity key of one of Django's users."""
    return f"user:{user.pk}"


async def _load(request: HttpRequest, key: str) -> Identity | None:
    return await sync_to_async(reachable)(lambda: _found(request, key))


def _found(request: HttpRequest, key: str) -> Identity | None:
    from django.contrib.auth import get_user  # needs the project's apps to be loaded

    asker = HttpRequest()
    asker.COOKIES = request.COOKIES
    asker.session = session_store(key)
    user: Any = get_user(asker)
    if not user.is_authenticated:
        confirm_absence()
        return None
    by_cookie = not asker.session.get(PROGRAM, False)
    return Identity(key_of(user), user.get_username(), user, by_cookie)
