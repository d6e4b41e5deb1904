"""T30: nobody who has not logged in gets past the guard, on any address, by any method, under any policy."""

from __future__ import annotations

from typing import Any

import pytest

from queue_app.transport.routing import CONSUMERS
from tests.auth_app.socket import socket
from tests.auth_app.visitor import Visitor, greeter, site
from tests.security.walk import ROUTES, Route


async def nobody(request: Any) -> Any:
    return None


async def a_truthy_coroutine(request: Any) -> Any:
    return nobody(request)


POLICIES: dict[str, dict[str, Any]] = {
    "pairs": {"auth": ("ann", "secret")},
    "function": {"auth": lambda name, password: True},
    "django": {"auth": "django"},
    "permission": {"permission": lambda user: a_truthy_coroutine(user)},
    "dependency": {"auth_dependency": a_truthy_coroutine},
    "sync dependency that gives a coroutine": {"auth_dependency": lambda request: nobody(request)},
}
CLOSED = [route for route in ROUTES if not route.is_open]


@pytest.fixture(autouse=True)
def fresh(settings: Any) -> None:
    settings.LOGIN_URL = "/accounts/login/"


async def test_the_walk_knows_every_consumer() -> None:
    async with site(greeter(auth=("ann", "secret"))) as client:
        for route in ROUTES:
            await refused(Visitor(client), route)
        assert set(client.app.loaded) == set(CONSUMERS)
    assert len(CLOSED) > 60


@pytest.mark.parametrize("policy", POLICIES)
async def test_a_stranger_is_refused_on_every_address(policy: str) -> None:
    async with site(greeter(**POLICIES[policy])) as client:
        for cookies in ({}, {"sessionid": "a" * 32}, {"sessionid": "x"}):
            visitor = Visitor(client)
            visitor.cookies = dict(cookies)
            for route in CLOSED:
                assert await refused(visitor, route), route


async def refused(visitor: Visitor, route: Route) -> bool:
    if route.method == "WEBSOCKET":
        async with socket(visitor) as opened:
            await opened.until("closed")
            return opened.code == 4401 and [frame["type"] for frame in opened.frames] == ["refused"]
    answer = await visitor.ask(route.method, f"/app/{route.path}", route.body, **route.headers)
    return answer.status in (302, 401, 403) and b"tell" not in answer.body


@pytest.mark.parametrize("policy", POLICIES)
async def test_open_addresses_tell_nothing_of_the_app(policy: str) -> None:
    async with site(greeter(**POLICIES[policy])) as client:
        for route in ROUTES:
            if route.is_open:
                answer = await Visitor(client).ask(route.method, f"/app/{route.path}", route.body, **route.headers)
                assert answer.status < 500, route
                for inside in (b"tell", b"Label", b'dependencies":[{', b'"components":[{'):
                    assert inside not in answer.body, (route, inside)


async def test_who_logs_in_gets_in() -> None:
    """Else the walk would prove nothing."""
    async with site(greeter(auth=("ann", "secret"))) as client:
        ann = Visitor(client, origin="http://testserver")
        await ann.login("ann", "secret")
        for route in CLOSED:
            if route.method in ("GET", "POST") and not route.path.removeprefix("gradio_api/").startswith(
                ("queue/data", "heartbeat", "call/")
            ):
                answer = await ann.ask(route.method, f"/app/{route.path}", route.body, **route.headers)
                assert answer.status not in (302, 401, 403), route
        async with socket(ann) as opened:
            assert (await opened.until("welcome"))["session_hash"] == "s"


async def test_every_listener_with_a_permission_is_refused_at_every_endpoint() -> None:
    import blocks_app as gr

    ran: list[str] = []
    with gr.Blocks() as demo:
        text = gr.Textbox()
        gr.Button().click(ran.append, text, None, api_name="tell", permission=lambda user: a_truthy_coroutine(user))
        gr.Button().click(ran.append, text, None, api_name="named", permission="auth.view_user", queue=False)
    endpoints = [route for route in CLOSED if route.method == "POST" and not route.path.endswith("upload")]
    endpoints = [
        route
        for route in endpoints
        if route.path.removeprefix("gradio_api/").split("/")[0] in ("queue", "call", "run", "api")
    ]
    assert len(endpoints) >= 10
    async with site(demo.protect(auth=("ann", "secret"))) as client:
        ann = Visitor(client, origin="http://testserver")
        await ann.login("ann", "secret")
        for fn in (0, 1):
            for route in endpoints:
                body = {"data": ["x"], "fn_index": fn, "session_hash": "s"} if "v2" not in route.path else {}
                answer = await ann.post(f"/app/{route.path}", body)
                assert answer.status in (403, 400), (route, answer.body)
            async with socket(ann) as opened:
                opened.submit(fn, "x")
                assert (await opened.until("refused"))["status"] == 403
    assert ran == []
