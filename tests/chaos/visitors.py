"""Visitors who lose their connection, reload, cancel and come back; and an app whose answers are known."""

from __future__ import annotations

import asyncio
import json
import os
import random
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import blocks_app as gr
from queue_app.engine import Engine
from queue_app.job import Job
from queue_app.testing_dispatch import patched

KINDS = ("plain", "async", "generator", "stateful", "crash", "exit", "slow")


def plain(number: int) -> str:
    return f"plain {number}"


async def coroutine(number: int) -> str:
    await asyncio.sleep(0)
    return f"async {number}"


def generator(number: int) -> Iterator[str]:
    for step in range(5):
        yield f"generator {number} {step}"


def stateful(number: int, seen: int) -> tuple[str, int]:
    return f"stateful {number}", seen + 1


def crash(number: int) -> str:
    raise gr.Error(f"crash {number}", print_exception=False)


def leave(number: int) -> str:
    raise SystemExit(number)


def slow(number: int) -> Iterator[str]:
    for step in range(40):
        time.sleep(0.0005)
        yield f"slow {number} {step}"


def app() -> gr.Blocks:
    """One listener per kind, in the order of KINDS."""
    with gr.Blocks() as demo:
        number, out, seen, button = gr.Number(precision=0), gr.Textbox(), gr.State(0), gr.Button()
        for fn in (plain, coroutine, generator):
            button.click(fn, number, out, concurrency_limit=8)
        button.click(stateful, [number, seen], [out, seen])
        for fn in (crash, leave, slow):
            button.click(fn, number, out, concurrency_limit=8)
    return demo


def answer(kind: str, number: int) -> str:
    """What an event that is done must have answered."""
    last = {"generator": " 4", "slow": " 39"}.get(kind, "")
    return f"{kind} {number}{last}"


@dataclass
class Told:
    """What a visitor heard of one event."""

    kind: str
    number: int
    after: int
    ends: list[dict[str, Any]] = field(default_factory=list)
    last: list[Any] | None = None
    cancelled: bool = False


class Visitor:
    """One tab, with a seed of its own for what happens to it."""

    def __init__(self, engine: Engine, mount_key: str, name: str, events: int, seed: int) -> None:
        self.engine, self.mount_key, self.name, self.events = engine, mount_key, name, events
        self.luck = random.Random(seed)
        self.told: dict[str, Told] = {}
        self.number = 0
        self.doubled = 0

    async def live(self) -> None:
        """Submit everything, some of it twice; read with faults until each event has ended."""
        for number in range(self.events):
            await self._submit(number)
            if self.luck.random() < 0.3:
                await self._read(self.luck.randint(1, 3))
        while any(not each.ends for each in self.told.values()):
            await self._read(self.luck.randint(1, 6))

    async def _submit(self, number: int) -> None:
        kind = self.luck.choice(KINDS)
        job = Job(
            os.urandom(16).hex(), self.mount_key, KINDS.index(kind), [number, None], self.name, identity_key="anonymous"
        )
        self.told[job.event_id] = Told(kind, number, self.number)
        await self.engine.submit(job)
        if self.luck.random() < 0.2:  # the answer was lost: the page submits again
            await self.engine.submit(job)
        if self.luck.random() < 0.2:
            await self._cancel(job.event_id)

    async def _cancel(self, event_id: str) -> None:
        self.told[event_id].cancelled = True
        await asyncio.sleep(0)
        await self.engine.cancel(self.name, event_id)

    async def _read(self, batches: int) -> None:
        """One connection, which breaks after some batches; some begin with a reload of the page."""
        if self.luck.random() < 0.2:
            self._reload()
        reader = self.engine.subscribe(self.name, self.number)
        try:
            for _ in range(batches):
                if all(each.ends for each in self.told.values()):
                    return
                for entry in await anext(reader):
                    self._hear(entry.number, json.loads(entry.message), entry.diff)
                if self.luck.random() < 0.5:
                    self.engine.session(self.name).outbox.ack(self.number)
                if self.luck.random() < 0.1:
                    await self._cancel(self.luck.choice(list(self.told)))
        finally:
            reader.close()

    def _reload(self) -> None:
        """The page forgets everything but its open events, and reads from where the oldest of them was submitted."""
        pending = [each for each in self.told.values() if not each.ends]
        for each in pending:
            each.last = None
        self.number = min([each.after for each in pending], default=self.number)

    def _hear(self, number: int, message: dict[str, Any], diff: bool | None) -> None:
        assert number > self.number, "a message came twice on one connection, or out of order"
        self.number = number
        told = self.told[message["event_id"]]
        if told.ends:
            self.doubled += 1  # the page has forgotten this event, and takes no notice
            return
        if message["msg"] == "process_generating":
            data = message["output"]["data"]
            if diff:
                assert told.last is not None, "edits without what they edit"
                data = [patched(old, edits) for old, edits in zip(told.last, data, strict=True)]
            told.last = data
        elif message["msg"] == "process_completed":
            told.ends.append(message)
