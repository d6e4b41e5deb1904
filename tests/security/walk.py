"""Every address that a mounted app has, as requests that a stranger could send; found in the app's own patterns."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

from django.urls import URLPattern

import blocks_app as gr
from blocks_app.web.captures import OURS
from blocks_app.web.endpoint import Endpoint
from blocks_app.web.urls import Hot
from queue_app.transport.routing import CONSUMERS
from tests.auth_app.visitor import FORM, greeter

#: Addresses that a stranger must reach to log in, or that tell nothing about the app.
OPEN = {
    "", "login", "login/", "logout", "logout/", "assets/x", "static/x", "favicon.ico", "robots.txt", "manifest.json",
    "service-worker.js", "offline.html", "pwa_icon/192",
    "theme.css", "user", "user/", "token", "token/", "app_id", "app_id/", "startup-events", "startup-events/",
    "proxy=x", "blocks-app.js", "embed/1/assets/x", "embed/1/static/x",
}  # fmt: skip

BODY = {"data": ["x"], "fn_index": 0, "session_hash": "s", "event_id": "e" * 32, "name": "x", "text": "x"}
SAMPLES = {"size": 192, "name": "tell", "event_id": "e" * 32, "session_hash": "s", "address": "x", "number": 1}


class Route(NamedTuple):
    """One address and a method that it takes."""

    path: str
    method: str
    hot: str | None

    @property
    def is_open(self) -> bool:
        return self.path.removeprefix("gradio_api/") in OPEN

    @property
    def body(self) -> Any:
        if self.method != "POST":
            return None
        return b"" if self.path.removeprefix("gradio_api/").startswith(("login", "logout", "upload")) else BODY

    @property
    def headers(self) -> dict[str, str]:
        return FORM if isinstance(self.body, bytes) else {}


def routes(demo: gr.Blocks) -> list[Route]:
    """Every pattern of the app with every method it knows."""
    return [route for pattern in demo.urls[0] for route in _of(pattern)]


def _of(pattern: URLPattern) -> Iterator[Route]:
    view: Any = pattern.callback
    values = {name: "x" if ":path" in type(each).__name__.lower() else SAMPLES[name] for name, each in _names(pattern)}
    path = view.tail.format_map({**values, "name": _name_for(view.tail)})
    if isinstance(view, Endpoint):
        for method in view.methods:
            yield Route(path, method, None)
        return
    assert isinstance(view, Hot), f"{path} is answered by {view!r}: teach the walk how to ask it."
    if view.hot == "queue.ws":
        yield Route(path, "WEBSOCKET", view.hot)
        return
    for method in consumer(view.hot).methods:
        yield Route(path, method, view.hot)


def _names(pattern: URLPattern) -> list[tuple[str, Any]]:
    return [(name.removeprefix(OURS), each) for name, each in pattern.pattern.converters.items()]


def _name_for(tail: str) -> str:
    return "tell" if tail.removeprefix("gradio_api/").startswith(("call", "run", "api")) else "x"


def consumer(hot: str) -> Any:
    """The class behind a hot endpoint."""
    from importlib import import_module

    module, _, name = CONSUMERS[hot].partition(":")
    return getattr(import_module(f"queue_app.{module}"), name)


ROUTES = routes(greeter())
