"""A job is data alone: it can go to another process and come back, and nothing changes it on its way."""

from __future__ import annotations

import json
import uuid
from collections.abc import AsyncIterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from asgiref.sync import sync_to_async
from django.contrib.auth.models import User
from django.db import OperationalError, connection, connections

import blocks_app as gr
from auth_app.identity import Identity
from auth_app.visitors import reaching
from blocks_app.functions.naming import FunctionKey
from blocks_app.running.request import RequestInfo
from queue_app.exceptions import AppChanged
from queue_app.execution.job import JobSpec
from queue_app.execution.job_factory import Submitter, build_job
from tests.queue_app.conftest import app


def test_what_goes_as_json_comes_back_the_same() -> None:
    request = RequestInfo(
        headers=(("cookie", "a=b\xff"),),
        client=("10.0.0.1", 4),
        path_params=(("team", uuid.UUID(int=5)), ("day", date(2030, 1, 2)), ("page", 3), ("name", "x")),
        language="de",
    )
    data = [1, 2**70, 1.0, -0.5, "ü😀", None, True, {"path": "p", "meta": {"_type": "gradio.FileData"}}, [[]]]
    job = JobSpec("e" * 32, "/shop", 3, data, "tab", "user:7", "ann", request, {"index": [0, 1]}, 4, waited=0.25)
    again = JobSpec.from_json(job.to_json())
    assert again == job and again.channel == "tab" and type(again.data[2]) is float
    assert json.loads(job.to_json())["identity_key"] == "user:7"


def test_nothing_of_it_can_be_changed() -> None:
    job = JobSpec("e", "/", 0, [], "s")
    with pytest.raises(AttributeError, match="immutable"):
        job.fn = 1  # type: ignore[misc]


@pytest.mark.parametrize("text", [b"", b"{}", b'{"event_id": 1}', b"[" * 100_000])
def test_what_is_no_job_is_refused(text: bytes) -> None:
    with pytest.raises((ValueError, RecursionError)):
        JobSpec.from_json(text)


async def test_a_job_says_which_function_and_which_version_of_the_app_it_is_for(bench: Any) -> None:
    def shout(text: str) -> str:
        return text.upper()

    b = bench(app(shout))
    job = build_job(Submitter(b.mount, Identity("", None), RequestInfo()), b.demo.dependencies[0], ["a"], "s")
    assert job.function is not None and job.function.name.endswith(":" + shout.__qualname__) and job.version
    assert JobSpec.from_json(job.to_json()) == job
    await b.engine.submit(job)
    assert await b.answers() == [["A"]]


@pytest.fixture
def users(database: Path) -> list[User]:
    with connection.schema_editor() as editor:
        editor.create_model(User)
    return [User.objects.create(username=name, is_active=name != "gone") for name in ("ann", "gone")]


@pytest.fixture
async def people(users: list[User]) -> AsyncIterator[list[User]]:
    yield users
    await sync_to_async(connections.close_all)()  # of the thread in which such questions are asked


@pytest.mark.parametrize("kind", ["plain", "async"])
async def test_a_function_finds_the_user_whom_the_job_names(bench: Any, people: list[User], kind: str) -> None:
    def plain(text: str, request: gr.Request) -> str:
        return f"{request.user.pk} {request.user.get_username()} {request.username}"

    async def asynchronous(text: str, request: gr.Request) -> str:
        return plain(text, request)

    b = bench(app(plain if kind == "plain" else asynchronous))
    await b.submit("", identity_key=f"user:{people[0].pk}", username="ann", request=RequestInfo())
    assert await b.answers() == [[f"{people[0].pk} ann ann"]]


async def test_whose_account_is_closed_meanwhile_is_nobody(bench: Any, people: list[User]) -> None:

    def known(text: str, request: gr.Request) -> str:
        return str(request.user.is_authenticated)

    b = bench(app(known))
    await b.submit("", identity_key=f"user:{people[1].pk}", username="gone", request=RequestInfo())
    assert await b.answers() == [["False"]]


async def test_a_job_for_another_version_of_the_app_is_refused(bench: Any) -> None:
    b = bench(app(lambda text: text))
    with pytest.raises(AppChanged, match="reload the page"):
        await b.submit("a", version="of yesterday")
    with pytest.raises(AppChanged):
        await b.submit("a", function=FunctionKey("shop:another"))
    assert b.engine.snapshot().waiting == 0


@pytest.mark.parametrize("looks", [False, True])
async def test_a_database_that_is_away_disturbs_only_functions_that_look_for_the_user(
    bench: Any, people: list[User], looks: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def known(text: str, request: gr.Request) -> str:
        return str(request.user) if looks else f"hello {request.username}"

    def away(*_: object) -> None:
        raise OperationalError("gone")

    b = bench(app(known), show_error=True)
    monkeypatch.setattr(User._default_manager, "filter", away)
    await b.submit("", identity_key="user:900", username="ann", request=RequestInfo())
    [end] = (await b.ends()).values()
    assert end["success"] is not looks and (looks or end["output"]["data"] == ["hello ann"])
    reaching.failed = None


async def test_a_user_whom_somebody_here_holds_is_that_very_object(bench: Any) -> None:
    seen: list[object] = []

    def look(text: str, request: gr.Request) -> None:
        seen.append(request.user)

    b = bench(app(look))
    held = Identity("user:7", "ann", object())
    await b.engine.submit(build_job(Submitter(b.mount, held, RequestInfo()), b.demo.dependencies[0], ["a"], "s"))
    await b.messages()
    assert seen == [held.user]
