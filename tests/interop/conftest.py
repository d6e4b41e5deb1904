"""The official clients, installed once into the user's cache folder, and a server for them in a process of its own."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.error import URLError
from urllib.request import urlopen

import pytest

from tests.ports import free_port

HERE = Path(__file__).parent
ROOT = HERE.parent.parent
CACHE = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "blocks-interop"
OFFLINE = {"HF_HUB_OFFLINE": "1", "HF_HUB_DISABLE_TELEMETRY": "1", "GRADIO_ANALYTICS_ENABLED": "False"}


@pytest.fixture(scope="session")
def clients() -> Path:
    """The folder with the clients; `make` makes only what is missing or was changed."""
    command = ["make", "--no-print-directory", "-f", "tests/interop/setup.mk", "interop-setup"]
    made = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert made.returncode == 0, made.stderr
    return CACHE


def _daphne(port: int) -> list[str]:
    endpoint = f"tcp:port={port}:interface=127.0.0.1:backlog=2048"
    return ["-m", "daphne", "-v", "0", "-e", endpoint, "tests.interop.site:application"]


def _uvicorn(port: int) -> list[str]:
    return ["-m", "uvicorn", "--port", str(port), "--log-level", "warning", "tests.interop.site:application"]


@contextmanager
def _serve(arguments: Callable[[int], list[str]], log: Path) -> Iterator[str]:
    """Run a server on a free port until it is not needed any more; gives its address."""
    port = free_port()
    base = f"http://127.0.0.1:{port}"
    with log.open("wb") as out:
        process = subprocess.Popen([sys.executable, *arguments(port)], cwd=ROOT, stdout=out, stderr=subprocess.STDOUT)
        try:
            _wait_until_up(base, process, log)
            yield base
        finally:
            process.terminate()
            process.wait(15)


def _wait_until_up(base: str, process: subprocess.Popen[bytes], log: Path) -> None:
    limit = time.monotonic() + 30
    while process.poll() is None and time.monotonic() < limit:
        try:
            with urlopen(f"{base}/startup-events", timeout=2) as response:
                assert response.status == 200
                return
        except (URLError, OSError):
            time.sleep(0.05)  # another process: nothing here to wait on
    raise AssertionError(f"The server did not start:\n{log.read_text()}")


@pytest.fixture(scope="session")
def daphne(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of the apps under Daphne."""
    with _serve(_daphne, tmp_path_factory.mktemp("daphne") / "log") as base:
        yield base


@pytest.fixture(scope="session")
def uvicorn(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of the apps under Uvicorn."""
    with _serve(_uvicorn, tmp_path_factory.mktemp("uvicorn") / "log") as base:
        yield base


Run = Callable[..., dict[str, Any]]


@pytest.fixture(scope="session")
def outcomes(clients: Path, tmp_path_factory: pytest.TempPathFactory) -> Run:
    """Run scenarios of a client ("1.0.1", "2.7.2", "old", "new") against an address, all unless some are named; once
    per session."""
    folder = tmp_path_factory.mktemp("files")
    upload = folder / "up.txt"
    upload.write_text("hello\n")
    done: dict[tuple[str, str], dict[str, Any]] = {}

    def run(client: str, base: str, *scenarios: str) -> dict[str, Any]:
        if (client, base) not in done:
            done[client, base] = _run([*_command(clients, client, base, upload), *scenarios], folder)
        return done[client, base]

    return run


def _command(clients: Path, client: str, base: str, upload: Path) -> list[str]:
    if client in ("old", "new"):
        return ["node", str(HERE / "scripts/js_scenarios.mjs"), str(clients / "js"), client, base, str(upload)]
    python = clients / f"client-{client}/bin/python"
    return [str(python), str(HERE / "scripts/python_scenarios.py"), base, str(upload)]


def _run(command: list[str], folder: Path) -> dict[str, Any]:
    environment = {**os.environ, **OFFLINE, "TMPDIR": str(folder), "GRADIO_TEMP_DIR": str(folder / "downloads")}
    ran = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=240, check=False)
    lines = [line for line in ran.stdout.split("\n") if line.startswith("OUTCOMES ")]
    assert lines, ran.stdout + ran.stderr
    result: dict[str, Any] = json.loads(lines[-1].removeprefix("OUTCOMES "))
    return result
