"""Django's own users behind session cookies."""

from __future__ import annotations

from contextlib import suppress
from functools import cache
from typing import Any
from weakref import WeakValueDictionary

from asgiref.sync import sync_to_async
from django.apps import apps
from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from auth_app.databases import looking_up
from auth_app.identity import ANONYMOUS, Identity, NamedUser
from auth_app.visitors import known
from auth_app.visitors.reaching import confirm_absence, reachable
from auth_app.visitors.sessions import PROGRAM, session_key, session_store

#: Identities that somebody in this process holds, as an open connection does, by their keys.
_held: WeakValueDictionary[str, Identity] = WeakValueDictionary()
_DJANGO = "user:"
_BY_KEY = "by key"  # the realm in which users are remembered who were found by the key of their identity


def exist() -> bool:
    """Whether the project has users."""
    found = apps.app_configs.get("auth")  # asked for each event; looking through all apps takes its time
    return found.name == "django.contrib.auth" if found is not None else apps.is_installed("django.contrib.auth")


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
    return f"{_DJANGO}{user.pk}"


def identity_of(user: Any, username: str | None = None, key: str = "") -> Identity:
    """The identity of a user object, where nothing else is known of a visitor."""
    if user is not None and getattr(user, "is_authenticated", True):
        username = username if username is not None else str(user)
        key = key or (f"name:{username}" if getattr(user, "pk", None) is None else key_of(user))
    return Identity(key, username, user)


def remember(identity: Identity) -> None:
    """While anybody here holds this identity, `of_key` gives its user."""
    if identity.user is not None and not identity.is_anonymous:
        _held[identity.key] = identity


def of_key(key: str | None, username: str | None) -> Any:
    """The user of an identity that is known by its key and name, wherever it was found.

    Without asking the database where this process knows the user anyway; else the user is read when somebody looks, in
    a thread: see `ready`. Whose account is closed meanwhile is AnonymousUser.
    """
    if username is None:
        return anonymous().user
    if (found := _known(key)) is not None:
        return found.user
    if key is None or not key.startswith(_DJANGO) or not exist():
        return NamedUser(username)
    return SimpleLazyObject(lambda: reachable(lambda: _read(key)))


async def ready(key: str | None, username: str | None) -> None:
    """Read now what `of_key` would read later: for async functions, which could not wait for it.

    What the database raises is raised again when the function looks, and not before: perhaps it does not.
    """
    if username is None or key is None or not key.startswith(_DJANGO) or not exist() or _known(key) is not None:
        return
    with suppress(Exception):
        async with looking_up():
            await sync_to_async(reachable)(lambda: _read(key))


def _known(key: str | None) -> Identity | None:
    return (_held.get(key) or known.recall(key, _BY_KEY)[1]) if key else None


def _read(key: str) -> Any:
    from django.contrib.auth import get_user_model  # needs the project's apps to be loaded

    model = get_user_model()
    user = model._default_manager.filter(pk=key.removeprefix(_DJANGO)).first()
    if user is None or not user.is_active:
        return anonymous().user
    known.remember(key, Identity(key, str(user.get_username()), user), _BY_KEY)
    return user


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
    return Identity(key_of(user), str(user.get_username()), user, by_cookie)
