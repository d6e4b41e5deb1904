"""Many conversations at once: `python -m benchmarks.chat --sessions 100 --tokens 500 --rate 50 0 --write`.

Each session gets an answer of so many tokens in a Chatbot, at the pace of a model (so many in a second) or as fast as
they are taken (0), read as Gradio's clients read it. Beside it the same process sends the same words at the same pace
as plain server-sent events; what counts is how often its time a conversation takes, and Gradio's. Servers run on one
core, the reader, which only looks for the end of an answer, on another; what is compared comes in turns, and medians
are told. CPU is that of the server's process, which other work on the machine changes little.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import sys
import time
from collections import defaultdict
from collections.abc import Awaitable, Callable
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path
from statistics import median
from urllib.parse import urlsplit
from urllib.request import Request, urlopen

from benchmarks import results
from benchmarks.targets import GRADIO_4, GRADIO_6, LOAD_CORE, OURS, OURS_UVICORN, Server, serving

GOAL = 1.5

Runs = dict[str, list[tuple[float, float]]]
Once = Callable[[Server, int, int, float], Awaitable[None]]


async def read(url: str, end: bytes) -> bytes:
    """All that comes from an address until `end` is there, or nothing more comes; the last of it."""
    parts = urlsplit(url)
    reader, writer = await asyncio.open_connection(parts.hostname, parts.port)
    query = f"?{parts.query}" if parts.query else ""
    writer.write(
        f"GET {parts.path}{query} HTTP/1.1\r\nHost: {parts.netloc}\r\nAccept: text/event-stream\r\n\r\n".encode()
    )
    kept = b""
    while end not in kept and (more := await reader.read(1 << 16)):
        kept = kept[-len(end) :] + more
    writer.close()
    return kept


async def talk(server: Server, number: int, tokens: int, rate: float) -> None:
    """One conversation: asks, and reads the answer to its end."""
    session, api = f"chat{time.monotonic_ns()}-{number}", f"{server.base}{server.target.prefix}"
    body = json.dumps({"data": ["Hi", tokens, rate], "fn_index": 0, "session_hash": session}).encode()
    asked = Request(f"{api}/queue/join", body, {"Content-Type": "application/json"})
    await asyncio.get_running_loop().run_in_executor(None, lambda: urlopen(asked, timeout=300).read())
    last = await read(f"{api}/queue/data?session_hash={session}", b'"process_completed"')
    if b'"process_completed"' not in last:
        raise RuntimeError(f"The answer did not end: {last[-300:]!r}")


async def listen(server: Server, number: int, tokens: int, rate: float) -> None:
    """One stream of plain events."""
    end = f"word{tokens - 1} ".encode()
    if end not in await read(f"{server.base}/raw?tokens={tokens}&rate={rate}", end):
        raise RuntimeError("The plain events did not end.")


def measured(server: Server, once: Once, sessions: int, tokens: int, rate: float) -> tuple[float, float]:
    """Seconds, and the server's CPU seconds, of so many at the same moment."""

    async def everybody() -> None:
        await asyncio.gather(*(once(server, number, tokens, rate) for number in range(sessions)))

    cpu, start = server.cpu, time.perf_counter()
    asyncio.run(everybody())
    return time.perf_counter() - start, server.cpu - cpu


def rounds(servers: list[Server], count: int, sessions: int, tokens: int, rate: float) -> Runs:
    """Everything in turns; the first round is not counted."""
    found: Runs = defaultdict(list)
    for number in range(count + 1):
        for server in servers:
            for name, once in (("conversation", talk), ("plain events", listen)):
                if once is listen and server.target.module == "gradio":
                    continue
                run = measured(server, once, sessions, tokens, rate)
                print(f"{server.target.name}, {name}: {run[0]:.2f} s, CPU {run[1]:.2f} s", file=sys.stderr, flush=True)
                if number:
                    found[f"{server.target.name}, {name}"].append(run)
    return found


def table(found: Runs, sessions: int, tokens: int, rate: float) -> str:
    """What was measured, with how often the time of the plain events it is."""
    pace = f"{rate:g} a second in each" if rate else "as fast as they are taken"
    lines = [
        f"{sessions} sessions with {tokens} tokens each, {pace}, read as Gradio's clients read them,",
        "beside the same words as plain server-sent events of the same process; medians,",
        f"with a load of {os.getloadavg()[0]:.0f} on the machine.",
        "",
        "| | seconds | of plain events | CPU seconds | of plain events |",
        "|---|---:|---:|---:|---:|",
    ]
    for name, runs in found.items():
        seconds, cpu = (median(each) for each in zip(*runs, strict=True))
        plain = found.get(name.replace(", conversation", ", plain events"), found["ours, Uvicorn, plain events"])
        plain_seconds, plain_cpu = (median(each) for each in zip(*plain, strict=True))
        ratios = f"{seconds / plain_seconds:.2f} | {cpu:.2f} | {cpu / plain_cpu:.1f}"
        lines.append(f"| {name} | {seconds:.2f} | {ratios} |")
    return "\n".join(lines)


def main() -> None:
    """Prints a table."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--sessions", type=int, default=100)
    options.add_argument("--tokens", type=int, default=500)
    options.add_argument("--rate", type=float, nargs="+", default=[50.0], help="tokens in a second; 0 for all at once")
    options.add_argument("--rounds", type=int, default=3)
    options.add_argument("--ours", action="store_true", help="leave Gradio out")
    options.add_argument("--gradio", type=Path, nargs=2, help="interpreters of Gradio 4.36 and 6.31")
    options.add_argument("--write", action="store_true", help="write it into RESULTS.md, too")
    given = options.parse_args()
    os.sched_setaffinity(0, {LOAD_CORE})
    theirs = [GRADIO_4, GRADIO_6]
    if given.gradio:
        theirs = [replace(target, python=python) for target, python in zip(theirs, given.gradio, strict=True)]
    tables = []
    with ExitStack() as stack:
        compared = (OURS, OURS_UVICORN, *(() if given.ours else theirs))
        servers = [stack.enter_context(serving(each, "chat")) for each in compared]
        for rate in given.rate:
            found = rounds(servers, given.rounds, given.sessions, given.tokens, rate)
            tables.append(table(found, given.sessions, given.tokens, rate))
            print(tables[-1], flush=True)
    goal = f"Goal: a conversation of ours at a model's pace takes at most {GOAL} times as long as plain events."
    if given.write:
        results.write_section("chat", "Many conversations", "\n\n".join((*tables, goal)))


if __name__ == "__main__":
    main()
