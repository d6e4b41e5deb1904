"""The first thing a launched server does with a connection: is the host ours, and where does the app's path begin?"""

from __future__ import annotations

from collections.abc import Collection
from typing import Any
from urllib.parse import urlsplit

import orjson
from django.http.request import split_domain_port, validate_host

from blocks_app.addresses import is_full, public_base
from queue_app.asgi_types import Receive, Scope, Send

LOOPBACK = ("localhost", "127.0.0.1", "[::1]", ".localhost")


class HostCheck:
    """Wraps the application of one launched server.

    A server on the loopback address answers only to loopback names, so that no page of another site can reach it by
    pointing its own name here. A proxy may leave the `root_path` in the path or take it away; both work. Addresses
    under which the app is known to be public (a full `root_path`, a shared link) settle the scheme, which a proxy or a
    tunnel that ends TLS would hide.
    """

    def __init__(self, application: Any, urls: object, hosts: Collection[str], root_path: str | None) -> None:
        """Wrap an application.

        Args:
            application: what answers.
            urls: its urlconf.
            hosts: names that it answers to, as in ALLOWED_HOSTS.
            root_path: path or address under which a proxy publishes it.
        """
        self.application = application
        self.urls = urls
        self.hosts = list(hosts)
        self.prefix = public_base(root_path, "/").rstrip("/")
        self._published: dict[str, str] = {}  # scheme by host and port
        if root_path and is_full(root_path):
            self.publish(root_path)

    def publish(self, address: str) -> None:
        """Answer to the name in this full address from now on, and know its scheme."""
        scheme, netloc, *_ = urlsplit(address.lower())
        self._published[_without_default_port(scheme, netloc)] = scheme
        if (name := urlsplit(address).hostname) and "*" not in self.hosts:
            self.hosts.append(f"[{name}]" if ":" in name else name)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """The ASGI entry point."""
        if scope["type"] in ("http", "websocket"):
            if not self._is_ours(scope):
                await _refuse(scope, send)
                return
            if self._published:
                self._take_public_address(scope)
            self.place(scope)
        await self.application(scope, receive, send)

    def place(self, scope: Scope) -> None:
        """Say where the app lives: below no prefix, in its own urlconf."""
        scope["root_path"] = ""  # Daphne takes one from any client's header
        scope["blocks.urlconf"] = self.urls
        path = scope["path"]
        if self.prefix and (path.startswith(self.prefix + "/") or path == self.prefix):
            scope["path"] = path[len(self.prefix) :] or "/"

    def _take_public_address(self, scope: Scope) -> None:
        """Give the scope the scheme, and the host if the proxy replaced that, of the address its visitor sees."""
        host = _header(scope, b"host")
        origin_scheme, _, origin_host = _header(scope, b"origin").partition("://")
        origin_host = _without_default_port(origin_scheme, origin_host)
        if self._published.get(origin_host) == origin_scheme and origin_host != host:
            # Only a page of the public address itself can have this origin.
            kept = [(name, value) for name, value in scope["headers"] if name != b"host"]
            scope["headers"] = [*kept, (b"host", origin_host.encode("latin-1"))]
            host = origin_host
        for scheme in ("https", "http"):
            if self._published.get(_without_default_port(scheme, host)) == scheme:
                web = {"http": "ws", "https": "wss"}
                scope["scheme"] = web[scheme] if scope["type"] == "websocket" else scheme
                return

    def _is_ours(self, scope: Scope) -> bool:
        if "*" in self.hosts:
            return True
        domain, _ = split_domain_port(_header(scope, b"host"))
        return bool(domain) and validate_host(domain, self.hosts)


def served_hosts(server_name: str, root_path: str | None, more: Collection[str]) -> list[str]:
    """The host names that a server bound to `server_name` answers to, as in ALLOWED_HOSTS."""
    name = server_name.strip("[]").lower()
    if not (name in ("localhost", "::1") or name.startswith("127.")):
        return ["*"]
    public = urlsplit(root_path).hostname if root_path and is_full(root_path) else None
    return [*LOOPBACK, name, *more, *([public] if public else [])]


def _header(scope: Scope, wanted: bytes) -> str:
    value: bytes = next((value for name, value in scope["headers"] if name == wanted), b"")
    return value.decode("latin-1").lower()


def _without_default_port(scheme: str, netloc: str) -> str:
    return netloc.removesuffix(":443" if scheme == "https" else ":80")


async def _refuse(scope: Scope, send: Send) -> None:
    if scope["type"] == "websocket":
        await send({"type": "websocket.close"})
        return
    text = (
        "This server answers to localhost only. To publish it under another name, give launch() its address as "
        "root_path, name it in the environment variable BLOCKS_ALLOWED_HOSTS, or listen on server_name='0.0.0.0'."
    )
    body = orjson.dumps({"detail": text})
    headers = [(b"content-type", b"application/json"), (b"content-length", b"%d" % len(body))]
    await send({"type": "http.response.start", "status": 400, "headers": headers})
    await send({"type": "http.response.body", "body": body})
