"""Whoever runs a project's code gives back the connections that it has opened, however it is called."""

from __future__ import annotations

import asyncio
import gc
import time
from collections.abc import AsyncIterator, Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from types import ModuleType
from typing import Any

import pytest
from asgiref.sync import sync_to_async
from django.contrib.auth.models import User
from django.core.handlers.asgi import ASGIHandler
from django.db import connection
from django.http import HttpResponse
from django.test import RequestFactory, override_settings
from django.urls import path

import blocks_app as gr
from auth_app.guarding.guard import Guard
from auth_app.identity import Identity
from auth_app.policies import permissions
from auth_app.policies.credentials import PasswordFunction
from auth_app.policies.dependency import DependencyPolicy
from blocks_app import connections as giving_back
from queue_app.testing import AsyncPageUser, PageUser
from queue_app.transport.routing import BlocksASGI
from tests.databases.conftest import Site, using
from tests.wire.asgi_client import Client


def ask(*_: Any) -> str:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return "asked"


async def ask_async(*_: Any) -> str:
    return await sync_to_async(ask)()


async def ask_freely(*_: Any) -> str:
    return await sync_to_async(ask, thread_sensitive=False)()


def ask_twice(*_: Any) -> Iterator[str]:
    yield ask()
    yield ask()


async def ask_twice_async(*_: Any) -> AsyncIterator[str]:
    yield await ask_async()
    yield await ask_async()


def closes(site: Site) -> bool:
    """Whether nothing is open any more, soon."""
    limit = time.monotonic() + 5
    while site.open() and time.monotonic() < limit:
        time.sleep(0.02)
    return site.open() == 0


@pytest.mark.parametrize("age", [0, 600, None])
def test_functions_of_every_kind_give_them_back(site: Site, age: int | None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(connection.settings_dict, "CONN_MAX_AGE", age)
    with gr.Blocks() as demo:
        text, result, button = gr.Textbox(), gr.Textbox(), gr.Button()
        for function in (ask, ask_async, ask_freely, ask_twice, ask_twice_async):
            button.click(function, text, result, validator=lambda text: gr.validate(bool(ask()), ""))
        gr.Textbox(ask)
        kept = gr.State(delete_callback=ask)
        button.click(lambda: 1, None, kept)
        demo.unload(ask)
    connection.close()  # declaring asks for a first value, in this thread
    with PageUser(demo) as page:
        page.click(button)
        assert page.errors == [] and page.value(result) == "asked"
    assert closes(site)


def test_twenty_at_once_leave_none_open(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(connection.settings_dict, "CONN_MAX_AGE", None)
    with gr.Blocks() as demo:
        text, button = gr.Textbox(), gr.Button()
        for _ in range(20):
            button.click(lambda _: time.sleep(0.1) or ask(), text, text)
    with PageUser(demo) as page:
        page.click(button)
    assert closes(site)


@pytest.mark.parametrize("function", [ask, ask_async])
async def test_functions_that_decide_who_may_enter_give_them_back(site: Site, function: Callable[..., Any]) -> None:
    request = RequestFactory().get("/", headers={"cookie": "a=b"})
    who = Identity("user:1", "ann", object())
    await asyncio.gather(*[PasswordFunction(function).fits("ann", "pw") for _ in range(5)])
    await asyncio.gather(*[permissions.allows(function, who) for _ in range(5)])
    assert await Guard(DependencyPolicy(function))(request) is not None
    assert await asyncio.to_thread(closes, site)


async def test_users_of_django_are_looked_up_and_nothing_stays_open(site: Site) -> None:
    from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
    from django.contrib.sessions.backends.db import SessionStore

    ann = await User.objects.acreate(username="ann")
    session = SessionStore()
    session[SESSION_KEY], session[HASH_SESSION_KEY] = str(ann.pk), ann.get_session_auth_hash()
    session[BACKEND_SESSION_KEY] = "django.contrib.auth.backends.ModelBackend"
    await session.asave()
    scope = {
        "type": "http", "method": "GET", "path": "/", "server": ("testserver", 80),
        "headers": [(b"host", b"testserver"), (b"cookie", f"sessionid={session.session_key}".encode())],
    }  # fmt: skip
    identity = await Guard()(scope)
    assert identity is not None and identity.username == "ann"
    giving_back.release_later()
    assert await asyncio.to_thread(closes, site)


def test_after_a_restart_of_the_database_everything_works_again(postgresql: Site, django_db_blocker: Any) -> None:
    server = postgresql.server
    assert server is not None
    with gr.Blocks() as demo:
        text, later, button = gr.Textbox(), gr.Textbox(), gr.Button()
        button.click(ask, text, text)
        button.click(ask_async, later, later)
    login = PasswordFunction(ask)
    with using(django_db_blocker, default={**postgresql.settings, "CONN_MAX_AGE": None}), PageUser(demo) as page:
        page.click(button)
        asyncio.run(login.fits("ann", "pw"))
        server.stop()
        server.start()
        asyncio.run(login.fits("ann", "pw"))
        for _ in range(40):  # the one thread of async functions may notice it once
            page.set(text, ""), page.set(later, "")
            page.click(button)
            if page.value(later) == "asked":
                break
            time.sleep(0.1)
        assert (page.value(text), page.value(later)) == ("asked", "asked")


def test_a_pool_of_connections_gets_its_own_back(postgresql: Site, django_db_blocker: Any) -> None:
    pool = {**postgresql.settings, "OPTIONS": {"pool": {"min_size": 1, "max_size": 3, "timeout": 10}}}
    with gr.Blocks() as demo:
        text, button = gr.Textbox(), gr.Button()
        for _ in range(12):
            button.click(ask, text, text)
    with using(django_db_blocker, default=pool):
        with PageUser(demo) as page:
            page.click(button)
            assert page.errors == [] and postgresql.open() <= 3
        connection.close_pool()  # type: ignore[attr-defined] # PostgreSQL's


async def test_an_async_function_keeps_its_connection_while_it_reads(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Others end meanwhile, and what they leave behind is looked after."""
    monkeypatch.setattr(giving_back, "LATER", 0.0)
    await sync_to_async(User.objects.bulk_create)([User(username=f"u{number}") for number in range(50)])

    async def names(_: str) -> str:
        found = []
        async for user in User.objects.order_by("pk").aiterator(chunk_size=5):
            found.append(user.username)
            await asyncio.sleep(0.002)
        return str(len(found))

    with gr.Blocks() as demo:
        text, other, button = gr.Textbox(), gr.Textbox(), gr.Button()
        button.click(names, text, text)
        for _ in range(10):
            button.click(ask_async, other, other)
    async with AsyncPageUser(demo) as page:
        await page.fire(button, "click")
        assert page.value(text) == "50"


def test_connections_in_a_transaction_are_left_alone(site: Site) -> None:
    from django.db import transaction

    def work() -> int:
        with transaction.atomic():
            User.objects.create(username="ann")
            giving_back.release()
            return User.objects.count()

    with ThreadPoolExecutor(1) as pool:
        assert pool.submit(giving_back.released, work).result() == 1


async def test_requests_of_the_site_do_not_pile_them_up(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(connection.settings_dict, "CONN_MAX_AGE", None)
    urlconf = ModuleType("urlconf")
    urlconf.urlpatterns = [path("asked/", lambda request: HttpResponse(ask()))]  # type: ignore[attr-defined]
    gc.disable()  # else what Django leaves is collected some time
    try:
        with override_settings(ROOT_URLCONF=urlconf, ALLOWED_HOSTS=["testserver"]):
            client = Client(BlocksASGI(ASGIHandler()))
            answers = await asyncio.gather(*(client.get("/asked/") for _ in range(12)))
        assert {each.status for each in answers} == {200}
        assert await asyncio.to_thread(closes, site)
    finally:
        gc.enable()
