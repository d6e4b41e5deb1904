"""State in a database and in Redis, for real: two server processes share it, and it outlives SIGKILL."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.launch.programs import program, serving
from tests.ports import free_ports

SITE = "tests.queue_app.sessions.state_site"


class Server:
    """One process that serves the site; `call` speaks to it as a program with a session of its own."""

    def __init__(self, port: int, process: subprocess.Popen[bytes]) -> None:
        self.url = f"http://127.0.0.1:{port}"
        self.process = process

    def call(self, name: str, *data: Any, session: str = "tab") -> Any:
        body = {"data": list(data), "session_hash": session}
        answer = httpx.post(f"{self.url}/gradio_api/run/{name}", json=body, timeout=60)
        assert answer.status_code == 200, answer.text
        return answer.json()["data"]

    def kill(self) -> None:
        self.process.kill()
        self.process.wait(20)


@pytest.fixture(params=["database", "redis"])
def start(
    request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Callable[[], Server]]:
    """Starts one more server on the same cache."""
    with ExitStack() as stack:
        monkeypatch.delenv("DJANGO_SETTINGS_MODULE", raising=False)
        monkeypatch.setenv("STATE_DATABASE", str(tmp_path / "db.sqlite3"))
        if request.param == "redis":
            (port,) = free_ports(1)
            command = [program("redis-server"), "--port", str(port), "--bind", "127.0.0.1", "--save", ""]
            stack.enter_context(serving([*command, "--dir", str(tmp_path)], port, tmp_path / "redis.log"))
            cache = {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": f"redis://127.0.0.1:{port}"}
            monkeypatch.setenv("STATE_CACHE", json.dumps(cache))
        else:
            cache = {"BACKEND": "django.core.cache.backends.db.DatabaseCache", "LOCATION": "states"}
            monkeypatch.setenv("STATE_CACHE", json.dumps(cache))
            subprocess.run([sys.executable, "-m", SITE], check=True, env=os.environ.copy(), timeout=60)

        def run() -> Server:
            (port,) = free_ports(1)
            command = [sys.executable, "-m", "daphne", "-v", "0", "-p", str(port), f"{SITE}:application"]
            log = tmp_path / f"server{port}.log"
            return Server(port, stack.enter_context(serving(command, port, log)))

        yield run


def test_a_session_goes_on_in_another_process_and_after_sigkill(start: Callable[[], Server]) -> None:
    first, second = start(), start()
    assert [each.call("count")[1] for each in (first, second, first, second)] == ["1", "2", "3", "4"]
    first.call("offer")
    assert second.call("choose", "x") == ["chose x"]
    first.kill()
    second.kill()
    third = start()
    assert third.call("count")[1] == "5"
    assert third.call("choose", "y") == ["chose y"]
    assert third.call("count", session="another-tab")[1] == "1"
