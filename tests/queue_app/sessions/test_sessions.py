"""What a session keeps, for how long, and for how many."""

from __future__ import annotations

import asyncio
import os
import tracemalloc
from typing import Any

import blocks_app as gr
from queue_app.deadlines import Deadlines
from tests.queue_app.conftest import app


def counter(**options: Any) -> gr.Blocks:
    with gr.Blocks() as demo:
        state, result, button = gr.State(0, **options), gr.Textbox(), gr.Button()
        button.click(lambda seen: (seen + 1, str(seen + 1)), state, [state, result])
    return demo


async def counted(b, session: str) -> str:
    await b.submit(None, session=session)
    return (await b.answers(session))[-1][1]


async def test_beyond_the_capacity_the_least_recently_used_state_starts_afresh(bench, caplog) -> None:
    caplog.set_level("INFO")
    b = bench(counter(), state_session_capacity=2)
    assert [await counted(b, name) for name in ("a", "b", "a", "c")] == ["1", "1", "2", "1"]
    assert [each.session for each in caplog.records if each.action == "state.evicted"] == ["b"]
    assert [await counted(b, name) for name in ("a", "b")] == ["3", "1"]


async def test_whoever_lost_its_state_is_told_in_the_log_and_callbacks_run(bench, caplog) -> None:
    deleted: list[int] = []
    received = asyncio.Event()
    loop = asyncio.get_running_loop()

    def tidy(value: int) -> None:
        deleted.append(value)
        loop.call_soon_threadsafe(received.set)

    b = bench(counter(delete_callback=tidy), state_session_capacity=1)
    for name in ("a", "a", "b"):
        await counted(b, name)
    await asyncio.wait_for(received.wait(), 10)
    assert deleted == [2]
    assert await counted(b, "a") == "1"
    assert [each.session for each in caplog.records if each.action == "state.fresh"] == ["a"]


async def test_ten_thousand_sessions_keep_little_beside_their_state(bench) -> None:
    """Counted on a hundred: what a session with a State of 10 KB costs, times 10,000, is below 250 MB."""
    b = bench(counter())
    for number in range(20):
        await counted(b, f"warm{number}")
    tracemalloc.start()
    for number in range(100):
        session = b.engine.sessions.own(f"s{number}", "")
        session.state.set(b.demo.blocks[1], os.urandom(10_000))
        b.engine.sessions.hold(session)
        session.touch()
    each = tracemalloc.get_traced_memory()[0] / 100
    tracemalloc.stop()
    assert each * 10_000 < 250e6


async def test_an_event_without_a_session_has_state_of_its_own(bench) -> None:
    b = bench(counter())
    for name in ("a" * 32, "b" * 32):
        completed = await b.engine.run_direct(b.job(None, event_id=name, session=name))
        assert bytes(completed.output.data) == b'[null,"1"]'
    assert len(b.engine.sessions) == 0


async def test_state_stays_when_the_reader_goes(bench) -> None:
    b = bench(counter())
    await counted(b, "s")
    outbox = b.engine.session("s").outbox
    outbox.trim(outbox.number)
    b.engine.subscribe("s").close()
    assert await counted(b, "s") == "2"


async def test_a_session_that_nobody_needs_is_forgotten(bench, settings) -> None:
    settings.BLOCKS_SESSION_LIFETIME = 0.05
    b = bench(app(lambda text: text))
    await b.submit("x")
    await b.ends()
    async with asyncio.timeout(5):
        while len(b.engine.sessions):
            await asyncio.sleep(0.01)


async def test_an_idle_queue_sets_no_timer_but_the_sessions(bench) -> None:
    b = bench(app(lambda text: text))
    await b.submit("x")
    await b.ends()
    assert b.engine.round_timer is None


async def test_deadlines_expire_in_order_with_one_timer() -> None:
    expired: list[str] = []
    deadlines = Deadlines(asyncio.get_running_loop(), 0.03, expired.append)
    for name in "abc":
        deadlines.set(name)
    deadlines.set("a")
    deadlines.drop("b")
    await asyncio.sleep(0.1)
    assert expired == ["c", "a"] and "a" not in deadlines
