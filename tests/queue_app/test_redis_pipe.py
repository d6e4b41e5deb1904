"""Many commands over one connection to Redis: answers in order, whatever becomes of who asked, or of the connection."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from redis.exceptions import BusyLoadingError, NoScriptError, ResponseError, TimeoutError

from queue_app.redis_link import RedisLink, RedisScript
from queue_app.redis_pipe import RedisPipe, error_of


@pytest.fixture
async def link(redis_url: str) -> AsyncIterator[RedisLink]:
    link = RedisLink(redis_url)
    yield link
    await link.close()


async def test_answers_come_in_the_order_of_the_commands_also_when_somebody_waits_no_more(link: RedisLink) -> None:
    ask = link.pipe.ask
    assert await ask("ECHO", "first") == b"first"
    given_up = asyncio.ensure_future(ask("ECHO", "given up"))
    await asyncio.sleep(0)
    given_up.cancel()
    asked = [asyncio.ensure_future(ask("ECHO", str(number))) for number in range(200)]
    wrong = asyncio.ensure_future(ask("HGET", "no field"))
    assert await asyncio.gather(*asked) == [str(number).encode() for number in range(200)]
    with pytest.raises(ResponseError):
        await wrong
    assert given_up.cancelled() and await ask("GET", "nothing") is None


async def test_a_lost_connection_is_made_again_and_the_command_is_sent_again(link: RedisLink) -> None:
    me = await link.pipe.ask("CLIENT", "ID")
    waiting = asyncio.ensure_future(link.pipe.ask("BLPOP", "a list", 60))
    await asyncio.sleep(0.02)
    await link.client.execute_command("CLIENT", "KILL", "ID", me)
    await link.client.rpush("a list", "x")
    async with asyncio.timeout(5):
        assert await waiting == [b"a list", b"x"]
    assert await link.pipe.ask("CLIENT", "ID") != me


async def test_a_command_that_is_not_answered_loses_its_connection(
    link: RedisLink, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("queue_app.redis_pipe._AGAIN", (0.01,))
    pipe = RedisPipe(link.client, 0.05)
    try:
        with pytest.raises(TimeoutError):  # each time that it is sent
            await pipe.ask("BLPOP", "nothing", 5)
        assert await pipe.ask("ECHO", "x") == b"x"
    finally:
        await pipe.close()


async def test_a_script_that_redis_has_forgotten_is_sent_again(link: RedisLink, tmp_path: Path) -> None:
    text = tmp_path / "one.lua"
    text.write_text("return {1, ARGV[1]}")
    script = RedisScript(text)
    assert await link.run(script, "x") == [1, b"x"]
    await link.client.script_flush()
    assert await link.run(script, "y") == [1, b"y"]


def test_errors_are_those_of_the_driver() -> None:
    kinds = [type(error_of(text)) for text in ("NOSCRIPT No matching", "LOADING dataset", "ERR no")]
    assert kinds == [NoScriptError, BusyLoadingError, ResponseError]
