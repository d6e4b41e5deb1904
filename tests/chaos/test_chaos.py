"""200 sessions, 2,000 events, and everything that can happen to a connection: nothing is lost, doubled or wrong."""

from __future__ import annotations

import asyncio
import logging
from collections import Counter

from blocks_app.registry import mount, unmount
from queue_app import worker
from queue_app.engine import close_engine, engine_of

from .visitors import Told, Visitor, answer, app

SESSIONS = 200
EVENTS = 10


async def test_every_event_ends_once_and_right(caplog) -> None:
    caplog.set_level(logging.CRITICAL, logger="queue_app.jobs")
    ended: Counter[str] = Counter()
    states: dict[str, str] = {}

    def observe(action: str, event: worker.Event | worker.Direct, error: BaseException | None) -> None:
        if action in ("job.done", "job.failed", "job.cancelled"):
            ended[event.job.event_id] += 1
            states[event.job.event_id] = event.job.state.value

    demo = app()
    mounted = mount(demo)
    engine = engine_of(mounted)
    worker.observers.append(observe)
    try:
        visitors = [Visitor(engine, mounted.key, f"tab{number}", EVENTS, number) for number in range(SESSIONS)]
        async with asyncio.timeout(60):
            await asyncio.gather(*[visitor.live() for visitor in visitors])
        told = {event_id: each for visitor in visitors for event_id, each in visitor.told.items()}
        assert len(told) == SESSIONS * EVENTS
        assert ended == dict.fromkeys(told, 1)
        for event_id, each in told.items():
            _check(each, states[event_id])
        assert sum(visitor.doubled for visitor in visitors) > 100  # it was rough indeed
        assert {"done", "failed", "cancelled"} == set(states.values())
        lanes = engine.lanes  # type: ignore[attr-defined]
        assert not lanes.waiting and not lanes.at_work and not engine.events  # type: ignore[attr-defined]
    finally:
        worker.observers.remove(observe)
        await close_engine(mounted)
        unmount(demo)


def _check(told: Told, state: str) -> None:
    (end,) = told.ends
    if state == "failed":
        assert told.kind in ("crash", "exit") and not end["success"]
        assert told.kind == "exit" or end["output"]["error"] == f"crash {told.number}"
    elif state == "cancelled":
        assert told.cancelled and end["success"]
    else:
        assert end["success"] and end["output"]["data"][0] == answer(told.kind, told.number)


async def test_a_state_counts_each_run_once() -> None:
    """Events of one session that change a State, with the connection cut between all of them."""
    demo = app()
    mounted = mount(demo)
    engine = engine_of(mounted)
    try:
        visitor = Visitor(engine, mounted.key, "tab", 0, 1)
        for number in range(50):
            await visitor.engine.submit(_stateful(mounted.key, number))
            reader = engine.subscribe("tab", visitor.number)
            for entry in await anext(reader):
                visitor.number = entry.number
            reader.close()
        async with asyncio.timeout(20):
            while engine.session("tab").open_events:
                reader = engine.subscribe("tab", visitor.number)
                visitor.number = (await anext(reader))[-1].number
                reader.close()
        assert list(engine.session("tab").state.values.values()) == [50]
    finally:
        await close_engine(mounted)
        unmount(demo)


def _stateful(mount_key: str, number: int) -> worker.Job:
    return worker.Job(f"event{number}", mount_key, 3, [number, None], "tab", identity_key="anonymous")
