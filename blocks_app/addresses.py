"""The address under which a visitor sees a mounted app, from Django's own trusted settings only.

`base` is the path prefix of a mount as the browser writes it, with a slash at both ends: "/", "/chat/".
`root` is the same as a full address without the last slash: "https://example.org/chat". Forwarded headers count only
where the site says so with `USE_X_FORWARDED_HOST`, `SECURE_PROXY_SSL_HEADER` or `FORCE_SCRIPT_NAME`.
"""

from __future__ import annotations

from collections.abc import Iterable, MutableMapping
from functools import lru_cache
from io import BytesIO
from typing import Any
from urllib.parse import quote, urlsplit

from django.conf import settings
from django.core.exceptions import DisallowedHost
from django.core.handlers.asgi import ASGIRequest, get_script_prefix
from django.http import HttpRequest

Scope = MutableMapping[str, Any]
Headers = tuple[tuple[bytes, bytes], ...]

_HOST_HEADERS = frozenset({b"host", b"x-forwarded-host", b"x-forwarded-port"})


def public_base(root_path: str | None, base: str) -> str:
    """The prefix that the browser uses: the path of `root_path` where a proxy publishes the app, else `base`."""
    if not root_path:
        return base
    path = urlsplit(root_path).path if is_full(root_path) else root_path
    return f"/{path.strip('/')}/" if path.strip("/") else "/"


def public_root(root_path: str | None, base: str, origin: str) -> str:
    """The full address of a mount: `root_path` itself when that is one, else `origin` and the public prefix."""
    if root_path and is_full(root_path):
        return root_path.rstrip("/")
    return origin + quote(public_base(root_path, base).rstrip("/"))


def is_full(root_path: str) -> bool:
    """Whether it is an address rather than a path."""
    return root_path.startswith(("http://", "https://"))


def base_of(path: str, tail: str, captured: Iterable[tuple[str, Any]] = ()) -> str:
    """Cut an endpoint's own route from the end of a path.

    Args:
        path: the decoded path with the script name, such as "/sub/chat/call/greet".
        tail: the route below the mount as a format string, such as "call/{name}".
        captured: what the route's names matched.
    """
    own = tail.format_map(dict(captured))
    return path.removesuffix(own) if own else path


def origin_of(connection: HttpRequest | Scope) -> str:
    """Scheme and host of a request or scope: "https://example.org". Raises DisallowedHost as Django does."""
    if isinstance(connection, HttpRequest):
        return f"{connection.scheme}://{connection.get_host()}"
    ssl_header = settings.SECURE_PROXY_SSL_HEADER
    wanted = _HOST_HEADERS
    if ssl_header:
        wanted = wanted | {ssl_header[0].removeprefix("HTTP_").replace("_", "-").lower().encode()}
    headers = tuple((name, value) for name, value in connection["headers"] if name in wanted)
    scheme = {"ws": "http", "wss": "https"}.get(connection.get("scheme", "http"), connection.get("scheme", "http"))
    server = tuple(connection.get("server") or ("localhost", 80))
    trusted = (settings.DEBUG, settings.USE_X_FORWARDED_HOST, settings.USE_X_FORWARDED_PORT, tuple(ssl_header or ()))
    return _origin(scheme, headers, server, (*trusted, *settings.ALLOWED_HOSTS))


def full_path(connection: HttpRequest | Scope) -> str:
    """The decoded path with the site's script name, whether or not the proxy left that in the request."""
    if isinstance(connection, HttpRequest):
        return str(connection.META.get("SCRIPT_NAME", "")).rstrip("/") + connection.path_info
    script = get_script_prefix(dict(connection)).rstrip("/")
    path: str = connection["path"]
    return path if not script or path.startswith(script + "/") else script + path


def root_of(scope: Scope) -> str:
    """Full address of the mount that a hot endpoint's scope belongs to; "" for a host that the site does not serve."""
    captured = scope["url_route"]["kwargs"]
    base = base_of(full_path(scope), scope["blocks.tail"], captured.items())
    try:
        return public_root(captured["mount"].options.root_path, base, origin_of(scope))
    except DisallowedHost:
        return ""


def url_of(scope: Scope, root: str) -> str:
    """Full address of a hot endpoint, without its query, below the `root` of its mount."""
    return f"{root}/{quote(scope['blocks.tail'].format_map(scope['url_route']['kwargs']))}"


@lru_cache(1024)
def _origin(scheme: str, headers: Headers, server: tuple[Any, ...], _settings: tuple[Any, ...]) -> str:
    # A Django request decides; one is built per different host, not per event.
    scope = {"type": "http", "method": "GET", "path": "/", "scheme": scheme, "headers": headers, "server": server}
    return origin_of(ASGIRequest(scope, BytesIO()))
