"""A project's functions that decide about access never hold the server's loop, however they behave."""

from __future__ import annotations

import asyncio
import enum
import threading
import time
from collections.abc import Callable
from typing import Any

import pytest

from auth_app import answers
from auth_app.answers import ask, is_yes
from auth_app.policies.dependency import DependencyPolicy
from tests.auth_app.visitor import Visitor, greeter, site

LONG = 1.5


class Slow(Exception):
    """Takes its time to say what it is."""

    def __str__(self) -> str:
        time.sleep(LONG)
        return "slow"

    __repr__ = __str__


async def blocks(*_: Any) -> bool:
    time.sleep(LONG)
    return True


async def raises(*_: Any) -> bool:
    raise Slow


def raises_in_a_thread(*_: Any) -> bool:
    raise ValueError(Slow())


async def raises_from(*_: Any) -> bool:
    try:
        raise Slow
    except Slow as error:
        raise RuntimeError("told") from error


async def yields(*_: Any) -> Any:
    time.sleep(LONG)
    yield True


def gives_a_coroutine(*_: Any) -> Any:
    return blocks()


async def longest_pause(work: Any) -> tuple[float, Any]:
    """How long nothing else ran meanwhile, and how the work ended."""
    task, pause, before = asyncio.ensure_future(work), 0.0, time.monotonic()
    while not task.done():
        await asyncio.sleep(0.005)
        now = time.monotonic()
        pause, before = max(pause, now - before), now
    return pause, task.exception() or task.result()


@pytest.mark.parametrize("function", [blocks, raises, raises_in_a_thread, raises_from, yields, gives_a_coroutine])
async def test_the_servers_loop_goes_on(function: Callable[..., Any]) -> None:
    await ask(lambda: True)  # threads are there
    pause, _ = await longest_pause(ask(function, "name"))
    assert pause < LONG * 0.7


@pytest.mark.parametrize("auth", [blocks, raises, raises_in_a_thread])
async def test_nobody_waits_for_a_login_of_another(auth: Any) -> None:
    async with site(greeter(auth=auth)) as client:
        await Visitor(client).get("/app/login")
        pause, answer = await longest_pause(Visitor(client).login("ann", "x"))
    assert pause < LONG * 0.7 and answer.status in (200, 500)


@pytest.mark.parametrize("function", [raises, raises_in_a_thread, raises_from])
async def test_what_it_raises_is_told_by_its_kind_and_written_down(function: Any, caplog: Any) -> None:
    with pytest.raises(Exception, match="The function raised") as caught:
        await ask(function, "name")
    assert caught.value.__cause__ is None
    for thread in threading.enumerate():
        if thread.name == "blocks-auth-log":
            thread.join(30)
    assert [line.action for line in caplog.records if line.name == "auth_app.answers"] == ["auth.function_failed"]


async def test_a_plain_exception_is_itself() -> None:
    async def fails() -> None:
        raise PermissionError(13, "no")

    with pytest.raises(PermissionError):
        await ask(fails)


@pytest.mark.parametrize("kind", [SystemExit, KeyboardInterrupt, GeneratorExit, asyncio.CancelledError, StopIteration])
async def test_what_would_end_a_loop_ends_nothing(kind: type[BaseException]) -> None:
    async def ends() -> bool:
        raise kind

    with pytest.raises(Exception):  # noqa: B017  any plain one
        await ask(ends)
    assert await ask(blocks) is True


async def test_one_that_never_answers_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    ended = threading.Event()

    async def hangs() -> None:
        try:
            await asyncio.sleep(3600)
        finally:
            ended.set()

    monkeypatch.setattr(answers, "PATIENCE", 0.05)
    with pytest.raises(TimeoutError, match="does not answer"):
        await ask(hangs)
    assert await asyncio.to_thread(ended.wait, 30)


async def test_a_hundred_at_once() -> None:
    async def waits(number: int) -> int:
        await asyncio.sleep(0.05)
        return number

    assert await asyncio.gather(*(ask(waits, each) for each in range(100))) == list(range(100))


async def test_what_it_keeps_open_stays_usable() -> None:
    locks: list[asyncio.Lock] = []

    async def locked() -> bool:
        locks.append(asyncio.Lock()) if not locks else None
        async with locks[0]:
            await asyncio.sleep(0.01)
        return True

    assert await asyncio.gather(*(ask(locked) for _ in range(5))) == [True] * 5


class bool_:
    """Named as numpy's."""

    def __bool__(self) -> bool:
        raise AssertionError("asked")


def test_only_numpys_truth_is_asked() -> None:
    import numpy as np

    assert is_yes(np.bool_(True), print) and not is_yes(bool_(), print)


class Name(str):
    def __str__(self) -> str:
        raise AssertionError("asked")

    __repr__ = __format__ = __len__ = __str__  # type: ignore[assignment]


class Role(str, enum.Enum):  # noqa: UP042  as projects have written it
    BOSS = "boss"


@pytest.mark.parametrize(
    ("answer", "name"), [(Name("ann"), "ann"), (Role.BOSS, "boss"), (7, "7")], ids=["text", "enum", "number"]
)
async def test_an_id_is_read_by_built_in_code(answer: Any, name: str) -> None:
    from django.test import RequestFactory

    identity = await DependencyPolicy(lambda request: answer).who(RequestFactory().get("/"))
    assert identity is not None and identity.username == name and type(identity.username) is str
