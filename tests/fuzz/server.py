"""Starts the fuzzed app in a process of its own and watches it: what it logs and how much memory it has."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path
from urllib.parse import urlencode
from urllib.request import Request, urlopen

from tests.fuzz.served import LOGIN

#: Mistakes of callers, which the log tells as well.
_EXPECTED = ("blocks_app.exceptions.CallError", "blocks_app.exceptions.Error")
ROOT = Path(__file__).resolve().parents[2]


class Server:
    """The app as a process. Use it in a `with` block."""

    def __init__(self, folder: Path) -> None:
        self.log = folder / "server.log"
        env = {**os.environ, "GRADIO_TEMP_DIR": str(folder / "files"), "PYTHONPATH": str(ROOT), "BLOCKS_EVENT_LOG": "0"}
        env.pop("DJANGO_SETTINGS_MODULE", None)
        with self.log.open("w") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "tests.fuzz.served"],
                cwd=folder, env=env, stdout=subprocess.PIPE, stderr=log, text=True,
            )  # fmt: skip
        assert self.process.stdout is not None
        addresses = [self.process.stdout.readline().strip() for _ in range(2)]
        assert all(addresses), self.log.read_text()
        self.port, self.private_port = (int(each.rstrip("/").rpartition(":")[2]) for each in addresses)
        self.cookie = self._log_in(addresses[1])

    def __enter__(self) -> Server:
        return self

    def __exit__(self, *_: object) -> None:
        self.process.terminate()
        self.process.wait(20)
        assert self.process.stdout is not None
        self.process.stdout.close()

    def _log_in(self, address: str) -> bytes:
        """The cookie of somebody who may use the private app."""
        form = urlencode(dict(zip(("username", "password"), LOGIN))).encode()
        with urlopen(Request(f"{address}login", form), timeout=60) as answer:
            return str(answer.headers["Set-Cookie"]).partition(";")[0].encode()

    @property
    def memory(self) -> int:
        """Resident bytes of the process."""
        pages = int(Path(f"/proc/{self.process.pid}/statm").read_text().split()[1])
        return pages * os.sysconf("SC_PAGE_SIZE")

    @property
    def complaints(self) -> list[str]:
        """Lines of the log that tell of a mistake of ours."""
        marks = ("request.failed", "Internal Server Error", "task.failed", "Exception in", "Unhandled")
        lines = self.log.read_text().splitlines()
        return [line for line in lines if any(mark in line for mark in marks) or _tells_a_mistake(line)]


def _tells_a_mistake(line: str) -> bool:
    """Whether it is the last line of a trace that is not about a caller's mistake."""
    return bool(re.match(r"[\w.]+(Error|Exception|Warning)(:|$)", line)) and not line.startswith(_EXPECTED)
