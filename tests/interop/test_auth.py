"""The official clients with `auth=(name, password)` against a launched app."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.interop.conftest import HERE, OFFLINE, ROOT, _run

pytestmark = pytest.mark.interop


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    """The app in a process of its own."""
    command = [sys.executable, "-m", "tests.interop.auth_site"]
    environment = {name: value for name, value in os.environ.items() if name != "DJANGO_SETTINGS_MODULE"}
    process = subprocess.Popen(
        command, cwd=ROOT, env=environment | OFFLINE, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert process.stdin is not None and process.stdout is not None
    try:
        yield process.stdout.readline().strip()
    finally:
        process.stdin.close()
        process.wait(15)
        process.stdout.close()


@pytest.fixture(scope="module")
def outcomes(clients: Path, address: str, tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], dict[str, Any]]:
    folder = tmp_path_factory.mktemp("auth")
    file = folder / "up.txt"
    file.write_text("hello")

    def run(client: str) -> dict[str, Any]:
        if client in ("old", "new"):
            command = ["node", str(HERE / "scripts/js_auth.mjs"), str(clients / "js"), client, address, str(file)]
        else:
            python = str(clients / f"client-{client}/bin/python")
            command = [python, str(HERE / "scripts/python_auth.py"), address, str(file)]
        return _run(command, folder)

    return run


@pytest.mark.parametrize("client", ["1.0.1", "2.7.2"])
def test_python(client: str, outcomes: Any, address: str) -> None:
    seen = outcomes(client)
    assert (seen["right"], seen["other"], seen["letters"]) == ("hi: ann", "hi: bob", ["a", "ab", "abc"])
    assert seen["file"] == "HELLO"
    assert seen["wrong"][0] == "ValueError" and "Could not login" in seen["wrong"][1]  # it logs in as plain httpx
    assert seen["missing"][0] == "AuthenticationError" and "credentials were not provided" in seen["missing"][1]


def test_javascript(outcomes: Any) -> None:
    seen = outcomes("new")
    assert (seen["right"], seen["letters"][:3]) == (["hi: ann"], ["a", "ab", "abc"])
    assert "Invalid credentials" in seen["wrong"] and seen["missing"] != "no error"
    assert "loud" in seen["file"]


def test_the_oldest_javascript_client_logs_in(outcomes: Any) -> None:
    """It sends no cookie with its event streams in Node, so it cannot wait in a queue anywhere; all else works."""
    seen = outcomes("old")
    assert "/who" in seen["connected"] and "Invalid credentials" in seen["wrong"]
