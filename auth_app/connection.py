"""One view of a Django request and of an ASGI scope: Django's own request object."""

from __future__ import annotations

from collections.abc import MutableMapping
from functools import lru_cache
from io import BytesIO
from typing import Any

from django.conf import settings
from django.core.exceptions import DisallowedHost
from django.core.handlers.asgi import ASGIRequest
from django.http import HttpRequest

Scope = MutableMapping[str, Any]

HOST_HEADERS = frozenset({b"host", b"x-forwarded-host", b"x-forwarded-port"})
#: Headers that say which browser page or which user asks. A program without them is anonymous and served.
CREDENTIAL_HEADERS = frozenset({b"cookie", b"origin", b"sec-fetch-site", b"authorization"})


def as_request(connection: Scope | HttpRequest) -> HttpRequest:
    """Give the request itself, or one with a scope's method, path and headers and an empty body."""
    if isinstance(connection, HttpRequest):
        return connection
    scope = {**connection, "method": connection.get("method", "GET")}
    request: Any = ASGIRequest(scope, BytesIO())
    request.path_params = connection.get("blocks.path_params", {})
    return request  # type: ignore[no-any-return]


def has_no_credentials(connection: Scope | HttpRequest) -> bool:
    """Whether a scope has none of the headers that matter here: the quick way for programs."""
    return not isinstance(connection, HttpRequest) and not any(
        name in CREDENTIAL_HEADERS for name, _ in connection["headers"]
    )


def is_served(connection: Scope | HttpRequest) -> bool:
    """Whether the site answers under the host that the connection names, by ALLOWED_HOSTS.

    Django asks this for its own requests; hot endpoints are reached without it.
    """
    if isinstance(connection, HttpRequest):
        return _is_served(connection)
    named = tuple((name, value) for name, value in connection["headers"] if name in HOST_HEADERS)
    trusted = (settings.DEBUG, settings.USE_X_FORWARDED_HOST, settings.USE_X_FORWARDED_PORT)
    return _is_served_name(
        named, tuple(connection.get("server") or ("localhost", 80)), trusted, (*settings.ALLOWED_HOSTS,)
    )


@lru_cache(1024)
def _is_served_name(named: Any, server: Any, _trusted: Any, _allowed: Any) -> bool:
    # A Django request decides; one is built per different host, not per event.
    return _is_served(as_request({"type": "http", "path": "/", "headers": named, "server": server}))


def _is_served(request: HttpRequest) -> bool:
    try:
        request.get_host()
    except DisallowedHost:
        return False
    return True


def changes_state(request: HttpRequest) -> bool:
    """Whether the request may change something: every unsafe method, and every WebSocket."""
    scope: Scope = getattr(request, "scope", {})
    return request.method not in ("GET", "HEAD", "OPTIONS", "TRACE") or scope.get("type") == "websocket"
