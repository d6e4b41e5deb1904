"""The first thing a launched server does with a connection: is the host ours, and where does the app's path begin?"""

from __future__ import annotations

from collections.abc import Collection
from typing import Any
from urllib.parse import urlsplit

import orjson
from django.http.request import split_domain_port, validate_host

from blocks_app.addresses import is_full, public_base
from queue_app.http import Receive, Scope, Send

LOOPBACK = ("localhost", "127.0.0.1", "[::1]", ".localhost")


class Front:
    """Wraps the application of one launched server.

    A server on the loopback address answers only to loopback names, so that no page of another site can reach it by
    pointing its own name here. A proxy may leave the `root_path` in the path or take it away; both work.
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
        self.hosts = hosts
        self.prefix = public_base(root_path, "/").rstrip("/")

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """The ASGI entry point."""
        if scope["type"] in ("http", "websocket"):
            if not self._is_ours(scope):
                await _refuse(scope, send)
                return
            scope["root_path"] = ""  # Daphne takes one from any client's header
            scope["blocks.urlconf"] = self.urls
            path = scope["path"]
            if self.prefix and (path.startswith(self.prefix + "/") or path == self.prefix):
                scope["path"] = path[len(self.prefix) :] or "/"
        await self.application(scope, receive, send)

    def _is_ours(self, scope: Scope) -> bool:
        if "*" in self.hosts:
            return True
        host = next((value for name, value in scope["headers"] if name == b"host"), b"")
        domain, _ = split_domain_port(host.decode("latin-1"))
        return bool(domain) and validate_host(domain, self.hosts)


def served_hosts(server_name: str, root_path: str | None, more: Collection[str]) -> list[str]:
    """The host names that a server bound to `server_name` answers to, as in ALLOWED_HOSTS."""
    name = server_name.strip("[]").lower()
    if not (name in ("localhost", "::1") or name.startswith("127.")):
        return ["*"]
    public = urlsplit(root_path).hostname if root_path and is_full(root_path) else None
    return [*LOOPBACK, name, *more, *([public] if public else [])]


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
