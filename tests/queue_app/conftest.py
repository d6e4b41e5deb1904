"""A bench for the queue: an app, its engine on the test's loop, and what its outbox says."""

from __future__ import annotations

import asyncio
import itertools
import json
from collections.abc import AsyncIterator, Callable
from typing import Any

import pytest

import blocks_app as gr
from blocks_app.web.registry import mount, unmount
from queue_app.execution.engine import Subscription, engine_of
from queue_app.execution.job import JobSpec, JobState
from queue_app.execution.memory_engine import MemoryEngine
from queue_app.signals import JobChanged, job_changed
from tests.queue_app.records.file_database import database, rows, store, tables

__all__ = ["database", "rows", "store", "tables"]  # fixtures for every test of this folder

_ids = itertools.count(1)


class Bench:
    """One app and its engine."""

    def __init__(self, demo: gr.Blocks, **options: Any) -> None:
        self.demo = demo
        self.mount = mount(demo)
        for name, value in options.items():
            setattr(self.mount.options, name, value)
        engine = engine_of(self.mount)
        assert isinstance(engine, MemoryEngine)
        self.engine = engine
        self._states: dict[str, JobState] = {}
        job_changed.connect(self.note)

    def job(self, *data: Any, fn: int = 0, session: str = "s", **more: Any) -> JobSpec:
        event_id = more.pop("event_id", None) or f"{next(_ids):032x}"
        return JobSpec(event_id, self.mount.key, fn, list(data), session, **more)

    async def submit(self, *data: Any, fn: int = 0, session: str = "s", **more: Any) -> JobSpec:
        job = self.job(*data, fn=fn, session=session, **more)
        await self.engine.submit(job)
        return job

    def state(self, job: JobSpec) -> JobState:
        """Where a job stands that was submitted here."""
        return self._states[job.event_id]

    def note(self, change: JobChanged) -> None:
        """A job has changed its state."""
        self._states[change.event_id] = JobState(change.state)

    async def messages(self, session: str = "s", *, plain: bool = False) -> list[dict[str, Any]]:
        """Everything until nothing is pending in the session."""
        reader = self.engine.subscribe(session, plain=plain)
        found: list[dict[str, Any]] = []
        try:
            async with asyncio.timeout(10):
                while self.engine.session(session).open_events or not found:
                    found += [json.loads(entry.message) for entry in await anext(reader)]
                found += [json.loads(entry.message) for entry in reader.take()]
        finally:
            reader.close()
        return found

    async def ends(self, session: str = "s") -> dict[str, Any]:
        """The completions by event id."""
        return {each["event_id"]: each for each in await self.messages(session) if each["msg"] == "process_completed"}

    async def answers(self, session: str = "s") -> list[Any]:
        """The values of the completions, in order."""
        return [end["output"]["data"] for end in (await self.ends(session)).values()]


async def until(reader: Subscription, kind: str) -> dict[str, Any]:
    """Read on until a message of this kind."""
    async with asyncio.timeout(10):
        async for batch in reader:
            for entry in batch:
                if entry.kind == kind:
                    found: dict[str, Any] = json.loads(entry.message)
                    return found
    raise AssertionError(f"no {kind} came")


@pytest.fixture
async def bench() -> AsyncIterator[Callable[..., Bench]]:
    made: list[Bench] = []

    def make(demo: gr.Blocks, **options: Any) -> Bench:
        made.append(Bench(demo, **options))
        return made[-1]

    yield make
    for each in made:
        await each.engine.close()
        job_changed.disconnect(each.note)
        unmount(each.demo)


def app(*functions: Callable[..., Any], **options: Any) -> gr.Blocks:
    """A page with one text in, one text out, and a click listener per function."""
    with gr.Blocks() as demo:
        text, result, button = gr.Textbox(), gr.Textbox(), gr.Button()
        for function in functions:
            button.click(function, text, result, **options)
    return demo
