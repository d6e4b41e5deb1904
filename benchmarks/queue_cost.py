"""What the queue itself costs, in this process, without HTTP: `python -m benchmarks.queue_cost`.

CPU microseconds per event (submit, schedule, run, answer, read) for functions of each kind, the same with many events
waiting, and yields per second. The best of several rounds, because a busy machine only ever adds.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Iterator
from typing import Any

import django
from django.conf import settings

settings.configure(
    SECRET_KEY="bench", BLOCKS_EVENT_LOG=False,
    INSTALLED_APPS=["django.contrib.auth", "django.contrib.contenttypes", "blocks_app", "queue_app"],
)  # fmt: skip
django.setup()

import blocks_app as gr  # noqa: E402 - Django first
from benchmarks import results  # noqa: E402
from blocks_app.running import runner  # noqa: E402
from blocks_app.web.registry import mount, unmount  # noqa: E402
from queue_app.execution.engine import engine_of  # noqa: E402
from queue_app.execution.job import JobSpec  # noqa: E402
from queue_app.signals import JobChanged, job_changed  # noqa: E402

lines: list[str] = []

ROUNDS = 5
EVENTS = 2_000
YIELDS = 20_000


def plain(text: str) -> str:
    """The smallest function."""
    return text


async def coroutine(text: str) -> str:
    """The same, async."""
    return text


def generator(text: str) -> Iterator[str]:
    """Many small yields."""
    for number in range(YIELDS):
        yield f"{number}"


def app(function: Any, **options: Any) -> gr.Blocks:
    """A page with one listener."""
    with gr.Blocks() as demo:
        text, result, button = gr.Textbox(), gr.Textbox(), gr.Button()
        button.click(function, text, result, **options)
    return demo


async def no_runner(blocks: Any, calls: list[runner.Call], threads: Any) -> Any:
    """In place of the runner: what is left is the queue alone."""
    yield [runner.Step(call.data) for call in calls]


async def complete(demo: gr.Blocks, events: int, backlog: int = 0) -> float:
    """CPU seconds for `events` events from submission to the last message read, while `backlog` more wait."""
    mounted = mount(demo)
    engine: Any = engine_of(mounted)
    group = engine.scheduler.group_of(0)
    reader = engine.subscribe("s")
    engine.scheduler.cap = 0
    for index in range(backlog):
        await engine.submit(JobSpec(f"b{index}", mounted.key, 0, ["x"], f"waiting{index % 100}"))
    engine.scheduler.cap = 40
    done = 0
    began = time.process_time()
    for index in range(events):
        await engine.submit(JobSpec(f"e{index}", mounted.key, 0, ["x"], "s"))
    while done < events:
        for entry in await anext(reader):
            done += entry.kind == "process_completed"
        reader.acknowledge(reader.position)
    while group.size or group.running:  # noqa: ASYNC110 - the queue is fair: those who waited before may end after
        await asyncio.sleep(0)
    taken = time.process_time() - began
    await engine.close()
    unmount(demo)
    return taken


async def one_by_one(demo: gr.Blocks, events: int) -> float:
    """CPU seconds when each event is submitted after the answer of the one before."""
    mounted = mount(demo)
    engine: Any = engine_of(mounted)
    reader = engine.subscribe("s")
    began = time.process_time()
    for index in range(events):
        await engine.submit(JobSpec(f"e{index}", mounted.key, 0, ["x"], "s"))
        finished = False
        while not finished:
            finished = any(entry.kind == "process_completed" for entry in await anext(reader))
        reader.acknowledge(reader.position)
    taken = time.process_time() - began
    await engine.close()
    unmount(demo)
    return taken


async def one_against_many(waiting: int) -> int:
    """How many of one user's waiting events run before the only event of another, who comes last."""
    demo = app(coroutine)
    mounted = mount(demo)
    engine: Any = engine_of(mounted)
    engine.scheduler.cap = 0
    for index in range(waiting):
        await engine.submit(JobSpec(f"b{index}", mounted.key, 0, ["x"], "many", identity_key="many"))
    await engine.submit(JobSpec("late", mounted.key, 0, ["x"], "late", identity_key="late"))
    started: list[str] = []

    def observe(change: JobChanged) -> None:
        if change.action == "job.started":
            started.append(change.event_id)

    job_changed.connect(observe)
    engine.scheduler.cap = 40
    engine.reopen()
    reader = engine.subscribe("late")
    while not any(entry.kind == "process_completed" for entry in await anext(reader)):
        pass
    job_changed.disconnect(observe)
    await engine.close()
    unmount(demo)
    return started.index("late")


async def yields(demo: gr.Blocks) -> float:
    """Wall seconds of one long generator, read as it goes."""
    mounted = mount(demo)
    engine: Any = engine_of(mounted)
    reader = engine.subscribe("s")
    began = time.perf_counter()
    await engine.submit(JobSpec("e", mounted.key, 0, ["x"], "s"))
    while True:
        batch = await anext(reader)
        if batch[-1].kind == "process_completed":
            break
    taken = time.perf_counter() - began
    await engine.close()
    unmount(demo)
    return taken


def best(measure: Any) -> float:
    """The lowest of several rounds."""
    return min(asyncio.run(measure()) for _ in range(ROUNDS))


def report(what: str, seconds: float, count: int, unit: str = "event") -> None:
    """One line."""
    line(what, f"{seconds / count * 1e6:.1f} µs/{unit}", f"{count / seconds:,.0f} {unit}s/s")


def line(what: str, cost: str, rate: str = "") -> None:
    """Print a line, and keep it for RESULTS.md."""
    print(f"{what:<52}{cost:>18}{rate:>18}")
    lines.append(f"| {what} | {cost} | {rate} |")


def main() -> None:
    """Print the table."""
    real = runner.run
    runner.run = no_runner
    report("queue alone, all at once", best(lambda: complete(app(coroutine), EVENTS)), EVENTS)
    report("queue alone, one by one", best(lambda: one_by_one(app(coroutine), EVENTS)), EVENTS)
    for backlog in (10, 1_000, 10_000):
        taken = best(lambda backlog=backlog: complete(app(coroutine), EVENTS, backlog))
        report(f"queue alone, {backlog} waiting before", taken, EVENTS + backlog)
    runner.run = real
    for name, function in (("async", coroutine), ("plain", plain)):
        report(f"{name} function, one by one", best(lambda f=function: one_by_one(app(f), EVENTS)), EVENTS)
        taken = best(lambda f=function: complete(app(f, concurrency_limit=10), EVENTS))
        report(f"{name} function, limit 10, all at once", taken, EVENTS)
    report("generator, pumped", best(lambda: yields(app(generator))), YIELDS, "yield")
    for waiting in (1_000, 10_000):
        before = asyncio.run(one_against_many(waiting))
        line(f"one event against {waiting:,} of another user", f"{before} run before it")
    table = "\n".join(["| CPU time | each | |", "|---|---|---|", *lines])
    results.write_section("queue", "The queue by itself", table)


if __name__ == "__main__":
    main()
