"""The lines in the README make a fresh project serve the page, word for word."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.house.sources import ROOT
from tests.launch.programs import serving
from tests.ports import free_ports


def blocks() -> list[str]:
    """The README's pieces of Python."""
    return re.findall(r"^```python\n(.*?)^```$", (ROOT / "README.md").read_text(), re.DOTALL | re.MULTILINE)


@pytest.fixture
def address(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """Where the fresh project is served."""
    for name in ("DJANGO_SETTINGS_MODULE", "BLOCKS_EVENT_LOG", "BLOCKS_MESSAGE_BUS", "BLOCKS_FILE_ROWS"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("PYTHONPATH", str(ROOT))

    def run(*command: str) -> str:
        done = subprocess.run([sys.executable, *command], cwd=tmp_path, capture_output=True, text=True, timeout=60)
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout + done.stderr

    run("-m", "django", "startproject", "myproject", ".")
    page, *pieces = blocks()
    assert page.rstrip().endswith("demo.launch()") and len(pieces) == 3
    (tmp_path / "myproject" / "page.py").write_text(page.rstrip().removesuffix("demo.launch()"))
    for piece in pieces:
        named = re.match(r"# (myproject/\w+\.py)", piece)
        assert named is not None, piece
        with (tmp_path / named[1]).open("a") as file:
            file.write(f"\n{piece}")
    assert "no issues" in run("manage.py", "check")
    run("manage.py", "migrate", "-v", "0")
    (port,) = free_ports(1)
    command = [sys.executable, "manage.py", "runserver", "--noreload", str(port)]
    os.chdir(tmp_path)
    try:
        with serving(command, port, tmp_path / "log"):
            yield f"http://127.0.0.1:{port}/chat/"
    finally:
        os.chdir(ROOT)


def test_a_fresh_project_serves_the_page_and_an_event(address: str) -> None:
    with urllib.request.urlopen(address, timeout=20) as answer:
        assert answer.status == 200 and "gradio_config" in answer.read().decode()
    head = {"Content-Type": "application/json"}
    start = urllib.request.Request(f"{address}gradio_api/call/greet", b'{"data": ["Ada"]}', head)
    with urllib.request.urlopen(start, timeout=20) as answer:
        event = json.load(answer)["event_id"]
    with urllib.request.urlopen(f"{address}gradio_api/call/greet/{event}", timeout=20) as answer:
        assert "Welcome, Ada!" in answer.read().decode()
