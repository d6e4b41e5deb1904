"""T12: what changes something shows which page sent it; a cookie alone, or another site's page, changes nothing."""

from __future__ import annotations

from typing import Any

import pytest

from tests.auth_app.socket import socket
from tests.auth_app.visitor import Visitor, greeter, site
from tests.security.walk import ROUTES, Route

POSTS = [route for route in ROUTES if route.method == "POST" and "startup-events" not in route.path]
FOREIGN: list[dict[str, str]] = [
    {"origin": "http://evil.example"},
    {"origin": "null"},
    {"origin": "http://testserver:81"},
    {"sec_fetch_site": "cross-site"},
    {"sec_fetch_site": "same-site", "origin": "http://sub.testserver"},
]


async def logged_in(client: Any) -> Visitor:
    """A browser with a login cookie."""
    visitor = Visitor(client)
    assert (await visitor.login("a", "b", sent={"origin": "http://testserver"})).status == 200
    return visitor


def test_there_is_a_bus_to_send_to() -> None:
    assert {route.path for route in POSTS} >= {"upload", "cancel", "logout", "login", "queue/join", "reset"}


async def test_a_cookie_alone_changes_nothing() -> None:
    async with site(greeter(auth=("a", "b"))) as client:
        visitor = await logged_in(client)
        for route in POSTS:
            assert (await post(visitor, route)).status == 403, route
        async with socket(visitor, origin="") as opened:
            await opened.until("closed")
            assert opened.code == 4403 and not opened.accepted
        assert (await visitor.get("/app/config")).status == 200  # the logout was refused too


@pytest.mark.parametrize("headers", FOREIGN)
@pytest.mark.parametrize("cookie", [False, True])
async def test_another_sites_page_changes_nothing(headers: dict[str, str], cookie: bool) -> None:
    async with site(greeter(auth=("a", "b"))) as client:
        visitor = await logged_in(client) if cookie else Visitor(client)
        for route in POSTS:
            assert (await post(visitor, route, **headers)).status == 403, route
        if "origin" in headers:
            async with socket(visitor, origin=headers["origin"]) as opened:
                await opened.until("closed")
                assert opened.code == 4403 and not opened.accepted


@pytest.mark.parametrize(
    "headers",
    [
        {"origin": "http://testserver"},
        {"sec_fetch_site": "same-origin"},
        {"authorization": "Bearer x"},
        {"x_csrftoken": "t" * 32},
    ],
)
async def test_a_request_that_shows_its_page_is_served(headers: dict[str, str]) -> None:
    async with site(greeter(auth=("a", "b"))) as client:
        visitor = await logged_in(client)
        visitor.cookies["csrftoken"] = "t" * 32
        assert (await visitor.post("/app/run/direct", {"data": ["x"]}, **headers)).status == 200


async def test_programs_are_served() -> None:
    """They send no origin: without a cookie, or with one that no browser was ever given."""
    async with site(greeter()) as client:
        assert (await Visitor(client).post("/app/run/direct", {"data": ["x"]})).status == 200
    async with site(greeter(auth=("a", "b"))) as client:
        program = Visitor(client, user_agent="gradio_client/1.0.1")
        await program.login("a", "b")
        assert (await program.post("/app/run/direct", {"data": ["x"]})).status == 200


async def test_a_link_on_another_site_logs_nobody_out() -> None:
    async with site(greeter(auth=("a", "b"))) as client:
        visitor = await logged_in(client)
        page = await visitor.get("/app/logout", sec_fetch_site="cross-site", accept="text/html")
        assert page.status == 200 and b'method="post" action="/app/logout"' in page.body
        assert (await visitor.ask("HEAD", "/app/logout")).status == 200
        assert (await visitor.get("/app/config")).status == 200
        assert (await visitor.get("/app/logout", sec_fetch_site="same-origin")).status == 302
        assert (await visitor.get("/app/config")).status == 401


@pytest.mark.parametrize(
    "headers",
    [
        {"referer": "https://evil.example/page"},
        {"referer": "http://testserver.evil.example/"},
        {"referer": "http://testserver:81/"},
        {"referer": "null"},
        {"referer": ""},
        {"origin": "https://evil.example"},
        {"origin": "null"},
        {"origin": "null", "sec_fetch_site": "same-origin"},
        {"sec_fetch_site": "same-site"},
        {"accept": "image/*", "user_agent": "Mozilla/5.0"},
        {},
    ],
)
async def test_neither_does_a_picture_that_tells_no_site(headers: dict[str, str]) -> None:
    async with site(greeter(auth=("a", "b"))) as client:
        for where in ("/app/logout", "/app/logout/", "/app/logout?all_session=false"):
            visitor = await logged_in(client)
            page = await visitor.get(where, **headers)
            assert page.status == 200 and b'method="post" action="/app/logout"' in page.body, where
            assert (await visitor.get("/app/config")).status == 200
            assert (await visitor.post("/app/logout", origin="http://testserver")).status == 303


@pytest.mark.parametrize(
    "headers",
    [
        {"sec_fetch_site": "same-origin"},
        {"sec_fetch_site": "none"},
        {"referer": "http://testserver/app/"},
        {"origin": "http://testserver"},
        {"x_csrftoken": "t" * 32},
    ],
)
async def test_a_logout_of_our_page_needs_no_second_click(headers: dict[str, str]) -> None:
    async with site(greeter(auth=("a", "b"))) as client:
        visitor = await logged_in(client)
        visitor.cookies["csrftoken"] = "t" * 32
        assert (await visitor.get("/app/logout", **headers)).status == 302
        assert (await visitor.get("/app/config")).status == 401


async def test_a_program_logs_out_as_it_has_logged_in() -> None:
    async with site(greeter(auth=("a", "b"))) as client:
        program = Visitor(client, user_agent="gradio_client/1.0.1")
        await program.login("a", "b")
        assert (await program.get("/app/logout", referer="https://evil.example/")).status == 200
        assert (await program.get("/app/logout")).status == 302
        assert (await program.get("/app/config")).status == 401


async def post(visitor: Visitor, route: Route, **headers: str) -> Any:
    return await visitor.post(f"/app/{route.path}", route.body, **(route.headers | headers))
