"""Two engines on one cache, as two server processes would be: who sees what, who ends what, and who is told."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import AsyncIterator, Callable
from typing import Any

import pytest
from django.core.cache import caches
from django.core.cache.backends.locmem import LocMemCache

import blocks_app as gr
from queue_app.execution.memory_engine import MemoryEngine
from tests.queue_app.conftest import Bench

LOCAL = {"BACKEND": "django.core.cache.backends.locmem.LocMemCache", "LOCATION": "shared"}


class Process(Bench):
    """One engine; its sessions know nothing of those of the others but what the cache says."""

    def __init__(self, first: Bench) -> None:
        self.demo, self.mount = first.demo, first.mount
        self.engine = MemoryEngine(first.mount)

    async def ask(self, *data: Any, fn: int = 0, session: str = "s") -> list[Any]:
        """Run one event and return its values; an error's text."""
        job = await self.submit(*data, fn=fn, session=session)
        output = (await self.ends(session))[job.event_id]["output"]
        return output["data"] if "data" in output else output["error"]

    async def pass_time(self, seconds: float) -> None:
        """As if so many seconds had passed here."""
        self.engine.store.pass_time(seconds)
        self.engine.expiry.pass_time(self.engine.sessions, seconds)
        self.engine.sessions.pass_time(seconds)
        await self.engine.store._tasks.finish(10)


@pytest.fixture(autouse=True)
def _cache(settings: Any) -> None:
    settings.CACHES = {"default": LOCAL, "states": LOCAL}
    settings.BLOCKS_STATE_CACHE = "states"
    caches["states"].clear()


@pytest.fixture
async def processes(bench: Callable[..., Bench]) -> AsyncIterator[Callable[..., list[Process]]]:
    made: list[Process] = []

    def start(demo: gr.Blocks, **options: Any) -> list[Process]:
        first = bench(demo, show_error=True, **options)
        made.extend(Process(first) for _ in range(2))
        return made

    yield start
    for each in made:
        await each.engine.close()


class CountingApp:
    """A counter whose values tell when they are deleted."""

    def __init__(self, **options: Any) -> None:
        self.deleted: list[Any] = []
        with gr.Blocks() as self.demo:
            state, out = gr.State(0, delete_callback=self.deleted.append, **options), gr.Textbox()
            gr.Button().click(lambda seen: (seen + 1, str(seen + 1)), state, [state, out])

    async def settled(self, *processes: Process) -> list[Any]:
        """What was told when all threads are done."""
        for each in processes:
            await each.engine.store._tasks.finish(10)
            await asyncio.wrap_future(each.engine.threads.plain.submit(int))
        return self.deleted


def offering() -> gr.Blocks:
    with gr.Blocks() as demo:
        pick, other, out = gr.Dropdown(["a", "b"]), gr.Dropdown(["o"]), gr.Textbox()
        gr.Button().click(lambda: gr.Dropdown(choices=["x", ("Why", "y")], label="new"), None, pick)
        gr.Button().click(lambda value: f"got {value}", pick, out)
        gr.Button().click(lambda: gr.update(choices=["z"]), None, other)
        gr.Button().click(lambda: gr.update(label="newer"), None, pick)
    return demo


async def test_what_an_update_offers_may_be_chosen_in_another_process(processes) -> None:
    one, two = processes(offering())
    assert await two.ask("a", fn=1) == ["got a"]
    await one.ask(fn=0)
    await two.ask(fn=2)
    assert await two.ask("y", fn=1) == ["got y"]
    assert "not in the list" in (refused := await two.ask("a", fn=1)) and "new" in refused
    await two.ask(fn=3)
    assert await one.ask("x", fn=1) == ["got x"] and "newer" in await one.ask("a", fn=1)


async def test_a_page_that_is_loaded_anew_shows_and_takes_what_was_declared(processes) -> None:
    one, two = processes(offering())
    await one.ask(fn=0)
    assert await two.ask("x", fn=1) == ["got x"]
    two.engine.loaded("s")
    for each in (two, one):
        assert await each.ask("a", fn=1) == ["got a"]
        assert "not in the list" in await each.ask("x", fn=1)


@pytest.mark.parametrize("alias", ["states", None])
async def test_what_an_open_event_has_offered_outlives_the_reload(processes, settings, alias: str | None) -> None:
    settings.BLOCKS_STATE_CACHE = alias
    offered, go_on = asyncio.Event(), threading.Event()
    loop = asyncio.get_running_loop()

    def offer():
        yield gr.Dropdown(choices=["x"])
        loop.call_soon_threadsafe(offered.set)
        go_on.wait(10)

    with gr.Blocks() as demo:
        pick, out = gr.Dropdown(["a"]), gr.Textbox()
        gr.Button().click(offer, None, pick)
        gr.Button().click(lambda value: f"got {value}", pick, out)
    one, _ = processes(demo)
    await one.submit(fn=0)
    await asyncio.wait_for(offered.wait(), 10)
    one.engine.loaded("s")
    await one.submit("x", fn=1)
    go_on.set()
    assert ["got x"] in [end["output"]["data"] for end in (await one.ends()).values()]


async def test_an_option_that_is_no_data_stays_here_and_is_told(processes, caplog) -> None:
    with gr.Blocks() as demo:
        number, out = gr.Number(), gr.Textbox()
        gr.Button().click(lambda: gr.update(label="new", info=object()), None, number)
        gr.Button().click(lambda value: value, number, out)
    one, two = processes(demo)
    await one.ask(fn=0)
    assert "state.option_stays" in [getattr(each, "action", "") for each in caplog.records]
    await two.ask(1, fn=1)
    seen = two.engine.session("s").state.block(demo.blocks[1])
    assert seen.label == "new" and seen.info is None  # type: ignore[attr-defined]


async def test_a_session_that_moved_to_another_process_is_not_ended_by_the_first(processes) -> None:
    app = CountingApp()
    one, two = processes(app.demo)
    await one.ask(None)
    await two.ask(None)
    await one.pass_time(4000)
    assert len(one.engine.sessions) == 0 and await app.settled(one, two) == []
    assert (await two.ask(None))[1] == "3"
    await two.pass_time(4000)
    assert await app.settled(one, two) == [3]
    assert (await one.ask(None))[1] == "1"


async def test_beyond_the_capacity_the_last_process_ends_a_session_and_tells_the_newest_value(processes) -> None:
    app = CountingApp()
    one, two = processes(app.demo, state_session_capacity=1)
    for process, session in ((one, "a"), (two, "a"), (one, "b")):
        await process.ask(None, session=session)
    assert await app.settled(one, two) == []
    await two.ask(None, session="c")
    assert await app.settled(one, two) == [2]
    assert (await two.ask(None, session="a"))[1] == "1"


async def test_a_value_set_again_elsewhere_lives_on_and_is_told_once(processes) -> None:
    app = CountingApp(time_to_live=60)
    one, two = processes(app.demo)
    await one.ask(None)
    await two.pass_time(50)
    assert (await two.ask(None))[1] == "2"  # set again, 50 s later by its own clock
    await one.pass_time(70)
    assert await app.settled(one, two) == []
    await two.pass_time(70)
    await two.pass_time(70)
    assert await app.settled(one, two) == [2]
    assert (await one.ask(None))[1] == "1"


async def test_after_a_value_that_cannot_be_kept_the_last_one_that_could_is_there(processes) -> None:
    with gr.Blocks() as demo:
        state, out = gr.State(0), gr.Textbox()
        gr.Button().click(lambda seen: (seen + 1, str(seen + 1)), state, [state, out])
        gr.Button().click(lambda: object(), None, state)
    one, _ = processes(demo)
    assert (await one.ask(None, fn=0))[1] == "1"
    assert "cannot be kept" in await one.ask(fn=1)
    assert (await one.ask(None, fn=0))[1] == "2"


class SlowCache(LocMemCache):
    """A cache whose next deletion waits at a gate."""

    gate: threading.Event | None = None

    def delete_many(self, *args: Any, **options: Any) -> Any:
        gate, SlowCache.gate = SlowCache.gate, None
        if gate is not None:
            gate.wait(10)
        return super().delete_many(*args, **options)


async def test_an_event_that_comes_while_its_session_is_being_ended_starts_afresh_and_is_kept(
    processes, settings
) -> None:
    settings.CACHES = {"default": LOCAL, "states": {**LOCAL, "BACKEND": f"{__name__}.SlowCache"}}
    app = CountingApp()
    one, two = processes(app.demo)
    await one.ask(None)
    SlowCache.gate = gate = threading.Event()
    one.engine.forget_state("s")
    asking = asyncio.ensure_future(one.ask(None))
    asyncio.get_running_loop().call_later(0.1, gate.set)
    assert (await asking)[1] == "1"
    assert await app.settled(one) == [1]
    assert (await two.ask(None))[1] == "2"


class AwayCache(LocMemCache):
    """A cache that does not delete any more."""

    def delete_many(self, *args: Any, **options: Any) -> Any:
        raise ConnectionError("Connection refused.")


async def test_what_a_cache_that_is_away_does_not_delete_is_told(processes, settings, caplog) -> None:
    settings.CACHES = {"default": LOCAL, "states": {**LOCAL, "BACKEND": f"{__name__}.AwayCache"}}
    one, _ = processes(CountingApp().demo)
    await one.ask(None)
    one.engine.forget_state("s")
    await one.engine.store._tasks.finish(10)
    [record] = [each for each in caplog.records if each.action == "state.not_deleted"]
    assert (record.levelname, record.cache, "Connection refused" in record.error) == ("WARNING", "states", True)
