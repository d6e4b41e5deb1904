"""python -m benchmarks.client: our client and the newest gradio_client on the same server, in one run.

Writes its section of benchmarks/RESULTS.md. Gradio's client comes from the environment that `make interop-setup` makes;
ours runs under the same interpreter.
"""

from __future__ import annotations

import argparse
import json
import os
import socket
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from statistics import median
from urllib.error import URLError
from urllib.request import urlopen

from benchmarks import results

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent
CACHE = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "blocks-interop"
PYTHON = CACHE / "client-2.7.2/bin/python"
CLIENTS = ("blocks_client", "gradio_client")
MEASURES = ("importing", "construct", "calls", "threads", "yields", "upload", "download")
GOALS = {"import, ms": ("at most 1/5", 0.2), "calls/s": ("at least 2 times", 2.0)}

Figures = dict[str, dict[str, list[float]]]  # by figure, by client


def environment() -> dict[str, str]:
    """Both clients from the same place; byte code written as everywhere."""
    kept = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    return {**kept, "PYTHONPATH": f"{ROOT}:{ROOT / 'client'}", "HF_HUB_OFFLINE": "1"}


def probe(client: str, base: str, measure: str, folder: Path) -> dict[str, float]:
    """One measure in a process of its own."""
    command = [str(PYTHON), str(HERE / "client_probe.py"), client, base, measure, str(folder)]
    ran = subprocess.run(command, env=environment(), capture_output=True, text=True, timeout=600, check=False)
    lines = [line for line in ran.stdout.split("\n") if line.startswith("FOUND ")]
    if not lines:
        print(client, measure, "failed:", ran.stderr.strip().split("\n")[-1], flush=True)
        return {}
    found: dict[str, float] = json.loads(lines[-1].removeprefix("FOUND "))
    return found


def measure_all(base: str, folder: Path, rounds: int) -> Figures:
    """Every measure with both clients in turn; who is first changes, as the first download of a file costs a copy."""
    figures: Figures = {}
    for measure in MEASURES:
        for number in range(1 if measure == "upload" else rounds):
            for client in CLIENTS if number % 2 else CLIENTS[::-1]:
                for name, value in probe(client, base, measure, folder).items():
                    figures.setdefault(name, {}).setdefault(client, []).append(value)
                    print(f"{client:15} {name}: {value:.1f}", flush=True)
    return figures


def section(figures: Figures) -> str:
    """The section of RESULTS.md."""
    lines = [
        "`python -m benchmarks.client`: blocks_client and gradio_client 2.7.2 under the same interpreter against the "
        "same server of ours (Daphne), in turn; medians.",
        "",
        "| | blocks_client | gradio_client 2.7.2 | ratio | goal |",
        "| --- | --- | --- | --- | --- |",
    ]
    for name, found in figures.items():
        mine, theirs = (median(found[client]) if client in found else None for client in CLIENTS)
        ratio = f"{mine / theirs:.2f}" if mine is not None and theirs else "–"
        cells = [f"{value:.1f}" if value is not None else "failed" for value in (mine, theirs)]
        lines.append(f"| {name} | {' | '.join(cells)} | {ratio} | {_goal(name, mine, theirs)} |")
    return "\n".join(lines)


def _goal(name: str, mine: float | None, theirs: float | None) -> str:
    if name not in GOALS or not mine or not theirs:
        return ""
    text, limit = GOALS[name]
    is_met = mine / theirs <= limit if limit < 1 else mine / theirs >= limit
    return f"{text}: {'met' if is_met else 'missed'}"


def main() -> None:
    """Measure and write."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.client", description=__doc__)
    parser.add_argument("--rounds", type=int, default=3)
    options = parser.parse_args()
    with socket.socket() as probe_socket:
        probe_socket.bind(("127.0.0.1", 0))
        port = probe_socket.getsockname()[1]
    with tempfile.TemporaryDirectory(prefix="bench-client-") as name:
        folder = Path(name)
        command = [sys.executable, str(HERE / "client_app.py"), str(port), name]
        settings = {**environment(), "GRADIO_TEMP_DIR": str(folder / "served"), "TMPDIR": name}
        with (folder / "log").open("wb") as log:
            server = subprocess.Popen(command, cwd=folder, env=settings, stdout=log, stderr=log)
            try:
                _wait(f"http://127.0.0.1:{port}/config")
                with (folder / "1000.bin").open("wb") as out:
                    for _ in range(1000):
                        out.write(b"\x5a" * 1_000_000)
                measured = measure_all(f"http://127.0.0.1:{port}", folder, options.rounds)
                results.write_section("client", "The Python client", section(measured))
            finally:
                server.terminate()
                server.wait(20)


def _wait(url: str) -> None:
    limit = time.monotonic() + 60
    while time.monotonic() < limit:
        try:
            with urlopen(url, timeout=5):
                return
        except (URLError, OSError):
            time.sleep(0.1)  # another process: nothing here to wait on
    raise SystemExit(f"{url} did not answer")


if __name__ == "__main__":
    main()
