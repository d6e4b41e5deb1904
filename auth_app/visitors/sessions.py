"""Django's sessions where the site's middleware has not run: for ASGI scopes, and for an app launched by itself."""

from __future__ import annotations

import re
from importlib import import_module
from typing import Any

from asgiref.sync import sync_to_async
from django.conf import settings
from django.contrib.sessions.backends.base import SessionBase
from django.http import HttpRequest, HttpResponseBase
from django.utils.cache import patch_vary_headers

#: In a session that a program started: no browser holds this cookie, so no other site's page can use it.
PROGRAM = "_blocks_program"

_RANDOM_KEY = re.compile(r"[a-z0-9]{32}")
_DJANGO = "django.contrib.sessions.backends."


def session_key(request: HttpRequest) -> str | None:
    """The key in the request's session cookie; None without one, and for one that Django cannot have made."""
    key = request.COOKIES.get(settings.SESSION_COOKIE_NAME)
    if not key or len(key) > 4096:
        return None
    engine: str = settings.SESSION_ENGINE
    made_at_random = engine.startswith(_DJANGO) and not engine.endswith("signed_cookies")
    return None if made_at_random and not _RANDOM_KEY.fullmatch(key) else key


def session_store(key: str | None) -> SessionBase:
    """The session with this key in the site's engine; nothing is read yet."""
    store: SessionBase = import_module(settings.SESSION_ENGINE).SessionStore(key)
    return store


def attach(request: HttpRequest) -> SessionBase:
    """The request's session; one of ours where no middleware has put one."""
    if not hasattr(request, "session"):
        request.session = session_store(session_key(request))
    return request.session


async def keep(request: HttpRequest, response: HttpResponseBase, secure: bool) -> None:
    """Save the session and set its cookie: in place of a middleware, which may not know that the address is https."""
    if hasattr(request, "session"):
        await sync_to_async(_keep)(request, response, secure)


def _keep(request: HttpRequest, response: HttpResponseBase, secure: bool) -> None:
    session, name = request.session, settings.SESSION_COOKIE_NAME
    scope: dict[str, Any] = {"path": settings.SESSION_COOKIE_PATH, "domain": settings.SESSION_COOKIE_DOMAIN}
    samesite: Any = settings.SESSION_COOKIE_SAMESITE or "Lax"
    patch_vary_headers(response, ("Cookie",))
    if session.is_empty():
        if name in request.COOKIES:
            response.delete_cookie(name, samesite=samesite, **scope)
        return
    if not session.modified:
        return
    session.save()
    session.modified = False
    age = None if session.get_expire_at_browser_close() else session.get_expiry_age()
    response.set_cookie(
        name,
        session.session_key or "",
        max_age=age,
        secure=settings.SESSION_COOKIE_SECURE or secure,
        httponly=True,
        samesite=samesite,
        **scope,
    )
