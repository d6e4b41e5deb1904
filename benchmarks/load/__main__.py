"""python -m benchmarks.load --base URL --api-name echo --sessions 32 --duration 10: one line of JSON.

Counts: `ok`, `wrong` (another value than expected), `lost` (no end in time, or a stream that ended before), `dup`
(a second end, or a message of another event), `bad_partials`, `http_errors`.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import time
from typing import Any
from urllib.parse import urlsplit
from urllib.request import urlopen

from benchmarks.load.event import Endpoint, Session, Tally
from benchmarks.processes import processor_time

COUNTS = ("ok", "wrong", "lost", "dup", "http_errors", "bad_partials", "events", "messages", "yields")


def arguments() -> argparse.Namespace:
    """The options of the command line."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--base", required=True, help="the app's address")
    parser.add_argument("--prefix", default="", help="before the endpoints: /gradio_api since Gradio 5")
    parser.add_argument("--api-name", required=True)
    parser.add_argument("--sessions", type=int, default=1, help="how many at the same time")
    parser.add_argument("--duration", type=float, default=5, help="seconds")
    parser.add_argument("--events", type=int, default=0, help="after so many each session ends")
    parser.add_argument("--arguments", type=json.loads, default=[], help="a JSON list of further arguments")
    parser.add_argument("--yields", type=int, default=0, help="how many values a generator yields")
    parser.add_argument("--timeout", type=float, default=60, help="seconds after which an event counts as lost")
    parser.add_argument("--pid", type=int, required=True, help="the server's process, whose processor time counts")
    return parser.parse_args()


def endpoint_of(options: argparse.Namespace) -> Endpoint:
    """Look the function up in the app's config."""
    with urlopen(f"{options.base}/config") as response:
        dependencies = json.load(response)["dependencies"]
    for index, each in enumerate(dependencies):
        if each.get("api_name") == options.api_name:
            parts = urlsplit(options.base)
            given = tuple(options.arguments)
            prefix = parts.path.rstrip("/") + options.prefix
            found = each.get("id", index)
            return Endpoint(parts.hostname or "", parts.port or 80, prefix, found, given, options.yields)
    raise SystemExit(f"{options.base} has no endpoint {options.api_name!r}.")


async def run_session(endpoint: Endpoint, tally: Tally, options: argparse.Namespace, until: float) -> None:
    """Events one after the other until the time is over."""
    session, number = Session(endpoint, tally), 0
    while time.perf_counter() < until and (not options.events or number < options.events):
        number += 1
        try:
            await asyncio.wait_for(session.event(), options.timeout)
        except (OSError, asyncio.IncompleteReadError, ValueError, KeyError) as error:  # TimeoutError is an OSError
            tally.wrong("lost", repr(error))
            session.close()
            await asyncio.sleep(0.02)
    session.close()


async def measured(endpoint: Endpoint, options: argparse.Namespace) -> dict[str, Any]:
    """All sessions at the same time; what became of them, and what it has cost the server."""
    tally = Tally()
    server, own, began = processor_time(options.pid), time.process_time(), time.perf_counter()
    until = began + options.duration
    await asyncio.gather(*(run_session(endpoint, tally, options, until) for _ in range(options.sessions)))
    seconds = time.perf_counter() - began
    return {
        "seconds": seconds,
        "events_s": tally.counts["ok"] / seconds,
        "yields_s": tally.counts["yields"] / seconds,
        "p50_ms": percentile(tally.answered, 0.5),
        "p99_ms": percentile(tally.answered, 0.99),
        "server_cpu": (processor_time(options.pid) - server) / seconds,
        "generator_cpu": (time.process_time() - own) / seconds,
        **{name: tally.counts[name] for name in COUNTS},
        "errors": dict(tally.errors.most_common(5)),
    }


def percentile(seconds: list[float], share: float) -> float | None:
    """Milliseconds within which this share was answered."""
    ordered = sorted(seconds)
    return 1000 * ordered[round(share * (len(ordered) - 1))] if ordered else None


def main() -> None:
    """Measure, and print."""
    options = arguments()
    endpoint = endpoint_of(options)
    try:
        import uvloop
    except ImportError:
        loop_factory = None
    else:
        loop_factory = uvloop.new_event_loop
    with asyncio.Runner(loop_factory=loop_factory) as runner:
        print(json.dumps(runner.run(measured(endpoint, options))))


if __name__ == "__main__":
    main()
