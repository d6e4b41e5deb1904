"""200 sessions, 2,000 events, and everything that can happen to a connection: nothing is lost, doubled or wrong."""

from __future__ import annotations

import asyncio
import logging
from collections import Counter
from collections.abc import Iterator
from typing import Any

import pytest

from auth_app.identity import Identity
from blocks_app.web.registry import Mount, mount, unmount
from queue_app import failing
from queue_app.execution.engine import close_engine, engine_of
from queue_app.signals import JobChanged, job_changed

from .visitors import KINDS, LOST, Received, Socket, Visitor, answer, app

SESSIONS = 200
EVENTS = 10


class Watched:
    """What the server itself says of every event: how often and how it ended, and how often its function ran."""

    def __init__(self) -> None:
        self.ended: Counter[str] = Counter()
        self.states: dict[str, str] = {}
        self.ran: Counter[tuple[str | None, int]] = Counter()

    def observe(self, change: JobChanged) -> None:
        if change.action in ("job.done", "job.failed", "job.cancelled"):
            self.ended[change.event_id] += 1
            self.states[change.event_id] = change.state


@pytest.fixture
def watched(settings: Any, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch) -> Iterator[Watched]:
    settings.ALLOWED_HOSTS = ["*"]
    monkeypatch.setattr(failing, "PATIENCE", 60.0)  # a busy machine, not an exception, takes its time here
    caplog.set_level(logging.CRITICAL, logger="queue_app.jobs")
    made = Watched()
    job_changed.connect(made.observe)
    yield made
    job_changed.disconnect(made.observe)


def mounted(watched: Watched) -> Mount:
    async def everybody(connection: Any) -> Identity:
        return Identity("", None)

    made = mount(app(watched.ran))
    made.guard = everybody  # type: ignore[assignment]
    return made


async def test_every_event_ends_once_and_right(watched: Watched) -> None:
    place = mounted(watched)
    engine: Any = engine_of(place)
    try:
        visitors = [Visitor(place, f"tab{number}", EVENTS, number) for number in range(SESSIONS)]
        async with asyncio.timeout(120):
            await asyncio.gather(*[visitor.live() for visitor in visitors])
        received = {event_id: each for visitor in visitors for event_id, each in visitor.received.items()}
        assert len(received) == SESSIONS * EVENTS
        assert watched.ended == dict.fromkeys(received, 1)
        for visitor in visitors:
            for event_id, each in visitor.received.items():
                check(each, watched.states[event_id], watched.ran[visitor.name, each.number])
        assert {"done", "failed", "cancelled"} == set(watched.states.values())
        assert not engine.scheduler.waiting and not engine.events
        # it was rough indeed
        assert sum(visitor.cuts for visitor in visitors) > 2 * SESSIONS
        assert sum(visitor.reloads for visitor in visitors) > SESSIONS / 4
        assert sum(visitor.repeated for visitor in visitors) > SESSIONS / 2
    finally:
        await close_engine(place)
        unmount(place.blocks)


def check(received: Received, state: str, runs: int) -> None:
    """The visitor was told one end, which the server knows, with the right answer of a function that ran once."""
    (end,) = received.ends
    if state == "failed":
        assert received.kind in ("crash", "exit") and not end["success"] and runs == 1
        assert received.kind == "exit" or end["output"]["error"] == f"crash {received.number}"
    elif state == "cancelled":
        assert received.cancelled and end["success"] and runs <= 1
    else:
        assert end["success"] and end["output"]["data"][0] == answer(received.kind, received.number) and runs == 1
        assert received.last in (None, end["output"]["data"])
        expected = [f"{word} {received.number}" for word in ("first", "second", "third") if received.kind == "toasts"]
        assert received.all_toasts == set(expected)
        assert (
            received.toasts == expected[len(expected) - len(received.toasts) :]
        )  # a page before the reload may have had the others


async def test_a_state_counts_each_run_once(watched: Watched) -> None:
    """Events of one session that change a State, with the connection cut after each submission."""
    place = mounted(watched)
    engine = engine_of(place)
    try:
        number = 0
        async with asyncio.timeout(60):
            for index in range(50):
                socket = Socket(place, f"session_hash=tab&after={number}")
                frame = {"event_id": f"{index:032x}", "fn_index": KINDS.index("stateful"), "data": [index, None]}
                socket.send("submit", **frame)
                while (arrived := await socket.frame())["type"] != "accepted":
                    number = max([number, *[each for each, _ in arrived.get("items", [])]])
                await socket.close(LOST)
            while engine.session("tab").open_events:
                socket = Socket(place, f"session_hash=tab&after={number}")
                while (arrived := await socket.frame())["type"] != "messages":
                    pass
                number = arrived["items"][-1][0]
                await socket.close(LOST)
        assert list(engine.session("tab").state.values.values()) == [50]
    finally:
        await close_engine(place)
        unmount(place.blocks)
