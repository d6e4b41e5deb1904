"""Servers in processes of their own, visitors who have everything open, and what both say when the server ends."""

from __future__ import annotations

import json
import os
import re
import secrets
import shutil
import signal
import sqlite3
import subprocess
import sys
import threading
from contextlib import ExitStack, closing, suppress
from pathlib import Path
from typing import Any
from urllib.error import HTTPError
from urllib.request import Request, urlopen

from websockets.exceptions import ConnectionClosed
from websockets.sync.client import ClientConnection, connect

from tests.house.sources import ROOT
from tests.launch.programs import wait_for_port
from tests.ports import free_ports

PATIENCE = 60
#: Seconds that an end may take on a machine that does other things besides.
BOUND = 25
#: Whoever tries other versions of Python names them here; see `make pythons`.
PYTHON = os.environ.get("SERVER_PYTHON") or sys.executable
#: What no server may say when it ends.
UGLY = re.compile(
    "Fatal Python|Traceback|was destroyed|Exception ignored|never awaited|never retrieved|ResourceWarning"
)
ERROR = "Server is shutting down"

APPLICATION = "tests.shutdown.asgi:application"
SERVERS = {
    "daphne": ["-m", "daphne", "-p", "0", APPLICATION],
    "uvicorn": ["-m", "uvicorn", "--port", "0", APPLICATION],
    "gunicorn": ["-m", "gunicorn", "-b", "127.0.0.1:0", "-k", "uvicorn_worker.UvicornWorker", APPLICATION],
    "runserver": ["manage.py", "runserver", "--noreload"],
    "runblocks": ["manage.py", "runblocks", "--port", "0", "--no-reload"],
    "runblocks file": ["-m", "queue_app", "tests/shutdown/site.py", "--port", "0"],
    "launch": ["tests/shutdown/site.py"],
    "runblocks by uvicorn": ["manage.py", "runblocks", "--port", "0", "--no-reload"],
    "launch by uvicorn": ["tests/shutdown/site.py"],
}
#: A developer's, which gives no grace.
OTHERS = {"runserver reloading": ["manage.py", "runserver"]}
_ADDRESS = re.compile(
    r"(?:Listening on TCP address |Listening at: http://|running on http://|URL:  http://|server at http://)([\d.:]+)"
)
#: They have begun with their first value, not when their turn comes.
GENERATORS = ("count", "count_async", "tick")
KINDS = ("quick", "short", "never", "count", "count_async", "wait", "tick")


class Served:
    """One server. `output` is what it has printed so far."""

    def __init__(
        self, name: str, folder: Path, template: Path | None = None, *, file: Path | None = None, **environment: str
    ) -> None:
        """Start the server `name` with a copy of the database `template`; `file` takes the place of the site's."""
        folder.mkdir(parents=True, exist_ok=True)
        self.name, self.notes, self.database = name, folder / "notes", folder / "db.sqlite3"
        self.output = ""
        self.has_site = name.removesuffix(" by uvicorn") not in ("launch", "runblocks file")
        known = {key: value for key, value in os.environ.items() if not key.startswith(("DJANGO_", "GRADIO_"))}
        known |= {"PYTHONPATH": str(ROOT), "PYTHONUNBUFFERED": "1", "PYTHONFAULTHANDLER": "1"}
        known |= {"NOTES": str(self.notes), "GRADIO_TEMP_DIR": str(folder / "files")}
        known |= {"BLOCKS_SERVER": "uvicorn" if name.endswith(" by uvicorn") else "daphne"}
        if self.has_site:
            known |= {"DJANGO_SETTINGS_MODULE": "tests.shutdown.settings", "DJANGO_SQLITE": str(self.database)}
        if template is not None:
            shutil.copy(template, self.database)
        command = [str(file) if file and part.endswith("site.py") else part for part in {**SERVERS, **OTHERS}[name]]
        more = [f"127.0.0.1:{free_ports(1)[0]}"] if name.startswith("runserver") else []
        self.process = subprocess.Popen(
            [PYTHON, *command, *more],
            cwd=ROOT,
            env={**known, **environment},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
        )
        self._address = ""
        self._changed = threading.Condition()
        self._reading = threading.Thread(target=self._read, daemon=True)
        self._reading.start()

    def _read(self) -> None:
        assert self.process.stdout is not None
        for line in self.process.stdout:
            with self._changed:
                self.output += line
                if found := _ADDRESS.search(line):
                    self._address = f"http://{found[1]}" + ("/app" if self.has_site else "")
                self._changed.notify_all()

    def origin(self) -> str:
        """The address of the app; waits until the server has told it (again)."""
        with self._changed:
            assert self._changed.wait_for(lambda: self._address, PATIENCE), self.output
            found, self._address = self._address, ""
        wait_for_port(int(found.split(":")[2].partition("/")[0]), self.process, self.notes)  # runserver tells it early
        return found

    def until(self, text: str) -> None:
        """Wait until it has printed this."""
        with self._changed:
            assert self._changed.wait_for(lambda: text in self.output, PATIENCE), self.output

    def answer(self, text: str) -> None:
        """Type something."""
        assert self.process.stdin is not None
        self.process.stdin.write(text)
        self.process.stdin.flush()

    def send_signal(self, number: signal.Signals = signal.SIGTERM) -> None:
        """Send a signal."""
        self.process.send_signal(number)

    def code(self) -> int:
        """Its exit code; whoever does not end in time is killed, and the test fails."""
        try:
            found = self.process.wait(BOUND)
        finally:
            self.close()
        return found

    def close(self) -> None:
        """Kill it, if it is still there."""
        with suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)  # children too, which hold the pipe
        self.process.wait()
        self._reading.join(PATIENCE)
        for pipe in (self.process.stdin, self.process.stdout):
            if pipe is not None:
                pipe.close()

    def rows(self, query: str) -> list[tuple[Any, ...]]:
        """What the site's database holds."""
        with closing(sqlite3.connect(self.database)) as database:
            return database.execute(query).fetchall()


class Page:
    """An open page that has started events. `ends`: what each ended with; `code`: why its socket closed.

    As every page it acknowledges what it has read; a server sends no more than a window to one that does not.
    `functions` are names of the site's, or numbers; "waits" waits behind another of its function.
    """

    def __init__(self, origin: str, *functions: str | int) -> None:
        self.ends: dict[str | int, tuple[bool, Any]] = {}
        self.code = 0
        self._functions = {secrets.token_hex(8): function for function in functions}
        self._began: set[str | int] = set()
        self._changed = threading.Condition()
        self._until_end = ExitStack()
        host, _, _ = origin.partition("/app")
        address = f"{origin.replace('http', 'ws', 1)}/queue/ws?session_hash={secrets.token_hex(8)}&after=0"
        asked: Any = connect(address, origin=host, open_timeout=PATIENCE)  # type: ignore[arg-type]
        self.socket: ClientConnection = self._until_end.enter_context(asked)
        self._thread = threading.Thread(target=self._read, daemon=True)
        self._thread.start()
        for event_id, function in self._functions.items():
            self.submit(event_id, function)
        with self._changed:
            assert self._changed.wait_for(lambda: self._began >= set(functions) - {"waits"}, PATIENCE), self._began

    def submit(self, event_id: str, function: str | int) -> None:
        """Start an event."""
        number = KINDS.index("count" if function == "waits" else function) if isinstance(function, str) else function
        data = [] if number == KINDS.index("tick") else [function]
        frame = {"type": "submit", "event_id": event_id, "fn_index": number, "data": data}
        self.socket.send(json.dumps(frame))

    def until(self, function: str | int) -> None:
        """Wait until this event has ended."""
        with self._changed:
            assert self._changed.wait_for(lambda: function in self.ends, PATIENCE), self.ends

    def _read(self) -> None:
        try:
            while True:
                frame = json.loads(self.socket.recv(BOUND + PATIENCE))
                items = frame.get("items", ())
                with self._changed:
                    for _, message in items:
                        self._note(message)
                    self._changed.notify_all()
                if items:
                    with suppress(ConnectionClosed):  # what came before its end is still to be read
                        self.socket.send(json.dumps({"type": "ack", "number": items[-1][0]}))
        except ConnectionClosed as closed:
            self.code = closed.rcvd.code if closed.rcvd is not None else 1006
        finally:
            self._until_end.close()

    def _note(self, message: dict[str, Any]) -> None:
        function = self._functions[message["event_id"]]
        begins = "process_generating" if function in GENERATORS else "process_starts"
        if message["msg"] == begins:
            self._began.add(function)
        elif message["msg"] == "process_completed":
            self._began.add(function)
            output = message["output"]
            self.ends[function] = message["success"], output.get("data", output.get("error"))

    def closed(self) -> int:
        """The code with which the socket closed; waits for it."""
        self._thread.join(PATIENCE)
        return self.code


class Asked:
    """A request under way in a thread of its own: `answer()` waits for its status and body."""

    def __init__(self, address: str, body: Any = None) -> None:
        sent = None if body is None else json.dumps(body).encode()
        self._request = Request(address, sent, {"Content-Type": "application/json"})
        self._found: tuple[int, str] = (0, "")
        self._thread = threading.Thread(target=self._ask, daemon=True)
        self._thread.start()

    def _ask(self) -> None:
        try:
            with urlopen(self._request, timeout=BOUND + PATIENCE) as answer:
                self._found = answer.status, answer.read().decode()
        except HTTPError as error:
            with error:
                self._found = error.code, error.read().decode()
        except OSError as error:
            self._found = 0, repr(error)

    def answer(self) -> tuple[int, str]:
        """Status and body; 0 and what went wrong when there was none."""
        self._thread.join(PATIENCE)
        return self._found
