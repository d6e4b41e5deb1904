"""T31: a new session key at login; what a visitor has open ends within two seconds when the access does."""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import Iterator
from typing import Any

import pytest
from django.contrib.auth.models import Group, Permission, User
from django.contrib.sessions.models import Session

import blocks_app as gr
from auth_app.visitors import known
from queue_app.access import connection_registry
from queue_app.execution.engine import engines_here
from tests.auth_app.socket import EVENT, socket
from tests.auth_app.visitor import Visitor, site
from tests.hanging import Hanging

pytestmark = pytest.mark.django_db(transaction=True)

SECONDS = 2.0


class Counter:
    """An app whose function counts until it is stopped, one visitor at a time."""

    def __init__(self, **access: Any) -> None:
        self.gate = threading.Event()
        self.started: list[str] = []
        self.closed = threading.Event()
        with gr.Blocks() as demo:
            text, out = gr.Textbox(), gr.Textbox()
            gr.Button().click(self.count, text, out, api_name="count")
        self.demo = demo.protect(**access)

    def count(self, text: str) -> Iterator[str]:
        self.started.append(text)
        try:
            yield "first"
            while not self.gate.wait(0.05):
                yield text
        finally:
            self.closed.set()


@pytest.fixture(autouse=True)
def fresh(settings: Any) -> None:
    settings.SESSION_ENGINE = "django.contrib.sessions.backends.db"
    settings.LOGIN_URL = "/accounts/login/"
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]  # a slow one is not what is measured
    known.forget_all()


@pytest.fixture
def ann() -> User:
    return User.objects.create_user("ann", password="secret")


async def deactivate(user: User, visitor: Visitor) -> None:
    user.is_active = False
    await user.asave()


async def delete(user: User, visitor: Visitor) -> None:
    await user.adelete()


async def change_password(user: User, visitor: Visitor) -> None:
    user.set_password("new")
    await user.asave()


async def log_out(user: User, visitor: Visitor) -> None:
    assert (await visitor.get("/app/logout")).status == 302


async def delete_sessions(user: User, visitor: Visitor) -> None:
    await Session.objects.all().adelete()


@pytest.mark.parametrize("end", [deactivate, delete, change_password, log_out, delete_sessions])
async def test_a_socket_closes_and_its_work_stops(end: Any, ann: User) -> None:
    app = Counter(auth="django")
    async with site(app.demo) as client:
        visitor = Visitor(client, origin="http://testserver")
        await visitor.login("ann", "secret")
        async with socket(visitor) as opened:
            opened.submit(0, "x")
            await opened.message("process_generating")
            await end(ann, visitor)
            began = time.monotonic()
            await opened.until("closed")
            assert time.monotonic() - began < SECONDS
            assert (opened.code, opened.frames[-1]["status"]) == (4401, 401)
            assert await asyncio.to_thread(app.closed.wait, SECONDS)
    assert not any(connection_registry.opened.values())


@pytest.mark.parametrize("end", [deactivate, log_out])
@pytest.mark.parametrize("stream", ["queue/data?session_hash=s", "heartbeat/s", "queue/poll?session_hash=s&after=9999"])
async def test_streams_end(end: Any, stream: str, ann: User) -> None:
    app = Counter(auth="django")
    async with site(app.demo) as client:
        visitor = Visitor(client, origin="http://testserver")
        await visitor.login("ann", "secret")
        await visitor.post("/app/queue/join", {"data": ["x"], "fn_index": 0, "session_hash": "s"})
        async with client.open("GET", f"/app/{stream}", headers=visitor.sent({})) as answer:
            await answer.chunks.get()
            await end(ann, visitor)
            began = time.monotonic()
            async with asyncio.timeout(SECONDS):
                while await answer.chunks.get() is not None:
                    pass
            assert time.monotonic() - began < SECONDS
        assert await asyncio.to_thread(app.closed.wait, SECONDS)


async def test_a_direct_call_ends_with_401(ann: User) -> None:
    gate, began = threading.Event(), threading.Event()

    def wait(text: str) -> str:
        began.set()
        gate.wait(10)
        return text

    with gr.Blocks() as demo:
        text = gr.Textbox()
        gr.Button().click(wait, text, text, api_name="wait")
    async with site(demo.protect(auth="django")) as client:
        visitor = Visitor(client, origin="http://testserver")
        await visitor.login("ann", "secret")
        call = asyncio.create_task(visitor.post("/app/run/wait", {"data": ["x"]}))
        await asyncio.to_thread(began.wait, 5)
        await deactivate(ann, visitor)
        try:
            assert (await asyncio.wait_for(call, SECONDS)).status == 401
        finally:
            gate.set()


@pytest.mark.parametrize("end", [deactivate, log_out])
@pytest.mark.parametrize(
    "options", [{"queue": False}, {}, {"validated": True}], ids=["queue=False", "queue", "validator"]
)
async def test_a_run_stops_with_the_login(end: Any, options: dict[str, bool], ann: User) -> None:
    hang = Hanging()
    with gr.Blocks() as demo:
        text = gr.Textbox()
        if options.get("validated"):
            gr.Button().click(lambda text: text, text, None, api_name="hang", validator=hang)
        else:
            gr.Button().click(hang, text, None, api_name="hang", **options)
    async with site(demo.protect(auth="django")) as client:
        visitor = Visitor(client, origin="http://testserver")
        await visitor.login("ann", "secret")
        call = asyncio.create_task(visitor.post("/app/run/hang", {"data": ["x"]}))
        await asyncio.to_thread(hang.began.wait, 5)
        await end(ann, visitor)
        assert (await asyncio.wait_for(call, SECONDS)).status == 401
        assert await asyncio.to_thread(hang.stopped.wait, SECONDS)


@pytest.mark.parametrize("end", [deactivate, log_out])
async def test_what_waits_without_a_connection_never_runs(end: Any, ann: User) -> None:
    app = Counter(auth="django")
    await User.objects.acreate_user("bob", password="secret")
    async with site(app.demo) as client:
        bob, visitor = Visitor(client, origin="http://testserver"), Visitor(client, origin="http://testserver")
        await bob.login("bob", "secret"), await visitor.login("ann", "secret")
        async with socket(bob, "b") as opened:
            opened.submit(0, "bob")
            await opened.message("process_generating")
            assert (await visitor.post("/app/call/count", {"data": ["ann"]})).status == 200
            await end(ann, visitor)
            (engine,) = engines_here()
            async with asyncio.timeout(SECONDS):
                while engine.snapshot().waiting:
                    await asyncio.sleep(0)
            app.gate.set()
            await opened.message("process_completed")
        assert app.started == ["bob"]


async def test_taking_a_permission_away_closes_too(ann: User) -> None:
    group = await Group.objects.acreate(name="viewers")
    await group.permissions.aadd(await Permission.objects.aget(codename="view_user"))
    await ann.groups.aadd(group)
    async with site(Counter(permission="auth.view_user").demo) as client:
        visitor = Visitor(client, origin="http://testserver")
        await visitor.login("ann", "secret")
        async with socket(visitor) as opened:
            await opened.until("welcome")
            await ann.groups.aremove(group)
            async with asyncio.timeout(SECONDS):
                await opened.until("closed")


async def test_names_of_an_app_alone_are_logged_out_everywhere() -> None:
    app = Counter(auth=[("ann", "secret"), ("bob", "other")])
    async with site(app.demo) as client:
        one, two, bob = (Visitor(client, origin="http://testserver") for _ in range(3))
        await one.login("ann", "secret"), await two.login("ann", "secret"), await bob.login("bob", "other")
        async with socket(one, "1") as first, socket(two, "2") as second, socket(bob, "3") as other:
            for each in (first, second, other):
                await each.until("welcome")
            await one.post("/app/logout")
            async with asyncio.timeout(SECONDS):
                await first.until("closed"), await second.until("closed")
            other.send(type="ping")
            await other.until("pong")


async def test_another_visitor_stays_connected(ann: User) -> None:
    bob = await User.objects.acreate_user("bob", password="secret")
    async with site(Counter(auth="django").demo) as client:
        visitor = Visitor(client, origin="http://testserver")
        await visitor.login("ann", "secret")
        async with socket(visitor) as opened:
            await opened.until("welcome")
            await deactivate(bob, visitor)
            opened.send(type="ping")
            await opened.until("pong")


async def test_an_open_socket_starts_nothing_for_a_closed_account_that_nobody_told_of(ann: User, settings: Any) -> None:
    """A change that sends no signal, in this or another process, is seen at the next event."""
    settings.BLOCKS_AUTH_CACHE_SECONDS = 0
    app = Counter(auth="django")
    async with site(app.demo) as client:
        visitor = Visitor(client, origin="http://testserver")
        await visitor.login("ann", "secret")
        async with socket(visitor) as opened:
            await opened.until("welcome")
            await User.objects.filter(pk=ann.pk).aupdate(is_active=False)
            opened.send(type="submit", event_id=EVENT, fn_index=0, data=["x"])
            await opened.until("closed")
    assert app.started == []


@pytest.mark.parametrize("access", [{"auth": ("ann", "secret")}, {"auth": "django"}])
async def test_the_session_key_is_new_after_a_login(access: dict[str, Any], ann: User) -> None:
    async with site(Counter(**access).demo) as client:
        visitor = Visitor(client, origin="http://testserver")
        planted = Visitor(client, origin="http://testserver")
        await planted.login("ann", "secret")
        visitor.cookies = dict(planted.cookies)
        await visitor.login("ann", "secret")
        assert visitor.cookies["sessionid"] != planted.cookies["sessionid"]
        assert (await planted.get("/app/config")).status == 401
