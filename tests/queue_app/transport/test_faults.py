"""What a site says when Redis or the database is away, at every endpoint; and that all goes on when it is back."""

from __future__ import annotations

import json
import os
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.databases.postgres import cluster
from tests.launch.programs import program, serving
from tests.ports import free_ports

SITE = "tests.queue_app.transport.fault_site"


class Site:
    """A served site, its Redis and its database."""

    def __init__(self, port: int, redis: subprocess.Popen[bytes], database: Path, again: Callable[[], Any]) -> None:
        self.redis, self.database, self.again = redis, database, again
        self.url = f"http://127.0.0.1:{port}/"
        self.ann = self.root = dict[str, str]()

    def login(self, app: str, name: str) -> dict[str, str]:
        """The cookies of somebody who is logged in."""
        answer = httpx.post(f"{self.url}{app}/login", data={"username": name, "password": "secret"})
        assert answer.status_code == 200, answer.text
        return dict(answer.cookies)

    def run(self, app: str, name: str, *data: Any, **cookies: str) -> tuple[int, Any]:
        """Call a function: the status, and its values or its error."""
        body = {"data": list(data), "session_hash": "tab" if app == "open" else None}
        answer = httpx.post(f"{self.url}{app}/run/{name}", json=body, cookies=cookies, timeout=30)
        parsed = answer.json()
        return answer.status_code, parsed.get("data") or parsed.get("error") or parsed["detail"]

    def ask(self, path: str, cookies: dict[str, str] | None = None) -> httpx.Response:
        return httpx.get(f"{self.url}{path}", cookies=cookies, timeout=30)

    def problems(self) -> tuple[int, list[str]]:
        """What `ready` says."""
        token = {"Authorization": "Bearer monitor-the-faults"}
        answer = httpx.get(f"{self.url}blocks/ready", headers=token, timeout=30)
        return answer.status_code, answer.json().get("problems", [])


@contextmanager
def served(folder: Path, database: dict[str, Any]) -> Iterator[Site]:
    """The site on a database, with a Redis of its own."""
    port, redis_port = free_ports(2)
    redis = [program("redis-server"), "--port", str(redis_port), "--bind", "127.0.0.1", "--save", ""]
    with ExitStack() as stack, pytest.MonkeyPatch.context() as patch:
        patch.delenv("DJANGO_SETTINGS_MODULE", raising=False)
        for name in ("BLOCKS_EVENT_LOG", "BLOCKS_MESSAGE_BUS", "BLOCKS_FILE_ROWS"):
            patch.delenv(name, raising=False)
        patch.setenv("FAULT_DATABASE", json.dumps(database))
        patch.setenv("FAULT_REDIS", f"redis://127.0.0.1:{redis_port}")
        patch.setenv("GRADIO_TEMP_DIR", str(folder / "files"))
        subprocess.run([sys.executable, "-m", SITE], check=True, env=os.environ.copy(), timeout=60)

        def start() -> subprocess.Popen[bytes]:
            return stack.enter_context(serving(redis, redis_port, folder / "redis.log"))

        first = start()
        command = [sys.executable, "-m", "daphne", "-v", "0", "-p", str(port), f"{SITE}:application"]
        stack.enter_context(serving(command, port, folder / "server.log"))
        yield Site(port, first, folder / "db.sqlite3", start)


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    folder = tmp_path_factory.mktemp("faults")
    name = str(folder / "db.sqlite3")
    settings = {"ENGINE": "django.db.backends.sqlite3", "NAME": name, "OPTIONS": {"timeout": 0.3}}
    with served(folder, settings) as made:
        yield made


@contextmanager
def frozen(site: Site) -> Iterator[None]:
    """Redis takes connections and answers nothing."""
    os.kill(site.redis.pid, signal.SIGSTOP)
    try:
        yield
    finally:
        os.kill(site.redis.pid, signal.SIGCONT)


@contextmanager
def gone(site: Site) -> Iterator[None]:
    """Redis has died."""
    site.redis.kill()
    site.redis.wait()
    try:
        yield
    finally:
        site.redis = site.again()


@contextmanager
def locked(site: Site) -> Iterator[None]:
    """Somebody holds the database."""
    with sqlite3.connect(site.database, isolation_level=None) as other:
        other.execute("BEGIN EXCLUSIVE")
        try:
            yield
        finally:
            other.execute("ROLLBACK")
    other.close()


@contextmanager
def removed(site: Site) -> Iterator[None]:
    """The database cannot be opened."""
    away = site.database.with_suffix(".away")
    site.database.rename(away)
    site.database.mkdir()
    try:
        yield
    finally:
        site.database.rmdir()
        away.rename(site.database)


CACHE = "The site's cache does not answer. Try again in a moment."
DATABASE = "The site's database does not answer. Try again in a moment."


def until(works: Callable[[], bool]) -> None:
    """Wait until it is so again."""
    deadline = time.monotonic() + 20
    while not works():
        assert time.monotonic() < deadline
        time.sleep(0.1)


@pytest.mark.parametrize("fault", [frozen, gone])
def test_without_redis_events_that_need_no_state_go_on(site: Site, fault: Any) -> None:
    until(lambda: site.run("open", "count", None)[0] == 200)
    with fault(site):
        status, parsed = site.run("open", "count", None)
        assert (status, parsed) == (500, "What this page remembers cannot be read at the moment: "
                                       "the site's cache does not answer. Try again.")  # fmt: skip
        begun = time.monotonic()
        with ThreadPoolExecutor(20) as pool:
            answers = list(pool.map(lambda _: site.run("open", "echo", "a"), range(40)))
        assert answers == [(200, ["<a>"])] * 40
        assert time.monotonic() - begun < 20
        assert site.ask("open/").status_code == 200
        status, problems = site.problems()
        assert (status, problems[0]) == (503, f"The cache 'default' does not work: {CACHE}")
    until(lambda: site.run("open", "count", None)[0] == 200)
    until(lambda: site.problems() == (200, []))


@pytest.mark.parametrize("fault", [frozen, gone])
def test_without_redis_nobody_is_logged_out(site: Site, fault: Any) -> None:
    site.ann = site.login("private", "ann")
    with fault(site):
        endpoints = ["private/config", "private/", "private/queue/data?session_hash=a", "private/file=x/y"]
        with ThreadPoolExecutor(8) as pool:
            answers = list(pool.map(lambda endpoint: site.ask(endpoint, site.ann), endpoints * 4))
        assert {(each.status_code, each.json()["detail"]) for each in answers} == {(503, CACHE)}
        assert answers[0].headers["retry-after"] == "5"
        status, parsed = site.run("private", "echo", "a", **site.ann)
        assert (status, parsed) == (503, CACHE)
    if fault is frozen:
        until(lambda: site.run("private", "echo", "a", **site.ann) == (200, ["<a>"]))


def away(site: Site) -> None:
    """Each endpoint says that the database is away, and what needs none goes on."""
    answers = [
        site.ask("users/config", site.root),
        site.ask("users/queue/data?session_hash=a", site.root),
        site.ask("admin/queue_app/", site.root),
        httpx.post(f"{site.url}users/login", data={"username": "root", "password": "secret"}),
        httpx.post(f"{site.url}open/upload", files={"files": ("a.txt", b"a")}),
    ]
    assert [(each.status_code, each.json()["detail"]) for each in answers] == [(503, DATABASE)] * len(answers)
    assert site.run("users", "echo", "a", **site.root) == (503, DATABASE)
    assert site.run("open", "echo", "a") == (200, ["<a>"])
    assert site.run("open", "count", None)[0] == 200
    assert site.run("open", "make") == (500, DATABASE)
    status, problems = site.problems()
    assert status == 503 and "The database does not answer." in problems


def back(site: Site) -> None:
    """All is as before."""
    until(lambda: site.run("users", "echo", "a", **site.root) == (200, ["<a>"]))
    until(lambda: site.run("open", "make")[0] == 200)
    until(lambda: site.problems() == (200, []))


@pytest.mark.parametrize("fault", [locked, removed])
def test_without_a_database_each_endpoint_says_so(site: Site, fault: Any) -> None:
    site.root = site.login("users", "root")
    until(lambda: site.ask("users/config", site.root).status_code == 200)
    with fault(site):
        away(site)
    back(site)


def test_a_database_that_is_started_anew_is_found_again(tmp_path: Path) -> None:
    with cluster() as postgres:
        settings = {**postgres.settings(postgres.create()), "CONN_MAX_AGE": 600}
        with served(tmp_path, settings) as site:
            site.root = site.login("users", "root")
            back(site)
            postgres.stop()
            away(site)
            postgres.start()
            back(site)
