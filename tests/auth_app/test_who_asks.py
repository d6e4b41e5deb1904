"""What a function is told of who asks, under every policy and through every endpoint."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.auth.models import User

import blocks_app as gr
from auth_app.visitors import known
from tests.auth_app.socket import socket
from tests.auth_app.visitor import Visitor, site

pytestmark = pytest.mark.django_db(transaction=True)

ENDPOINTS = ["run", "run direct", "call", "queue", "socket"]


@pytest.fixture(autouse=True)
def users(settings: Any) -> None:
    settings.SESSION_ENGINE = "django.contrib.sessions.backends.db"
    settings.LOGIN_URL = "/accounts/login/"
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    known.forget_all()
    User.objects.create_user("ann", password="secret")


def tell(request: gr.Request) -> str:
    user = request.user
    return " ".join(str(each) for each in (request.username, user, type(user).__name__, user.is_authenticated, user.pk))


def app(**access: Any) -> gr.Blocks:
    with gr.Blocks() as demo:
        out = gr.Textbox()
        gr.Button().click(tell, None, out, api_name="tell")
        gr.Button().click(tell, None, out, api_name="direct", queue=False)
    return demo.protect(**access) if access else demo


async def answer_at(visitor: Visitor, endpoint: str) -> str:
    if endpoint.startswith("run"):
        answer = await visitor.post(f"/app/run/{'direct' if 'direct' in endpoint else 'tell'}", {"data": []})
        return str(answer.json["data"][0])
    if endpoint == "call":
        event_id = (await visitor.post("/app/call/tell", {"data": []})).json["event_id"]
        return (await visitor.get(f"/app/call/tell/{event_id}")).body.decode().rpartition('["')[2].rpartition('"]')[0]
    if endpoint == "queue":
        await visitor.post("/app/queue/join", {"data": [], "fn_index": 0, "session_hash": "q"})
        stream = await visitor.get("/app/queue/data?session_hash=q")
        return str(next(each for each in stream.messages if each["msg"] == "process_completed")["output"]["data"][0])
    async with socket(visitor) as page:
        page.submit(0)
        return str((await page.message("process_completed"))["output"]["data"][0])


def by_header(request: Any) -> str | None:
    found: str | None = request.headers.get("X-Who")
    return found


async def stranger(client: Any) -> Visitor:
    return Visitor(client, origin="http://testserver")


async def logged_in(client: Any) -> Visitor:
    visitor = await stranger(client)
    assert (await visitor.login("ann", "secret")).status == 200
    return visitor


async def with_a_session_of_the_site(client: Any) -> Visitor:
    from django.test import AsyncClient

    browser, visitor = AsyncClient(), await stranger(client)
    await browser.aforce_login(await User.objects.aget(username="ann"))
    visitor.cookies = {name: morsel.value for name, morsel in browser.cookies.items()}
    return visitor


async def with_a_header(client: Any) -> Visitor:
    return Visitor(client, x_who="ann")


CASES: dict[str, tuple[dict[str, Any], Callable[[Any], Any], str]] = {
    "open, a stranger": ({}, stranger, "None AnonymousUser AnonymousUser False None"),
    "open, the site's user": ({}, with_a_session_of_the_site, "ann ann User True {pk}"),
    "names and passwords": ({"auth": ("ann", "secret")}, logged_in, "ann ann NamedUser True None"),
    "a function of the request": ({"auth_dependency": by_header}, with_a_header, "ann ann NamedUser True None"),
    "the site's users": ({"auth": "django"}, logged_in, "ann ann User True {pk}"),
}


@pytest.mark.parametrize("case", CASES)
async def test_who_asks(case: str) -> None:
    access, arrive, wanted = CASES[case]
    pk = (await User.objects.aget(username="ann")).pk
    async with site(app(**access)) as client:
        visitor = await arrive(client)
        assert {endpoint: await answer_at(visitor, endpoint) for endpoint in ENDPOINTS} == dict.fromkeys(
            ENDPOINTS, wanted.format(pk=pk)
        )


async def test_equal_names_of_two_policies_are_two_visitors() -> None:
    """Ann of an app's own list is not the site's Ann: neither her session nor her permissions."""
    with gr.Blocks() as demo:
        out = gr.Textbox()
        gr.Button().click(lambda: "ran", None, out, api_name="tell", permission="auth.view_user")
    await User.objects.filter(username="ann").aupdate(is_superuser=True)
    async with site(demo.protect(auth=("ann", "secret"))) as client:
        visitor = await logged_in(client)
        assert (await visitor.post("/app/run/tell", {"data": []})).status == 403
        guest = await with_a_session_of_the_site(client)
        assert (await guest.get("/app/config")).status == 401
