"""What `manage.py check --deploy` says about logins."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from django.apps import AppConfig
from django.conf import settings
from django.core.checks import CheckMessage, Warning, register

from auth_app import conf

_HINT = "Name a shared one, such as Django's Redis cache, in CACHES, and its alias in BLOCKS_AUTH_CACHE."


@register("blocks", deploy=True)
def check_attempts(app_configs: Sequence[AppConfig] | None = None, **_: Any) -> Iterable[CheckMessage]:
    """blocks.W010, W011: attempts to log in are not counted, or by each process alone."""
    alias = conf.cache_alias()
    backend = str(settings.CACHES.get(alias, {}).get("BACKEND", ""))
    if backend.endswith("DummyCache") or not backend:
        text = f"Passwords can be tried without limit: the cache {alias!r} keeps nothing."
        yield Warning(text, hint=_HINT, id="blocks.W010")
    elif backend.endswith("LocMemCache"):
        text = f"The cache {alias!r} lives in one process: several count attempts to log in, and see logouts, apart."
        yield Warning(text, hint=_HINT, id="blocks.W011")
    if any(allowed > 1000 for allowed, _ in conf.login_attempts().values()):
        text = "BLOCKS_LOGIN_ATTEMPTS allows more than 1000 attempts: passwords can be guessed."
        yield Warning(text, hint="10 per name and 50 per address in 300 seconds are the default.", id="blocks.W012")


@register("blocks", deploy=True)
def check_cookies(app_configs: Sequence[AppConfig] | None = None, **_: Any) -> Iterable[CheckMessage]:
    """blocks.W013: the session cookie is sent along with other sites' requests."""
    if settings.SESSION_COOKIE_SAMESITE not in ("Lax", "Strict"):
        text = "SESSION_COOKIE_SAMESITE is neither 'Lax' nor 'Strict': other sites' pages can speak for your users."
        yield Warning(text, hint="Leave it at Django's default, 'Lax'.", id="blocks.W013")
