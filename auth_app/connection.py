"""One view of a Django request and of an ASGI scope: Django's own request object."""

from __future__ import annotations

from collections.abc import MutableMapping
from io import BytesIO
from typing import Any

from django.core.handlers.asgi import ASGIRequest
from django.http import HttpRequest

Scope = MutableMapping[str, Any]

#: Headers that say which browser page or which user asks. A program without them is anonymous and served.
TELLING = frozenset({b"cookie", b"origin", b"sec-fetch-site", b"authorization"})


def as_request(connection: Scope | HttpRequest) -> HttpRequest:
    """Give the request itself, or one with a scope's method, path and headers and an empty body."""
    if isinstance(connection, HttpRequest):
        return connection
    scope = {**connection, "method": connection.get("method", "GET")}
    return ASGIRequest(scope, BytesIO())


def tells_nothing(connection: Scope | HttpRequest) -> bool:
    """Whether a scope has none of the headers that matter here: the quick way for programs."""
    return not isinstance(connection, HttpRequest) and not any(name in TELLING for name, _ in connection["headers"])


def changes_state(request: HttpRequest) -> bool:
    """Whether the request may change something: every unsafe method, and every WebSocket."""
    scope: Scope = getattr(request, "scope", {})
    return request.method not in ("GET", "HEAD", "OPTIONS", "TRACE") or scope.get("type") == "websocket"
