"""Cost with many waiting, and chaos: counted in messages and ends, not in seconds."""

from __future__ import annotations

import asyncio
import json
import random
import threading
import time
from collections import Counter
from collections.abc import Iterator

import blocks_app as gr
from queue_app.execution.job import JobState
from queue_app.scheduling.estimates import BOUND, PACE
from tests.queue_app.conftest import Bench, app


async def messages_per_event(bench, backlog: int) -> float:
    """Messages published while 100 events run and `backlog` others wait, each in a session of its own."""

    async def work(text: str) -> str:
        return text

    b: Bench = bench(app(work))
    b.engine.scheduler.cap = 0
    for index in range(backlog):
        await b.submit("x", session=f"w{index}")
    sessions = list(b.engine.sessions)
    before = sum(session.outbox.number for session in sessions)
    began = time.monotonic()
    b.engine.scheduler.cap = 40
    b.engine.pump()
    while b.engine.scheduler.waiting > backlog - 100:
        await asyncio.sleep(0)
    b.engine.scheduler.cap = 0
    rounds = 1 + int((time.monotonic() - began) / PACE)
    published = sum(session.outbox.number for session in sessions) - before
    await b.engine.close()
    return (published - rounds * BOUND) / 100


async def test_an_event_costs_the_same_messages_with_10_000_waiting(bench) -> None:
    few, many = await messages_per_event(bench, 200), await messages_per_event(bench, 10_000)
    assert many <= few + 15


async def test_chaos_leaves_every_event_with_exactly_one_right_end(bench) -> None:
    rng = random.Random(7)

    def plain(text: str) -> str:
        if text.endswith("crash"):
            raise SystemExit(text)
        return text.upper()

    async def coroutine(text: str) -> str:
        await asyncio.sleep(rng.random() * 0.003)
        return text.upper()

    def stream(text: str) -> Iterator[str]:
        for size in range(len(text)):
            yield text[:size].upper()
        yield text.upper()

    with gr.Blocks() as demo:
        text, result, button = gr.Textbox(), gr.Textbox(), gr.Button()
        for function in (plain, coroutine, stream):
            button.click(function, text, result, concurrency_limit=4)
    b: Bench = bench(demo)
    jobs = {}
    ends: Counter[str] = Counter()

    async def tab(number: int) -> None:
        name, seen = f"tab{number}", 0
        mine = {}
        for _ in range(10):
            word = f"{number}-{rng.randrange(10**6)}" + rng.choice(["", "", "crash"])
            fn = rng.randrange(3)
            job = await b.submit(word, fn=fn, session=name)
            jobs[job.event_id] = mine[job.event_id] = job
            if rng.random() < 0.2:
                await b.engine.cancel(name, job.event_id)
        while mine:
            reader = b.engine.subscribe(name, seen)
            for _ in range(rng.randrange(1, 4)):  # then the connection is cut
                if not mine:
                    break
                for entry in await anext(reader):
                    assert entry.number > seen
                    seen = entry.number
                    if entry.kind == "process_completed":
                        end = json.loads(entry.message)
                        job = mine.pop(end["event_id"])
                        ends[job.event_id] += 1
                        if b.state(job) is JobState.DONE:
                            assert end["output"]["data"] == [job.data[0].upper()]
                        elif b.state(job) is JobState.FAILED:
                            assert job.data[0].endswith("crash") and not end["success"]
            reader.close()

    async with asyncio.timeout(30):
        await asyncio.gather(*(tab(number) for number in range(40)))
    assert len(ends) == len(jobs) == 400 and set(ends.values()) == {1}
    assert {b.state(job) for job in jobs.values()} == {JobState.DONE, JobState.FAILED, JobState.CANCELLED}
    assert not b.engine.events and b.engine.scheduler.waiting == 0
    for _ in range(200):
        if not b.engine.scheduler.at_work:
            break
        await asyncio.sleep(0.01)
    assert b.engine.scheduler.at_work == 0


async def test_a_group_with_endless_work_leaves_room_for_others(bench) -> None:
    release = threading.Event()
    with gr.Blocks() as demo:
        text, result, button = gr.Textbox(), gr.Textbox(), gr.Button()
        button.click(lambda text: str(release.wait(10)), text, result, concurrency_limit=None)
        button.click(lambda text: "quick", text, result)
    b: Bench = bench(demo, max_threads=8)
    for _ in range(30):
        await b.submit("x", fn=0, session="many")
    await b.submit("x", fn=1, session="one")
    assert await b.answers("one") == [["quick"]]
    release.set()
    assert len(await b.ends("many")) == 30
