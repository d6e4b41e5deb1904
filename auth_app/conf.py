"""Settings of auth_app, read at each use so that `override_settings` holds."""

from __future__ import annotations

from typing import Any

from django.conf import settings

from auth_app.optional_settings import optional

_LOGIN_MIDDLEWARE = "django.contrib.auth.middleware.LoginRequiredMiddleware"
_ATTEMPTS = {"name": (10, 300), "address": (50, 300)}


def cache_seconds() -> float:
    """`BLOCKS_AUTH_CACHE_SECONDS`: how long a session's user is remembered between requests; 5 by default."""
    return float(_setting("AUTH_CACHE_SECONDS", 5))


def login_required() -> bool:
    """`BLOCKS_LOGIN_REQUIRED`: whether mounted apps serve only Django's logged-in users.

    True by default in a project with Django's LoginRequiredMiddleware, which does not see the hot endpoints.
    """
    return bool(_setting("LOGIN_REQUIRED", _LOGIN_MIDDLEWARE in settings.MIDDLEWARE))


def password_login() -> bool | None:
    """`BLOCKS_PASSWORD_LOGIN`: whether Django's users may log in at `<app>/login` with name and password.

    None, the default: only where the project has no login page of its own, because that one may ask for more.
    """
    found: bool | None = _setting("PASSWORD_LOGIN", None)
    return found


def login_attempts() -> dict[str, tuple[int, int]]:
    """`BLOCKS_LOGIN_ATTEMPTS`: failed logins allowed, and in how many seconds, per "name" and per "address"."""
    return {**_ATTEMPTS, **_setting("LOGIN_ATTEMPTS", {})}


def cache_alias() -> str:
    """`BLOCKS_AUTH_CACHE`: the Django cache that counts attempts and remembers logouts; "default"."""
    return str(_setting("AUTH_CACHE", "default"))


def address_header() -> str | None:
    """`BLOCKS_ADDRESS_HEADER`: a header in which your own proxy tells the visitor's address, such as "X-Real-IP".

    None by default: headers of strangers are not believed.
    """
    found: str | None = _setting("ADDRESS_HEADER", None)
    return found


def _setting(name: str, default: Any) -> Any:
    return optional(f"BLOCKS_{name}", default)
