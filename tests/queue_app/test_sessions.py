"""What a session keeps, for how long, and for how many."""

from __future__ import annotations

import asyncio

import blocks_app as gr
from queue_app.sessions import Deadlines

from .conftest import app


def counter() -> gr.Blocks:
    with gr.Blocks() as demo:
        state, result, button = gr.State(0), gr.Textbox(), gr.Button()
        button.click(lambda seen: (seen + 1, str(seen + 1)), state, [state, result])
    return demo


async def counted(b, session: str) -> str:
    await b.submit(None, session=session)
    return (await b.answers(session))[-1][1]


async def test_beyond_the_capacity_the_least_recently_used_state_starts_afresh(bench, caplog) -> None:
    caplog.set_level("INFO")
    b = bench(counter(), state_session_capacity=2)
    assert [await counted(b, name) for name in ("a", "b", "a", "c")] == ["1", "1", "2", "1"]
    assert [each.session for each in caplog.records if each.message == "state.evicted"] == ["b"]
    assert [await counted(b, name) for name in ("a", "b")] == ["3", "1"]


async def test_an_event_without_a_session_has_state_of_its_own(bench) -> None:
    b = bench(counter())
    for _ in range(2):
        job = b.job(None)
        job.session_hash = job.channel = job.event_id
        completed = await b.engine.run_direct(job)
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
    assert b.engine._round is None


async def test_deadlines_expire_in_order_with_one_timer() -> None:
    expired: list[str] = []
    deadlines = Deadlines(asyncio.get_running_loop(), 0.03, expired.append)
    for name in "abc":
        deadlines.set(name)
    deadlines.set("a")
    deadlines.drop("b")
    await asyncio.sleep(0.1)
    assert expired == ["c", "a"] and "a" not in deadlines
