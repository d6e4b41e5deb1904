"""A small app mounted in a urlconf of its own, and a client that speaks to it in this process."""

from __future__ import annotations

import threading
from collections.abc import AsyncIterator, Iterator
from types import ModuleType
from typing import Any

import pytest
from django.core.handlers.asgi import ASGIHandler
from django.test import override_settings
from django.urls import clear_url_caches, path

import blocks_app as gr
from blocks_app.web import registry
from queue_app.execution.engine import close_engine
from queue_app.transport.routing import BlocksASGI
from tests.wire.asgi_client import Client


class App:
    """A mounted Blocks and the gates that its functions wait at."""

    def __init__(self) -> None:
        self.gate = threading.Event()
        self.closed = False
        self.blocks = self._declare()
        self.urlconf: Any = ModuleType("urlconf")
        self.urlconf.urlpatterns = [path("app/", self.blocks.urls)]
        self.mount = registry.mount(self.blocks)

    def _declare(self) -> gr.Blocks:
        def wait(text: str) -> str:
            self.gate.wait(10)
            return text

        def count(text: str) -> Iterator[str]:
            try:
                for number in range(3):
                    yield f"{text}{number}"
                    if number == 1:
                        self.gate.wait(10)
            finally:
                self.closed = True

        with gr.Blocks() as demo:
            text, kept, number = gr.Textbox(label="text"), gr.State("s"), gr.Number(label="number", value=3)
            out = gr.Textbox(label="out")
            go = gr.Button("Go")
            go.click(lambda a: f"<{a}>", text, out, api_name="echo")
            go.click(wait, text, out, api_name="wait")
            go.click(count, text, out, api_name="count")
            go.click(lambda a, s, n: (f"{a}{s}{n:g}", s + a), [text, kept, number], [out, kept], api_name="keep")
            go.click(_fail, text, out, api_name="fail")
            go.click(lambda a: a, text, out, api_name="direct", queue=False)
            go.click(lambda a: a, text, out, api_name=False)
            go.click(None, text, out, js="x => x", api_name="script")
        return demo

    def fn(self, name: str) -> int:
        """The number of an endpoint."""
        return next(each.id for each in self.blocks.dependencies.values() if each.api_name == name)


def _fail(kind: str) -> str:
    if kind == "gr":
        raise gr.Error("told")
    raise ValueError("secret")


@pytest.fixture
def app_class() -> type[App]:
    """What `app` is made of; a file of tests may say something else."""
    return App


@pytest.fixture
async def app(app_class: type[App]) -> AsyncIterator[App]:
    """The app at /app/."""
    made = app_class()
    with override_settings(ROOT_URLCONF=made.urlconf, ALLOWED_HOSTS=["testserver"]):
        clear_url_caches()
        yield made
        made.gate.set()
        await close_engine(made.mount)
    clear_url_caches()
    registry.unmount(made.blocks)


@pytest.fixture
def client(app: App) -> Client:
    """Speaks to the site that the app is mounted in."""
    return Client(BlocksASGI(ASGIHandler()))


@pytest.fixture
def join(app: App, client: Client) -> Any:
    """Start an event of a session; gives its id."""

    async def start(name: str, *data: Any, session: str = "s1", **headers: str) -> str:
        body = {"data": list(data), "fn_index": app.fn(name), "session_hash": session}
        answer = await client.post("/app/queue/join", body, headers)
        assert answer.status == 200, answer.body
        return str(answer.json["event_id"])

    return start
