"""Two Daphnes over one database file, and people who use them."""

from __future__ import annotations

import os
import re
import secrets
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from http.cookiejar import CookieJar
from pathlib import Path
from typing import Any
from urllib.parse import urlencode
from urllib.request import HTTPCookieProcessor, OpenerDirector, Request, build_opener

import pytest
from websockets.sync.client import ClientConnection, connect

from tests.house.sources import ROOT
from tests.security.live import frames_until

PATIENCE = 60
PASSWORD = "lovelace-1815"
PEOPLE = """
from django.contrib.auth.models import User
for name in %r: User.objects.create_user(name, password=%r)
User.objects.create_superuser("root", password=%r)
"""


class Site:
    """The site: `processes` are the origins of those that serve it."""

    def __init__(self, environment: dict[str, str], processes: list[str], fixed: Path) -> None:
        self.environment = environment
        self.processes = processes
        self.fixed = fixed

    def manage(self, *arguments: str) -> str:
        """Run a management command in a process of its own."""
        return manage(self.environment, *arguments)


class Person:
    """Somebody with a browser: one cookie jar per host, and so one for all processes."""

    def __init__(self, site: Site, name: str, until_end: ExitStack) -> None:
        self.site = site
        self.until_end = until_end
        self.name = name
        self.session = ""  # of the last socket
        self.jar = CookieJar()
        self.opener: OpenerDirector = build_opener(HTTPCookieProcessor(self.jar))

    def log_in(self, process: int) -> Person:
        """With the app's own page; members of the staff with the admin's."""
        address = "admin/login/" if self.name == "root" else "app/login"
        self.get(process, address)
        self.post(process, address, username=self.name, password=PASSWORD, next="/app/")
        assert "sessionid" in self.cookies
        return self

    @property
    def cookies(self) -> dict[str, str]:
        return {cookie.name: cookie.value or "" for cookie in self.jar}

    def get(self, process: int, path: str) -> str:
        with self.opener.open(f"{self.site.processes[process]}/{path}", timeout=PATIENCE) as answer:
            return str(answer.read().decode())

    def post(self, process: int, path: str, /, **fields: str) -> str:
        origin = self.site.processes[process]
        token = self.cookies.get("csrftoken", "")
        sent = urlencode({"csrfmiddlewaretoken": token, **fields}).encode()
        request = Request(f"{origin}/{path}", sent, {"Origin": origin, "Referer": f"{origin}/{path}"})
        with self.opener.open(request, timeout=PATIENCE) as answer:
            return str(answer.read().decode())

    def socket(self, process: int) -> ClientConnection:
        """The page's socket to one process, welcomed; closed after the test."""
        origin: Any = self.site.processes[process]
        self.session = session = secrets.token_hex(8)
        asked = connect(
            f"{origin.replace('http', 'ws')}/app/queue/ws?session_hash={session}&after=0",
            origin=origin,
            open_timeout=PATIENCE,
            additional_headers={"Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items())},
        )
        opened: ClientConnection = self.until_end.enter_context(asked)
        frames_until(opened, "welcome")
        return opened


def manage(environment: dict[str, str], *arguments: str) -> str:
    """Run a management command; what it says."""
    command = [sys.executable, "manage.py", *arguments]
    done = subprocess.run(
        command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=PATIENCE, check=False
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


@contextmanager
def serving(place: Path, **more: str) -> Iterator[Site]:
    """A site with two processes; `more` is for their environment."""
    environment = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "tests.processes.settings",
        "DJANGO_SQLITE": str(place / "db.sqlite3"),
        "GRADIO_TEMP_DIR": str(place / "files"),
        "MENDED": str(place / "mended"),
        "PYTHONUNBUFFERED": "1",
        **more,
    }
    manage(environment, "migrate", "--verbosity", "0")
    manage(
        environment, "shell", "-v", "0", "-c", PEOPLE % (["ann", "bob", "cid", "dan", "eve", "joe"], PASSWORD, PASSWORD)
    )
    command = [sys.executable, "-m", "daphne", "-p", "0", "project.asgi:application"]
    servers = [
        subprocess.Popen(
            command, cwd=ROOT, env=environment, stderr=subprocess.PIPE, stdout=subprocess.DEVNULL, text=True
        )
        for _ in range(2)
    ]
    try:
        yield Site(environment, [_origin(server) for server in servers], place / "mended")
    finally:
        for server in servers:
            server.terminate()
        for server in servers:
            _end(server)


@pytest.fixture(scope="package")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """The site with two processes."""
    with serving(tmp_path_factory.mktemp("site")) as served:
        yield served


@pytest.fixture
def person(site: Site) -> Iterator[Callable[[str], Person]]:
    """Makes somebody by name."""
    with ExitStack() as until_end:
        yield lambda name: Person(site, name, until_end)


def _end(server: subprocess.Popen[str]) -> None:
    """Wait for the end; a test that failed may have left a function running for which the server waits."""
    try:
        server.communicate(timeout=15)
    except subprocess.TimeoutExpired:
        server.kill()
        server.communicate()


def _origin(server: subprocess.Popen[str]) -> str:
    """Read the server's log until it tells its port."""
    assert server.stderr is not None
    seen = []
    for line in server.stderr:
        seen.append(line)
        if found := re.search(r"Listening on TCP address 127\.0\.0\.1:(\d+)", line):
            return f"http://127.0.0.1:{found[1]}"
    raise AssertionError("The server did not start:\n" + "".join(seen))
