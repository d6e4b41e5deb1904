"""The measures. Each gives {target name: {figure: [one value per round]}}; rounds are interleaved over the targets."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections import defaultdict
from collections.abc import Sequence
from contextlib import ExitStack
from typing import Any

from benchmarks.targets import LOAD_CORE, ROOT, SERVER_CORE, Server, Target, environment, serving

Figures = dict[str, dict[str, list[float]]]

_IMPORT = "import time; t=time.perf_counter(); import {module}; print(time.perf_counter()-t)"


def _figures() -> Figures:
    return defaultdict(lambda: defaultdict(list))


def import_time(targets: Sequence[Target], rounds: int) -> Figures:
    """Seconds of `import blocks_app` or `import gradio` in a fresh interpreter, byte code written before."""
    found = _figures()
    for number in range(rounds + 1):
        for target in targets:
            command = [
                "taskset",
                "-c",
                str(SERVER_CORE),
                str(target.python),
                "-c",
                _IMPORT.format(module=target.module),
            ]
            ran = subprocess.run(command, cwd=ROOT, env=environment(), capture_output=True, text=True, check=True)
            if number:
                found[target.name]["import, s"].append(float(ran.stdout.split()[-1]))
    return found


def first_page(targets: Sequence[Target], rounds: int) -> Figures:
    """Seconds from the start of the process to the first page, and megabytes some seconds later."""
    found = _figures()
    for number in range(rounds + 1):
        for target in targets:
            with serving(target, "hello") as server:
                if number:
                    found[target.name]["start to first page, s"].append(server.seconds)
                    time.sleep(3)
                    found[target.name]["idle memory, MB"].append(server.memory)
    return found


def page(targets: Sequence[Target], rounds: int) -> Figures:
    """Kilobytes of the hello page in Chromium, and milliseconds until its button has answered, with an empty cache."""
    found = _figures()
    for name, values in _opened("hello", targets, rounds).items():
        figures = found[name]
        figures["hello page, kB"].append(values["kB"])
        figures["hello page, requests"].append(values["requests"])
        figures["of it JavaScript, kB"].append(values["js_kB"])
        figures["until the button answers, ms"].append(values["first_result"])
        figures["a later click, ms"].append(values["click"])
    return found


def kitchen(targets: Sequence[Target], rounds: int) -> Figures:
    """The same of a page with every component, whose first tab is the hello page."""
    found = _figures()
    for name, values in _opened("kitchen", targets, rounds).items():
        figures = found[name]
        figures["kitchen page, kB"].append(values["kB"])
        figures["kitchen page, requests"].append(values["requests"])
        figures["until its first tab answers, ms"].append(values["first_result"])
    return found


def _opened(app: str, targets: Sequence[Target], rounds: int) -> dict[str, Any]:
    """What Chromium saw of an app of each target, by its name."""
    with ExitStack() as stack:
        servers = [stack.enter_context(serving(target, app)) for target in targets]
        arguments = [f"{server.target.name}={server.base}/" for server in servers]
        ran = _run([sys.executable, "-m", "benchmarks.page", str(rounds), *arguments])
    seen: dict[str, Any] = json.loads(ran.stdout)
    return seen


#: What `benchmarks.media` does, and how tables call it.
_JOBS = {
    "pictures": "ten pictures in and out",
    "sound in": "a minute of sound in",
    "sound out": "a minute of sound out",
}


def media(targets: Sequence[Target], rounds: int) -> Figures:
    """Seconds, CPU time and most memory of ten pictures in and out, and of a minute of sound in, and out.

    Each in a process of its own that has done it once before, so that everything is loaded.
    """
    found = _figures()
    for _ in range(rounds):
        for target in targets:
            for job, name in _JOBS.items():
                with serving(target, "media") as server:
                    arguments = [server.base, target.prefix, str(server.process.pid), job]
                    ran = _run(["taskset", "-c", str(LOAD_CORE), sys.executable, "-m", "benchmarks.media", *arguments])
                result: dict[str, float] = json.loads(ran.stdout.splitlines()[-1])
                figures = found[target.name]
                figures[f"{name}, s"].append(result["seconds"])
                figures[f"{name}, CPU s"].append(result["cpu"])
                figures[f"{name}, MB"].append(result["memory"])
    return found


def load(targets: Sequence[Target], rounds: int, seconds: float, sessions: Sequence[int] = (1, 32, 200)) -> Figures:
    """Events per second and latency of a queued echo, yields per second of a generator, 1,000 sessions at once."""
    found = _figures()
    with ExitStack() as stack:
        servers = [stack.enter_context(serving(target, "echo")) for target in targets]
        for server in servers:
            server.pause()
        for _ in range(rounds):
            for server in servers:
                server.resume()
                _load_one(server, found[server.target.name], seconds, sessions)
                server.pause()
    return found


def _load_one(server: Server, figures: dict[str, list[float]], seconds: float, sessions: Sequence[int]) -> None:
    for count in sessions:
        result = generate(server, "echo", count, seconds)
        figures[f"events/s, {count} sessions"].append(result["events_s"])
        figures[f"p50, {count} sessions, ms"].append(result["p50_ms"])
        figures[f"p99, {count} sessions, ms"].append(result["p99_ms"])
        figures[f"CPU per event, {count} sessions, ms"].append(_cpu(result, "events"))
        figures["lost or wrong"].append(result["lost"] + result["wrong"] + result["dup"] + result["http_errors"])
    result = generate(server, "gen", 32, seconds, "--arguments", "[100]", "--yields", "100")
    figures["yields/s, 32 sessions"].append(result["yields_s"])
    figures["CPU per yield, 32 sessions, µs"].append(1000 * _cpu(result, "yields"))
    figures["lost or wrong"].append(result["lost"] + result["wrong"] + result["bad_partials"])
    result = generate(server, "echo", 1000, 60, "--events", "1", "--timeout", "60")
    figures["1,000 joins at once, answered"].append(result["ok"])
    figures["1,000 joins at once, s"].append(result["seconds"])


def _cpu(result: dict[str, Any], per: str) -> float:
    return 1000 * float(result["server_cpu"]) * float(result["seconds"]) / max(1, result[per])


def generate(server: Server, api_name: str, sessions: int, seconds: float, *more: str) -> dict[str, Any]:
    """Run the load generator against a server; its JSON."""
    command = ["taskset", "-c", str(LOAD_CORE), sys.executable, "-m", "benchmarks.load", "--base", server.base]
    command += ["--prefix", server.target.prefix, "--api-name", api_name, "--sessions", str(sessions)]
    command += ["--duration", str(seconds), "--pid", str(server.process.pid), *more]
    ran = _run(command)
    result: dict[str, Any] = json.loads(ran.stdout.splitlines()[-1])
    return result


def _run(command: list[str]) -> subprocess.CompletedProcess[str]:
    paths = {"PYTHONPATH": f"{ROOT}:{ROOT / 'client'}"}
    ran = subprocess.run(command, cwd=ROOT, env={**os.environ, **paths}, capture_output=True, text=True, check=False)
    if ran.returncode:
        raise RuntimeError(f"{' '.join(command)} failed:\n{ran.stderr[-3000:]}")
    return ran


def backlog() -> dict[str, float]:
    """Microseconds per event while 10, 1,000 and 10,000 others wait, of our queue alone."""
    ran = _run([sys.executable, "-m", "benchmarks.queue_cost"])
    found = {}
    for line in ran.stdout.splitlines():
        if "waiting before" in line:
            name, _, rest = line.partition("before")
            found[f"{name}before".strip()] = float(rest.split()[0])
    return found
