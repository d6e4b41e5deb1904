"""T13: one login cookie, that scripts and other sites cannot use, and only over https where the login was."""

from __future__ import annotations

from http.cookies import Morsel, SimpleCookie
from typing import Any

import pytest

from tests.auth_app.visitor import Visitor, greeter, site


async def cookies(client: Any, **headers: str) -> list[Morsel[str]]:
    answer = await Visitor(client).login("a", "b", sent=headers)
    assert answer.status == 200
    return [morsel for line in answer.cookies for morsel in SimpleCookie(line).values()]


@pytest.mark.parametrize("middleware", [True, False])
async def test_the_cookie(middleware: bool, settings: Any) -> None:
    settings.MIDDLEWARE = settings.MIDDLEWARE if middleware else []
    async with site(greeter(auth=("a", "b"))) as client:
        (cookie,) = await cookies(client)
    assert (cookie.key, cookie["httponly"], cookie["samesite"], cookie["path"]) == ("sessionid", True, "Lax", "/")
    assert not cookie["secure"] and "ann" not in cookie.value and len(cookie.value) >= 32


@pytest.mark.parametrize("middleware", [True, False])
async def test_it_is_secure_over_https(middleware: bool, settings: Any) -> None:
    settings.MIDDLEWARE = settings.MIDDLEWARE if middleware else []
    settings.SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    async with site(greeter(auth=("a", "b"))) as client:
        (cookie,) = await cookies(client, x_forwarded_proto="https", origin="https://testserver")
        assert cookie["secure"]
    demo = greeter(auth=("a", "b"))
    async with site(demo) as client:
        assert demo.mount is not None
        demo.mount.options.root_path = "https://public.example/app"
        (cookie,) = await cookies(client)
        assert cookie["secure"]


async def test_a_wrong_login_sets_no_cookie() -> None:
    async with site(greeter(auth=("a", "b"))) as client:
        assert (await Visitor(client).login("a", "x")).cookies == []
        assert (await Visitor(client).get("/app/")).cookies == []


async def test_logout_deletes_it(settings: Any) -> None:
    settings.MIDDLEWARE = []
    async with site(greeter(auth=("a", "b"))) as client:
        visitor = Visitor(client)
        await visitor.login("a", "b")
        await visitor.get("/app/logout")
        assert visitor.cookies == {}
