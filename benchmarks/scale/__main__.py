"""python -m benchmarks.scale: what events cost on several processes; writes a section of benchmarks/RESULTS.md."""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from statistics import median
from typing import Any

from benchmarks import results
from benchmarks.scale import deaths
from benchmarks.scale.arrangement import Arrangement
from benchmarks.targets import ROOT

KINDS = ("web", "worker", "redis")
YIELDS = 1_000
SLEEP = 0.1
#: Threads of a worker whose growth is measured.
FEW = 4

Found = dict[str, Any]


def load(site: Arrangement, name: str, sessions: int, seconds: float, *more: str) -> Found:
    """Load one function of the site, and what an event has cost each kind of process, in ms."""
    before = [site.cpu(kind) for kind in KINDS]
    options = ["--base", site.proxy, "--prefix", "/gradio_api", "--api-name", name, "--pid", str(site.redis_pid)]
    many = ["--sessions", str(sessions), "--duration", str(seconds), "--timeout", "60"]
    found = _run(site, "benchmarks.load", *options, *many, *more)
    events = max(1, found["ok"])
    costs = [1000 * (site.cpu(kind) - was) / events for kind, was in zip(KINDS, before)]
    bad = sum(found[each] for each in ("wrong", "lost", "dup", "http_errors", "bad_partials"))
    found = {**found, **dict(zip(KINDS, costs)), "cost": sum(costs), "bad": bad}
    print(name, sessions, {key: found[key] for key in ("ok", "bad", "p50_ms", "p99_ms", "cost", *KINDS)}, flush=True)
    if found["errors"]:
        print(found["errors"], flush=True)
    return found


def _run(site: Arrangement, module: str, *options: str) -> Found:
    command = [sys.executable, "-m", module, *options]
    done = subprocess.run(command, cwd=ROOT, env=site.environment, stdout=subprocess.PIPE, check=True)
    return dict(json.loads(done.stdout))


def echoes(site: Arrangement, rounds: int, seconds: float) -> tuple[Found, Found, dict[int, Found]]:
    """Celery's own task and an echo of one session in turn; then echoes of several sessions. Medians of the rounds."""
    noops, ones = [], []
    for _ in range(rounds):
        noops.append(_noop(site, seconds))
        ones.append(load(site, "echo", 1, seconds))
    many = {sessions: load(site, "echo", sessions, seconds) for sessions in (8, 32)}
    ratio = median(one["p50_ms"] / noop["p50_ms"] for one, noop in zip(ones, noops))
    return _medians(noops), {**_medians(ones), "ratio": ratio}, many


def _noop(site: Arrangement, seconds: float) -> Found:
    before = site.cpu("noop", "redis")
    found = _run(site, "benchmarks.scale.noop", str(seconds))
    found["cost"] = found["client_ms"] + 1000 * (site.cpu("noop", "redis") - before) / found["calls"]
    print("noop", found, flush=True)
    return found


def _medians(rounds: Sequence[Found]) -> Found:
    numbers = [name for name, value in rounds[0].items() if isinstance(value, int | float)]
    return {name: median(each[name] for each in rounds) for name in numbers}


def growth(site: Arrangement, seconds: float) -> list[str]:
    """Events per second of a function that sleeps, by workers; and of echoes, by web processes."""
    lines = []
    for workers in (1, 2, 3):
        site.workers(workers, FEW)
        found = load(site, "slow", 4 * FEW * 3 // 2, seconds, "--arguments", f"[{SLEEP}]")
        lines.append(f"| a function that sleeps {SLEEP:g} s, {workers} worker(s) of {FEW} | {found['events_s']:.0f} |")
    site.workers(2)
    for web in (1, 2):
        site.web(web)
        load(site, "echo", 8, 1)
        found = load(site, "echo", 32, seconds)
        lines.append(f"| echoes of 32 sessions, {web} web process(es) | {found['events_s']:.0f} |")
    return lines


def measure(rounds: int, seconds: float) -> str:
    """All of it, as a text."""
    with tempfile.TemporaryDirectory() as folder, Arrangement(Path(folder)) as site:
        site.web(2)
        site.workers(2)
        site.noop()
        load(site, "echo", 4, 2)
        noop, one, many = echoes(site, rounds, seconds)
        stream = load(site, "gen", 8, seconds, "--arguments", f"[{YIELDS}]", "--yields", str(YIELDS))
        ten = load(site, "narrow", 10, seconds)
        thousand = load(site, "narrow", 1_000, 30, "--events", "2")
        told = asyncio.run(deaths.measured(site))
        grown = growth(site, seconds)
    costs = [("echo, one session", one), *((f"echo, {count} sessions", found) for count, found in many.items())]
    costs += [("ten sessions at a group of 4", ten), ("1,000 sessions at a group of 4", thousand)]
    machine = f"{os.cpu_count()} cores, load {os.getloadavg()[1]:.1f} during the run"
    return "\n".join(
        [
            "Two web processes (Uvicorn), two workers (threads), Redis with its append-only file and a proxy that goes "
            f"round, all of it and the load on one machine ({machine}).",
            "",
            "| | goal | measured | |",
            "|---|---:|---:|---|",
            _goal("CPU of web, workers and Redis per echo, 32 sessions, ms", 4, many[32]["cost"]),
            _goal("the same, one session, ms", 4, one["cost"]),
            _goal("p50 of an echo, in those of Celery's own task", 5, one["ratio"]),
            _goal("yields/s of a worker", 5_000, stream["yields_s"] / 2, least=True),
            _goal("an event's CPU among 1,000 that wait, in that among ten", 1, thousand["cost"] / ten["cost"]),
            "",
            "| | events/s | p50 ms | p99 ms | web ms | workers ms | Redis ms | together | wrong, lost or doubled |",
            "|---|---:|---:|---:|---:|---:|---:|---:|---:|",
            *(_row(name, found) for name, found in costs),
            "",
            f"Celery's own task costs {noop['cost']:.1f} ms in its caller, worker and Redis; p50 {noop['p50_ms']:.1f}, "
            f"p99 {noop['p99_ms']:.1f} ms.",
            "",
            "| until it is told, s | |",
            "|---|---:|",
            *(f"| {what} | {taken:.1f} |" for what, taken in told.items()),
            "",
            "| events/s | |",
            "|---|---:|",
            *grown,
        ]
    )


def _goal(what: str, goal: float, found: float, least: bool = False) -> str:
    met = found >= goal if least else found <= goal
    bound = f"{'at least' if least else 'at most'} {goal:,g}"
    return f"| {what} | {bound} | {_short(found)} | {'met' if met else '**missed**'} |"


def _row(name: str, found: Found) -> str:
    cells = [found[each] for each in ("events_s", "p50_ms", "p99_ms", *KINDS, "cost", "bad")]
    return f"| {name} | {' | '.join(map(_short, cells))} |"


def _short(value: float) -> str:
    return f"{value:,.0f}" if abs(value) >= 100 or value == int(value) else f"{value:.3g}"


def main() -> None:
    """Measure, print and write."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.scale", description=__doc__)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--seconds", type=float, default=5, help="of each load")
    options = parser.parse_args()
    text = measure(options.rounds, options.seconds)
    print(text)
    results.write_section("scale", "Several processes", text)


if __name__ == "__main__":
    main()
