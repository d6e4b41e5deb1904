"""launch() and runblocks as a user runs them: a file, a fresh process, no Django project."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest

from tests.house.sources import ROOT

from .conftest import call, fetch

SCRIPT = """
import blocks_app as gr

with gr.Blocks() as demo:
    name, greeting = gr.Textbox(label="Name"), gr.Textbox(label="Greeting")
    gr.Button("Run").click(lambda name: f"Hello {name}!", name, greeting, api_name="greet")

demo.launch(PLACE)
print("after launch", flush=True)
"""
PLAIN = {name: value for name, value in os.environ.items() if not name.startswith(("DJANGO_", "GRADIO_"))}
ENVIRONMENT = {**PLAIN, "PYTHONPATH": str(ROOT), "PYTHONUNBUFFERED": "1", "PYTHONFAULTHANDLER": "1"}


@contextmanager
def running(folder: Path, *arguments: str) -> Iterator[subprocess.Popen[str]]:
    process = subprocess.Popen(
        [sys.executable, *arguments],
        cwd=folder,
        env=ENVIRONMENT,
        text=True,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        start_new_session=True,
    )
    try:
        yield process
    finally:
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)  # the reloader's child too, which holds the pipe
        process.communicate()


def address(process: subprocess.Popen[str]) -> str:
    """What it tells; if it does not for long, all that it said, and where each of its threads stands."""
    assert process.stdout is not None
    said: list[str] = []
    late = threading.Timer(90, os.killpg, (process.pid, signal.SIGABRT))
    late.start()
    try:
        for line in process.stdout:
            said.append(line)
            if line.startswith("Running on local URL:"):
                return line.split()[-1] + "/"
    finally:
        late.cancel()
    raise AssertionError("the server never told its address:\n" + "".join(said))


@pytest.fixture
def script(tmp_path: Path) -> Path:
    path = tmp_path / "app.py"
    path.write_text(SCRIPT.replace("PLACE", ""))
    return path


@pytest.fixture(params=["daphne", "uvicorn"])
def each_server(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(ENVIRONMENT, "BLOCKS_SERVER", request.param)


@pytest.mark.usefixtures("each_server")
@pytest.mark.parametrize("signal_number", [signal.SIGINT, signal.SIGTERM])
def test_a_script_serves_until_it_is_told_to_end(script: Path, signal_number: signal.Signals) -> None:
    with running(script.parent, "app.py") as process:
        url = address(process)
        assert fetch(url)[0] == 200 and call(url, "Ann") == ["Hello Ann!"]
        process.send_signal(signal_number)
        rest, _ = process.communicate(timeout=10)
        assert process.returncode == 0
        assert rest.splitlines()[-1] == "after launch"


@pytest.mark.usefixtures("each_server")
def test_prevent_thread_lock_lets_the_script_end(script: Path) -> None:
    script.write_text(SCRIPT.replace("PLACE", "prevent_thread_lock=True"))
    with running(script.parent, "app.py") as process:
        out, _ = process.communicate(timeout=20)
        assert (process.returncode, out.splitlines()[-1]) == (0, "after launch")


@pytest.mark.usefixtures("each_server")
def test_runblocks_needs_no_project_and_follows_changes(script: Path) -> None:
    with running(script.parent, "-m", "queue_app", "app.py") as process:
        url = address(process)
        assert call(url, "Ann") == ["Hello Ann!"]
        script.write_text(script.read_text().replace("Hello", "Good evening"))
        assert call(address(process), "Ann") == ["Good evening Ann!"]


def test_runblocks_says_what_is_missing(script: Path) -> None:
    for arguments, words in ((["nope.py"], "no Python file"), (["app.py", "--app", "page"], "It has demo")):
        with running(script.parent, "-m", "queue_app", *arguments, "--no-reload") as process:
            out, _ = process.communicate(timeout=20)
            assert process.returncode == 1 and words in out
