"""A browser or a program in front of one protected app, in this process: the whole ASGI stack, no socket."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from http.cookies import SimpleCookie
from types import ModuleType
from typing import Any
from urllib.parse import urlencode

from django.core.handlers.asgi import ASGIHandler
from django.test import override_settings
from django.urls import clear_url_caches, path

import blocks_app as gr
from blocks_app.web import registry
from queue_app.execution.engine import close_engine
from queue_app.transport.routing import BlocksASGI
from tests.wire.asgi_client import Answer, Client

FORM = {"content-type": "application/x-www-form-urlencoded"}
BROWSER = {"accept": "text/html,*/*", "origin": "http://testserver", "sec-fetch-site": "same-origin"}


class Visitor:
    """Keeps cookies. `headers` go with every request."""

    def __init__(self, client: Client, **headers: str) -> None:
        self.client = client
        self.headers = {name.replace("_", "-"): value for name, value in headers.items()}
        self.cookies: dict[str, str] = {}

    async def ask(self, method: str, where: str, body: Any = None, **headers: str) -> Answer:
        """Send a request and keep the cookies of its answer; underscores in header names are hyphens."""
        answer = await self.client.request(method, where, body, self.sent(headers))
        for line in answer.cookies:
            for name, morsel in SimpleCookie(line).items():
                self.cookies[name] = morsel.value
                if morsel["max-age"] == "0" or not morsel.value:
                    self.cookies.pop(name, None)
        return answer

    def sent(self, more: dict[str, str]) -> dict[str, str]:
        """The headers of a request."""
        headers = self.headers | {name.replace("_", "-"): value for name, value in more.items()}
        if self.cookies:
            headers["cookie"] = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        return headers

    async def get(self, where: str, **headers: str) -> Answer:
        return await self.ask("GET", where, **headers)

    async def post(self, where: str, body: Any = None, **headers: str) -> Answer:
        return await self.ask("POST", where, body, **headers)

    async def login(
        self,
        username: str,
        password: str,
        where: str = "/app/login",
        *,
        sent: dict[str, str] | None = None,
        **more: str,
    ) -> Answer:
        """Send the login form; `sent` are headers, `more` other fields."""
        form = urlencode({"username": username, "password": password, **more}).encode()
        return await self.post(where, form, **FORM, **(sent or {}))


@asynccontextmanager
async def site(demo: gr.Blocks, *more: Any) -> AsyncIterator[Client]:
    """The app at /app/ of a site, beside other patterns."""
    urls: Any = ModuleType("urls")
    urls.urlpatterns = [path("app/", demo.urls), *more]
    with override_settings(ROOT_URLCONF=urls, ALLOWED_HOSTS=["testserver"]):
        clear_url_caches()
        yield Client(BlocksASGI(ASGIHandler()))
        assert demo.mount is not None
        await close_engine(demo.mount)
    clear_url_caches()
    registry.unmount(demo)


def greeter(**options: Any) -> gr.Blocks:
    """An app that tells who is asking; `options` are those of protect()."""
    with gr.Blocks(title="Secret plans") as demo:
        name, out = gr.Textbox(label="Name"), gr.Textbox(label="Out")
        go = gr.Button("Run")
        go.click(tell, name, out, api_name="tell")
        go.click(tell, name, out, api_name="direct", queue=False)
    return demo.protect(**options) if options else demo


def tell(name: str, request: gr.Request) -> str:
    """Who asks, as a function sees it."""
    return f"{name}: {request.username}, {request.user}"
