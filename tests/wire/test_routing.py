"""BlocksASGI: which connections reach a consumer, and which Django."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest
from django.http import HttpRequest, HttpResponse
from django.test import override_settings
from django.urls import include, path

from queue_app.transport import routing
from queue_app.transport.http import HttpConsumer
from tests.wire.asgi_client import Client


class Echo(HttpConsumer):
    """Answers what its route captured."""

    guarded = False

    async def handle(self, name: str = "") -> None:
        await self.answer({"name": name})


class Hot:
    """A view that a consumer answers."""

    hot = "run"
    tail = "run/{name}"

    def __call__(self, request: HttpRequest, **_: Any) -> HttpResponse:
        raise AssertionError("Django was asked")


hot = path("run/<str:blocks_name>", Hot(), {"blocks_mount": SimpleNamespace(key="m")})
inner = ([hot, path("cold", Hot.__call__)], "blocks")
urlpatterns = [path("chat/", include(inner))]


async def django(scope: Any, receive: Any, send: Any) -> None:
    """Stands for the site's Django application."""
    await send({"type": "http.response.start", "status": 200, "headers": []})
    await send({"type": "http.response.body", "body": b"django"})


@pytest.fixture
def client(monkeypatch: pytest.MonkeyPatch) -> Any:
    monkeypatch.setattr(routing, "CONSUMERS", {"run": "routes:Echo"})
    app = routing.BlocksASGI(django)
    app.loaded["run"] = Echo.as_asgi()
    with override_settings(ROOT_URLCONF=__name__):
        yield Client(app)


async def test_a_hot_path_reaches_its_consumer(client: Client) -> None:
    assert (await client.get("/chat/run/greet")).json == {"name": "greet"}
    assert (await client.get("/chat/run/greet")).json == {"name": "greet"}  # from the cache


async def test_everything_else_reaches_django(client: Client) -> None:
    assert (await client.get("/chat/cold")).body == b"django"
    assert (await client.get("/nowhere")).body == b"django"


async def test_the_prefix_of_the_site_is_honoured(client: Client) -> None:
    with override_settings(FORCE_SCRIPT_NAME="/sub"):
        assert (await client.get("/sub/chat/run/greet")).json == {"name": "greet"}
        assert (await client.get("/subway/chat/run/greet")).body == b"django"


async def test_the_answer_of_an_urlconf_is_not_kept_for_another(client: Client) -> None:
    assert (await client.get("/chat/run/greet")).json
    with override_settings(ROOT_URLCONF="tests.wire.empty_urls"):
        assert (await client.get("/chat/run/greet")).body == b"django"


async def test_the_cache_of_paths_is_bounded(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(routing, "CACHED_PATHS", 2)
    for name in "abcde":
        assert (await client.get(f"/chat/run/{name}")).json == {"name": name}


def test_what_a_body_meets_is_looked_for_once_at_each_path(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []
    match_of = routing.match_of
    monkeypatch.setattr(routing, "match_of", lambda *given: (asked.append(given[1]), match_of(*given))[1])
    app = routing.BlocksASGI(django)
    paths = ["/chat/run/a", "/chat/cold", "/chat/run/a", "/chat/cold", "/nowhere", "/nowhere"]
    with override_settings(ROOT_URLCONF=__name__, BLOCKS_MAX_BODY_SIZE=10):
        found = [routing.limit_behind(app, path) for path in paths]
        assert found[:2] == found[2:4] and found[0].most == 10 and found[0] != found[1]
        assert asked == ["/chat/run/a", "/chat/cold", "/nowhere", "/nowhere"]  # of what is nowhere nothing is kept
    with override_settings(ROOT_URLCONF=__name__, BLOCKS_MAX_BODY_SIZE=20):
        assert routing.limit_behind(app, "/chat/run/a").most == 20
    with override_settings(ROOT_URLCONF="tests.wire.empty_urls"):
        assert routing.limit_behind(app, "/chat/cold") == routing.limit_behind(app, "/nowhere")


async def test_a_socket_that_nobody_serves_is_refused() -> None:
    sent: list[dict[str, Any]] = []

    async def receive() -> dict[str, Any]:
        return {"type": "websocket.connect"}

    async def send(message: dict[str, Any]) -> None:
        sent.append(message)

    with override_settings(ROOT_URLCONF=__name__):
        scope = {"type": "websocket", "path": "/chat/run/greet", "root_path": "", "headers": []}
        await routing.BlocksASGI(django)(scope, receive, send)
    assert sent == [{"type": "websocket.close"}]


async def test_lifespan_is_answered() -> None:
    sent: list[str] = []
    inbox = iter(["lifespan.startup", "lifespan.shutdown"])

    async def receive() -> dict[str, Any]:
        return {"type": next(inbox)}

    async def send(message: dict[str, Any]) -> None:
        sent.append(message["type"])

    await routing.BlocksASGI(django)({"type": "lifespan"}, receive, send)
    assert sent == ["lifespan.startup.complete", "lifespan.shutdown.complete"]
