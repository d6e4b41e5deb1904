"""`auth_dependency`: what the function gets, and what its answers mean."""

from __future__ import annotations

import asyncio
import functools
from collections.abc import AsyncIterator, Iterator
from typing import Any

import pytest
from asgiref.sync import async_to_sync, sync_to_async
from django.contrib.auth.models import User
from django.test import Client as DjangoClient

from tests.auth_app.visitor import Visitor, greeter, site


def by_header(request: Any) -> str | None:
    return request.headers.get("X-Name")


async def later(request: Any) -> str | None:
    return by_header(request)


async def trap(request: Any) -> Any:
    return later(request)


class Asked:
    async def __call__(self, request: Any) -> str | None:
        return by_header(request)


def opened(request: Any) -> Iterator[str | None]:
    yield by_header(request)


async def opened_later(request: Any) -> AsyncIterator[str | None]:
    yield by_header(request)


@functools.wraps(later)
def waited_for(request: Any) -> str | None:
    return asyncio.run(later(request))


@functools.wraps(sync_to_async(by_header))
def marked(request: Any) -> str | None:
    return by_header(request)


KINDS = [
    by_header, later, trap, lambda request: trap(request), Asked(), functools.partial(Asked()), opened, opened_later,
    waited_for, marked, sync_to_async(by_header), async_to_sync(later), functools.partial(opened),
]  # fmt: skip


@pytest.mark.parametrize("function", KINDS)
async def test_a_header_decides(function: Any) -> None:
    async with site(greeter(auth_dependency=function)) as client:
        assert [(await Visitor(client).get(f"/app/{path}")).status for path in ("", "config", "info")] == [401] * 3
        ann = Visitor(client, x_name="ann")
        assert (await ann.get("/app/")).status == 200
        assert (await ann.get("/app/user")).json == "ann"
        assert (await ann.post("/app/run/direct", {"data": ["hi"]})).json["data"] == ["hi: ann, ann"]


async def test_there_is_no_login_page() -> None:
    async with site(greeter(auth_dependency=by_header)) as client:
        page = await Visitor(client, accept="text/html").get("/app/")
        assert page.status == 401 and b"<form" not in page.body
        assert (await Visitor(client).login("a", "b")).status == 404


@pytest.mark.parametrize("answer", [True, "", [], {"id": 1}, object()])
async def test_what_is_no_id_is_nobody(answer: Any) -> None:
    async with site(greeter(auth_dependency=lambda request: answer)) as client:
        assert (await Visitor(client).get("/app/config")).status == 401


async def test_a_number_is_an_id() -> None:
    async with site(greeter(auth_dependency=lambda request: 7)) as client:
        assert (await Visitor(client).get("/app/user")).json == "7"


def everything(request: Any) -> str:
    assert request.query_params["q"] == "1" and request.cookies["c"] == "2" and request.client[0] == "127.0.0.1"
    assert request.GET["q"] == "1" and request.COOKIES.get("c") == "2" and request.session.get("x") is None
    return str(request.user)


async def async_everything(request: Any) -> str:
    return everything(request)


@pytest.mark.parametrize("function", [everything, async_everything, lambda request: async_everything(request)])
@pytest.mark.parametrize("where", ["/app/user?q=1", "/app/queue/status?q=1"])
@pytest.mark.django_db(transaction=True)
async def test_what_the_request_offers(function: Any, where: str, settings: Any) -> None:
    settings.SESSION_ENGINE = "django.contrib.sessions.backends.db"
    django = DjangoClient()
    await django.aforce_login(await User.objects.acreate_user("ann"))
    async with site(greeter(auth_dependency=function)) as client:
        visitor = Visitor(client)
        visitor.cookies = {"c": "2", "sessionid": django.cookies["sessionid"].value}
        answer = await visitor.get(where)
        assert answer.status == 200
        assert "status" in where or answer.json == "ann"


async def of_user(request: Any) -> str:
    return str(request.user)


@pytest.mark.parametrize("function", [of_user, lambda request: str(request.user), lambda request: of_user(request)])
@pytest.mark.django_db(transaction=True)
async def test_a_session_that_decides_needs_proof_of_the_page(function: Any, settings: Any) -> None:
    settings.SESSION_ENGINE = "django.contrib.sessions.backends.db"
    django = DjangoClient()
    await django.aforce_login(await User.objects.acreate_user("ann"))
    async with site(greeter(auth_dependency=function)) as client:
        ann = Visitor(client)
        ann.cookies = {"sessionid": django.cookies["sessionid"].value}
        assert (await ann.post("/app/run/direct", {"data": ["x"]})).status == 403
        assert (await ann.post("/app/run/direct", {"data": ["x"]}, origin="http://testserver")).status == 200


async def test_a_cookie_that_decides_needs_proof_of_the_page() -> None:
    async with site(greeter(auth_dependency=lambda request: request.cookies.get("who"))) as client:
        ann = Visitor(client)
        ann.cookies = {"who": "ann"}
        assert (await ann.get("/app/config")).status == 200
        assert (await ann.post("/app/run/direct", {"data": ["x"]})).status == 403
        assert (await ann.post("/app/run/direct", {"data": ["x"]}, origin="http://testserver")).status == 200
