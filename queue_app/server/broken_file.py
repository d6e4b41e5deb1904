"""What `runblocks` serves while its sources cannot be loaded: why, at the address where the app was.

An open page asks for it and shows it until the sources are mended (blocks_app/frontend/mending.ts); whoever loads the
page meanwhile reads it there. Only a process that follows its sources does this, and only visitors of this machine
read more than one sentence.
"""

from __future__ import annotations

import html
import ipaddress
import json
import os
from pathlib import Path
from typing import Any

from blocks_app.diagnostics.tracebacks import folded
from queue_app.log_sentences import logger
from queue_app.server import backends
from queue_app.server.network import ports

log = logger("queue_app.reloading")

#: Names the file in which a process says where it serves, for the one that follows it.
NOTE = "BLOCKS_SERVED_AT"
ASKED = "/blocks-broken"
TITLE = "The app cannot be loaded"
_PAGE = """<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark"><meta http-equiv="refresh" content="2"><title>{title}</title>
<style>body{{font:16px/1.5 system-ui,sans-serif;margin:2rem}}pre{{white-space:pre-wrap;overflow-wrap:anywhere}}</style>
</head><body><main><h1>{title}</h1><pre>{text}</pre><p>This page goes on when it is mended.</p></main></body></html>"""


def note(host: str, port: int) -> None:
    """Where this process serves, for the next one, which may not get so far."""
    if (file := os.environ.get(NOTE)) is not None:
        Path(file).write_text(json.dumps([host, port]))


def serve(error: BaseException) -> None:
    """Tell of an error where the process before has served; nothing where none has."""
    try:
        host, port = json.loads(Path(os.environ[NOTE]).read_text())
        backends.chosen().serve(BrokenFile(error), ports.listen(host, port))
    except (KeyError, ValueError, OSError, ports.CannotListen) as problem:
        log.debug("reloader.error_untold", extra={"error": repr(problem)})


class BrokenFile:
    """An ASGI application that answers everything with why there is no app."""

    def __init__(self, error: BaseException) -> None:
        """Keep what is told: the user's own lines first, files by their names below the current folder."""
        self.short = f"{TITLE}: {type(error).__name__}. The server's log says more."
        self.text = folded(error).replace(f"{Path.cwd()}/", "")

    async def __call__(self, scope: dict[str, Any], receive: Any, send: Any) -> None:
        """Answer one request; refuse a WebSocket, which then comes again."""
        if scope["type"] == "websocket":
            await receive()
            await send({"type": "websocket.close"})
        elif scope["type"] == "http":
            status, kind, body = self._answer(scope)
            headers = [(b"content-type", kind), (b"cache-control", b"no-store")]
            await send({"type": "http.response.start", "status": status, "headers": headers})
            await send({"type": "http.response.body", "body": body.encode()})

    def _answer(self, scope: dict[str, Any]) -> tuple[int, bytes, str]:
        text = self.text if _is_near(scope) else self.short
        if scope["path"].endswith(ASKED):
            return 500, b"application/json", json.dumps({"title": TITLE, "text": text})
        if b"text/html" in dict(scope["headers"]).get(b"accept", b""):
            return 500, b"text/html; charset=utf-8", _PAGE.format(title=TITLE, text=html.escape(text))
        return 503, b"application/json", json.dumps({"detail": self.short})


def _is_near(scope: dict[str, Any]) -> bool:
    """Whether who asks sits at this machine, and not behind a proxy."""
    if any(name in {b"forwarded", b"x-forwarded-for"} for name, _ in scope["headers"]):
        return False
    try:
        return ipaddress.ip_address(scope["client"][0]).is_loopback
    except (KeyError, TypeError, ValueError):
        return False
