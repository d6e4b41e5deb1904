"""Processes that a test starts by name, kills, freezes and starts again."""

from __future__ import annotations

import json
import os
import select
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

from tests.house.sources import ROOT

PATIENCE = 60.0


class Process:
    """One that runs: also a fork of another process, for which only that one could wait."""

    def __init__(self, pid: int) -> None:
        self.pid = pid
        try:
            self._handle: int | None = os.pidfd_open(pid)
        except ProcessLookupError:
            self._handle = None

    def signal(self, number: int) -> None:
        """Send a signal, unless it has ended."""
        if not self.has_ended(0):
            assert self._handle is not None
            signal.pidfd_send_signal(self._handle, number)

    def has_ended(self, seconds: float = PATIENCE) -> bool:
        """Wait so long for its end."""
        if self._handle is not None and select.select([self._handle], [], [], seconds)[0]:
            os.close(self._handle)
            self._handle = None
        return self._handle is None

    def cpu(self) -> float:
        """Seconds of CPU that it and those it has waited for have taken."""
        fields = Path(f"/proc/{self.pid}/stat").read_text().rpartition(")")[2].split()
        return sum(map(int, fields[11:15])) / os.sysconf("SC_CLK_TCK")


class Processes:
    """Those of one site, each with a name and a log, started by a fork server of their own."""

    def __init__(self, folder: Path, environment: Mapping[str, str]) -> None:
        self.folder = folder
        self.environment = {**os.environ, **environment, "PYTHONPATH": str(ROOT)}
        self.running: dict[str, Process] = {}
        self._begun: dict[str, int] = {}  # how long its log was
        self._lock = threading.Lock()
        self._errors = folder / "fork_server.log"
        with self._errors.open("ab") as errors:
            self._server = subprocess.Popen(
                [sys.executable, "-m", "tests.scale.fork_server"],
                env=self.environment, cwd=ROOT, text=True, bufsize=1,
                stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=errors,
            )  # fmt: skip

    def start(self, name: str, command: Sequence[str], environment: Mapping[str, str] | None = None) -> Process:
        """Run a program; its output goes on in its log."""
        assert name not in self.running or self.running[name].has_ended(0), f"{name} runs already"
        asked = {"command": command, "log": str(self.log(name)), "environment": dict(environment or {})}
        file = self.log(name)
        self._begun[name] = file.stat().st_size if file.exists() else 0
        with self._lock:
            assert self._server.stdin is not None
            self._server.stdin.write(json.dumps(asked) + "\n")
            started = self.running[name] = Process(int(self._said()))
        return started

    def until_ready(self) -> None:
        """Wait until everything is imported."""
        with self._lock:
            assert self._said() == "ready", self._errors.read_text()

    def log(self, name: str) -> Path:
        """The file with what a process has said."""
        return self.folder / f"{name}.log"

    def wait(self, name: str, condition: object, what: str = "is ready") -> None:
        """Wait until `condition()` is true, as long as the process runs."""
        assert callable(condition)
        until, process = time.monotonic() + PATIENCE, self.running[name]
        while not condition():
            assert not process.has_ended(0) and time.monotonic() < until, f"not {what}: {name}\n{self.said(name)}"
            time.sleep(0.02)  # another program: nothing here to wait on

    def said(self, name: str) -> str:
        """What a process has said since it was started."""
        file = self.log(name)
        return file.read_bytes()[self._begun[name] :].decode(errors="replace") if file.exists() else ""

    def close(self) -> None:
        """End all of them: first those that are asked, then the others."""
        for each in self.running.values():
            each.signal(signal.SIGCONT)
            each.signal(signal.SIGTERM)
        for each in self.running.values():
            if not each.has_ended(20):
                each.signal(signal.SIGKILL)
                assert each.has_ended()
        self._server.communicate()

    def _said(self) -> str:
        assert self._server.stdout is not None
        line = self._server.stdout.readline().strip()
        assert line, self._errors.read_text()
        return line
