"""100,000 events and 10,000 sessions come and go: `make soak`. What stays behind in memory, threads and open files?

Everything is real but the socket: each session is a page that submits events of several kinds (plain, async, generator,
with a State of 10 KB), loses its connection in between, reads all its messages and goes. Sessions are forgotten two
seconds later, so that the process holds about as much at the end as after the first tenth. The last part keeps 10,000
sessions with their State instead and says what they weigh, and what is left of that when their time is over.
"""

from __future__ import annotations

import asyncio
import gc
import json
import os
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import django
from django.conf import settings
from django.test import override_settings

settings.configure(
    SECRET_KEY="soak", INSTALLED_APPS=["django.contrib.auth", "django.contrib.contenttypes", "blocks_app", "queue_app"],
    BLOCKS_EVENT_LOG=False,
)  # fmt: skip
django.setup()

import blocks_app as gr  # noqa: E402 - Django first
from benchmarks import results  # noqa: E402
from blocks_app.web.registry import mount, unmount  # noqa: E402
from queue_app import conf  # noqa: E402
from queue_app.execution.engine import Engine, close_engine, engine_of  # noqa: E402
from queue_app.execution.job import JobSpec  # noqa: E402

SESSIONS = int(os.environ.get("SOAK_SESSIONS", "10000"))
EVENTS = 10  # per session
AT_ONCE = 50  # sessions
LIFETIME = 2.0  # seconds that a session is remembered
STATE = 10_000  # bytes
LEFT = 15  # megabytes: what Python and the C library keep for what comes next


def app() -> gr.Blocks:
    """A page with one listener of each kind."""

    def plain(number: float) -> str:
        return f"{number:g}"

    async def coroutine(number: float) -> str:
        return f"{number:g}"

    def generator(number: float) -> Iterator[str]:
        for _ in range(5):
            yield f"{number:g}"

    def keep(number: float, kept: bytes) -> tuple[str, bytes]:
        return f"{number:g}", os.urandom(STATE)

    with gr.Blocks() as demo:
        number, out, kept, button = gr.Number(), gr.Textbox(), gr.State(b""), gr.Button()
        for fn in (plain, coroutine, generator):
            button.click(fn, number, out, concurrency_limit=10)
        button.click(keep, [number, kept], [out, kept], concurrency_limit=10)
    return demo


async def visit(engine: Engine, key: str, name: str, events: int) -> int:
    """One page from its first event to its last answer; how many answers were wrong."""
    expected: dict[str, str] = {}
    wrong = number = 0
    for index in range(events):
        job = JobSpec(os.urandom(16).hex(), key, index % 4, [index, None], name, identity_key="anonymous")
        expected[job.event_id] = f"{index}"
        await engine.submit(job)
    while expected:
        reader = engine.subscribe(name, number)
        try:
            for entry in await anext(reader):
                number = entry.number
                if entry.kind == "process_completed":
                    message = json.loads(entry.message)
                    wrong += message["output"]["data"][0] != expected.pop(message["event_id"])
            reader.acknowledge(number)
        finally:
            reader.close()  # a connection serves one batch and is lost
    return wrong


async def crowd(engine: Engine, key: str, first: int, sessions: int, events: int = EVENTS) -> int:
    """Many pages, some at once; how many answers were wrong."""
    names = iter(range(first, first + sessions))

    async def one_after_the_other() -> int:
        return sum([await visit(engine, key, f"s{number}", events) for number in names])

    return sum(await asyncio.gather(*[one_after_the_other() for _ in range(AT_ONCE)]))


def held() -> dict[str, float]:
    """What the process holds: resident megabytes, threads, open files."""
    gc.collect()
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return {
        "memory": pages * os.sysconf("SC_PAGE_SIZE") / 1e6,
        "threads": threading.active_count(),
        "files": len(list(Path("/proc/self/fd").iterdir())),
    }


async def forgotten(engine: Any) -> None:
    """Until every session has gone."""
    deadline = time.monotonic() + 60
    while len(engine.sessions) and time.monotonic() < deadline:  # noqa: ASYNC110 - their own timers end them
        await asyncio.sleep(LIFETIME / 10)


async def soak() -> dict[str, Any]:
    """All parts, each with what the process held."""
    start = held()
    demo = app()
    mounted = mount(demo)
    with override_settings(BLOCKS_SESSION_LIFETIME=LIFETIME):
        engine: Any = engine_of(mounted)
    tenth = SESSIONS // 10
    began = time.perf_counter()
    wrong, tenths = 0, []
    for part in range(10):
        wrong += await crowd(engine, mounted.key, part * tenth, tenth)
        await forgotten(engine)
        tenths.append(held())
    early, late = tenths[0], tenths[-1]
    seconds = time.perf_counter() - began
    await close_engine(mounted)
    engine = engine_of(mounted)
    wrong += await crowd(engine, mounted.key, 0, 40, EVENTS)  # its threads are there before it is weighed
    weight, left = await weigh(engine, demo)
    await close_engine(mounted)
    unmount(demo)
    for thread in threading.enumerate():
        if thread.name.startswith("blocks-"):
            await asyncio.to_thread(thread.join, 5)
    end = held()
    return {
        "start": start, "early": early, "late": late, "end": end,
        "wrong": wrong, "seconds": seconds, "weight": weight, "left": left,
    }  # fmt: skip


async def weigh(engine: Any, demo: gr.Blocks) -> tuple[float, float]:
    """Megabytes over idle of SESSIONS sessions with a State each, and what is left of them after their end."""
    before = held()["memory"]
    for number in range(SESSIONS):
        session = engine.sessions.own(f"kept{number}", "anonymous")
        session.state.set(demo.blocks[_state_of(demo)], os.urandom(STATE))
        engine.sessions.hold(session)
    full = held()["memory"]
    engine.sessions.pass_time(conf.session_lifetime() + 1)
    engine.expiry.pass_time(engine.sessions, LIFETIME * 10)  # the calm after which the system gets its memory back
    await asyncio.wrap_future(engine.threads.plain.submit(int))
    assert not len(engine.sessions)
    return full - before, max(0.0, held()["memory"] - before)


def _state_of(demo: gr.Blocks) -> int:
    return next(number for number, block in demo.blocks.items() if isinstance(block, gr.State))


def report(found: dict[str, Any]) -> str:
    """The figures as a section for RESULTS.md."""
    early, late, start, end = found["early"], found["late"], found["start"], found["end"]
    growth = (late["memory"] / early["memory"] - 1) * 100
    events = SESSIONS * EVENTS
    return "\n".join(
        [
            f"{events:,} events of {SESSIONS:,} sessions in {found['seconds']:.0f} s; wrong answers: {found['wrong']}.",
            "",
            "| | start | after a tenth | after all | closed |",
            "|---|---|---|---|---|",
            *[
                f"| {label} | {start[name]:.0f} | {early[name]:.0f} | {late[name]:.0f} | {end[name]:.0f} |"
                for name, label in (("memory", "resident MB"), ("threads", "threads"), ("files", "open files"))
            ],
            "",
            f"Growth of resident memory from the first tenth to the end: {growth:.1f} % (at most 10).",
            f"{SESSIONS:,} sessions with a State of {STATE / 1000:g} KB: {found['weight']:.0f} MB over idle "
            f"(at most 250), {found['left']:.0f} MB of which are left when their time is over (at most {LEFT}).",
        ]
    )


def main() -> int:
    """Run, write, and fail where a bound is broken."""
    found = asyncio.run(soak())
    text = report(found)
    print(text)
    results.write_section("soak", "Soak: what stays behind", text)
    flat = found["late"]["memory"] <= 1.1 * found["early"]["memory"]
    back = found["end"]["threads"] <= found["start"]["threads"] + 1  # asyncio's own
    closed = found["end"]["files"] <= found["start"]["files"] + 3  # its wake-up sockets and selector
    return (
        0 if flat and back and closed and not found["wrong"] and found["weight"] <= 250 and found["left"] <= LEFT else 1
    )


if __name__ == "__main__":
    sys.exit(main())
