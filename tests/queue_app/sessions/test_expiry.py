"""Values of gr.State that are forgotten in time."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

import blocks_app as gr
from queue_app.sessions.directory import LiveSession, MemorySessionDirectory
from queue_app.sessions.presence import PresenceRegistry
from queue_app.sessions.state_expiry import StateExpiry
from queue_app.sessions.state_keeping import LiveStates


class Bench:
    """An app with one State, a session, and what the callback was told."""

    def __init__(self, lifetime: float = 60.0, **options: Any) -> None:
        self.deleted: list[Any] = []
        self.was_deleted = asyncio.Event()
        with gr.Blocks() as demo:
            self.state = gr.State(0, delete_callback=self.on_deleted, **options)
            gr.Button().click(lambda: 1, None, self.state)
        loop = asyncio.get_running_loop()
        self.expiry = StateExpiry(loop, demo, lambda work: loop.call_soon(work), LiveStates())
        self.sessions = MemorySessionDirectory(
            loop,
            lambda session, endless: None,
            PresenceRegistry(loop, demo, 5.0, lambda *_: asyncio.sleep(0)),
            lifetime=lifetime,
            expired=self.expiry.expired,
        )
        self.session: LiveSession = self.sessions.get("s")

    def on_deleted(self, value: Any) -> None:
        self.deleted.append(value)
        self.was_deleted.set()

    def set(self, value: Any) -> None:
        self.session.state.set(self.state, value)
        self.expiry.watch(self.session)


async def test_a_value_is_forgotten_and_told() -> None:
    bench = Bench(time_to_live=0.02)
    bench.set("old")
    assert bench.session.state.get(bench.state) == "old"
    await asyncio.wait_for(bench.was_deleted.wait(), 5)
    assert bench.deleted == ["old"]
    assert bench.session.state.get(bench.state) == 0


async def test_setting_it_again_starts_its_time_anew() -> None:
    bench = Bench(time_to_live=60)
    bench.set("one")
    bench.expiry.pass_time([bench.session], 50)
    bench.set("two")
    bench.expiry.pass_time([bench.session], 50)
    assert bench.session.state.get(bench.state) == "two" and bench.deleted == []
    bench.expiry.pass_time([bench.session], 11)
    await asyncio.wait_for(bench.was_deleted.wait(), 5)
    assert bench.deleted == ["two"]


async def test_a_value_that_no_function_set_stays() -> None:
    bench = Bench(time_to_live=60)
    bench.session.state.get(bench.state)
    bench.expiry.watch(bench.session)
    bench.expiry.pass_time([bench.session], 61)
    await asyncio.sleep(0)
    assert bench.deleted == []


async def test_it_goes_with_its_session() -> None:
    bench = Bench(lifetime=0.02)
    bench.set("last")
    await asyncio.wait_for(bench.was_deleted.wait(), 5)
    assert bench.deleted == ["last"]
    assert len(bench.sessions) == 0


async def test_it_is_told_when_its_session_makes_room_for_others(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("queue_app.sessions.directory._KEPT", 1)
    bench = Bench()
    bench.sessions.capacity = 1
    bench.set("first")
    bench.sessions.get("second")
    await asyncio.wait_for(bench.was_deleted.wait(), 5)
    assert bench.deleted == ["first"] and len(bench.sessions) == 1


async def test_after_closing_nothing_is_told() -> None:
    bench = Bench(time_to_live=0.01)
    bench.set("x")
    bench.expiry.close()
    await asyncio.sleep(0.03)
    assert bench.deleted == []


async def test_a_callback_that_fails_is_logged(caplog: pytest.LogCaptureFixture) -> None:
    bench = Bench(time_to_live=0.01)
    done = asyncio.Event()

    def fail(value: Any) -> None:
        done.set()
        raise RuntimeError("no")

    bench.state.delete_callback = fail
    bench.set("x")
    await asyncio.wait_for(done.wait(), 5)
    assert "state.delete_callback_failed" in [each.action for each in caplog.records]
