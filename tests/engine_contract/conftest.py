"""The engines that are put to the test, and a small client of one."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

import blocks_app as gr
from auth_app.identity import ANONYMOUS, Identity, named
from blocks_app.protocol import encode
from blocks_app.running.request import RequestInfo
from blocks_app.web.registry import mount, unmount
from queue_app.execution.engine import Engine, close_engine, engine_of
from queue_app.execution.job import JobSpec
from queue_app.execution.job_factory import Submitter, build_job
from queue_app.signals import JobChanged, job_changed
from tests.engine_contract.worker_process import Workers, told_elsewhere

#: Another engine is put to the same tests by one more line.
EMBEDDED = ("queue_app.execution.memory_engine.MemoryEngine", "tests.engine_contract.by_json.ByJson")
ENGINES = (*EMBEDDED, "queue_app.engines.celery.CeleryEngine")

ANN, BOB = named("ann"), named("bob")


@dataclass
class Client:
    """Submits to one engine and reads from it, as endpoints do."""

    demo: gr.Blocks
    engine: Engine
    folder: Path
    seen: list[JobChanged] = field(default_factory=list)

    @property
    def changes(self) -> list[JobChanged]:
        """What was told of jobs, in whichever process they were at that moment."""
        return sorted([*self.seen, *told_elsewhere(self.folder)], key=lambda each: each.at)

    def job(self, name: str, text: str, session: str = "s", who: Identity = ANONYMOUS, **more: Any) -> JobSpec:
        """An event of the function that is called `name`."""
        [listener] = [each for each in self.demo.dependencies.values() if each.api_name == name]
        caller = self.caller(who, *more.pop("headers", ()))
        return build_job(caller, listener, [str(self.folder), text], session, **more)

    def caller(self, who: Identity, *headers: tuple[str, str]) -> Submitter:
        """Somebody, with the request that they have sent."""
        assert self.demo.mount is not None
        info = RequestInfo((("x-folder", str(self.folder)), *headers), client=("10.0.0.1", 1))
        return Submitter(self.demo.mount, who, info)

    async def submit(self, name: str, text: str, session: str = "s", who: Identity = ANONYMOUS, **more: Any) -> str:
        """Submit one; its id."""
        job = self.job(name, text, session, who, **more)
        await self.engine.submit(job)
        return job.event_id

    async def messages(self, events: Sequence[str], session: str = "s", after: int = 0) -> list[dict[str, Any]]:
        """Everything that a session is told until these events have ended, each with its number."""
        found: list[dict[str, Any]] = []
        left = set(events)
        reader = self.engine.subscribe(session, after)
        try:
            async with asyncio.timeout(20):
                while left:
                    for entry in await anext(reader):
                        found.append({**json.loads(entry.message), "number": entry.number})
                        if entry.kind == "process_completed":
                            left.discard(str(entry.event_id))
        finally:
            reader.close()
        return found

    async def ends(self, *events: str, session: str = "s") -> list[Any]:
        """How these events have ended, in the order in which they did: the first value, or what went wrong."""
        messages = await self.messages(events, session)
        return [_end(each) for each in messages if each["msg"] == "process_completed" and each["event_id"] in events]

    async def run(self, name: str, text: str, **more: Any) -> Any:
        """The end of an event that is awaited."""
        counted = more.pop("counted", True)
        completed = await self.engine.run_direct(self.job(name, text, **more), counted)
        return _end(json.loads(encode(completed)))

    def notes(self) -> list[str]:
        """What the functions have told so far."""
        file = self.folder / "notes"
        return file.read_text().splitlines() if file.exists() else []

    def let_end(self, *names: str) -> None:
        for name in names:
            (self.folder / f"{name}.go").touch()

    async def until(self, condition: Callable[[], bool]) -> None:
        async with asyncio.timeout(20):
            while not condition():
                await asyncio.sleep(0.005)

    async def noted(self, *lines: str) -> None:
        """Wait until functions have told all of this."""
        await self.until(lambda: set(lines) <= set(self.notes()))

    def actions(self, event_id: str) -> list[str]:
        """What was told of an event's state, in order."""
        return [each.action for each in self.changes if each.event_id == event_id]


def _end(completed: dict[str, Any]) -> Any:
    output = completed["output"]
    return output["data"][0] if completed["success"] else {"error": output["error"]}


@pytest.fixture(params=ENGINES, ids=lambda path: path.rpartition(".")[2])
def engine_path(request: pytest.FixtureRequest, settings: Any) -> str:
    settings.BLOCKS_ENGINE = request.param
    if request.param not in EMBEDDED:
        request.getfixturevalue("worker").prepare(settings)
    return str(request.param)


@pytest.fixture(scope="session")
def worker(redis_url: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Workers]:
    """A Celery worker that serves the pages of `apps`, for all tests."""
    workers = Workers(redis_url, tmp_path_factory.mktemp("worker"))
    workers.start()
    yield workers
    workers.stop()


@pytest.fixture
def changes() -> Iterator[list[JobChanged]]:
    seen: list[JobChanged] = []
    job_changed.connect(seen.append)
    yield seen
    job_changed.disconnect(seen.append)


@pytest.fixture
async def serve(
    engine_path: str, tmp_path: Path, changes: list[JobChanged]
) -> AsyncIterator[Callable[[gr.Blocks], Client]]:
    served: list[gr.Blocks] = []

    def start(demo: gr.Blocks) -> Client:
        served.append(demo)
        engine = engine_of(mount(demo))
        assert f"{type(engine).__module__}.{type(engine).__qualname__}" == engine_path
        return Client(demo, engine, tmp_path, changes)

    yield start
    for demo in served:
        assert demo.mount is not None
        await close_engine(demo.mount)
        unmount(demo)


@pytest.fixture
async def client(serve: Callable[[gr.Blocks], Client]) -> AsyncIterator[Client]:
    from tests.engine_contract.apps import PAGE

    started = serve(PAGE)
    yield started
    for name in ("a", "b", "c", "d", "e", "f"):
        started.let_end(name)
