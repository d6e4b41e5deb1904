"""Small apps that launch() serves inside the test's own process."""

from __future__ import annotations

import json
import os
import ssl
import subprocess
from collections.abc import Callable, Iterator
from email.message import Message
from pathlib import Path
from typing import Any
from urllib.error import HTTPError
from urllib.request import Request, urlopen

import pytest
from playwright.sync_api import Browser, Page

import blocks_app as gr
from tests.house.sources import ROOT

CACHE = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "blocks-interop"


def hello(**options: Any) -> gr.Blocks:
    """An app that greets; `options` are those of Blocks."""
    with gr.Blocks(**options) as demo:
        name, greeting = gr.Textbox(label="Name"), gr.Textbox(label="Greeting")
        gr.Button("Run").click(lambda name: f"Hello {name}!", name, greeting, api_name="greet")
    return demo


@pytest.fixture(params=["daphne", "uvicorn"])
def each_server(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    """The test is run with each of the servers that launch() knows."""
    monkeypatch.setenv("BLOCKS_SERVER", request.param)
    return str(request.param)


@pytest.fixture
def launched(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[..., Any]]:
    """Launch apps that are closed when the test ends: `launched(demo, root_path="/x")` gives what launch() gave."""
    for name in [name for name in os.environ if name.startswith("GRADIO_")]:
        monkeypatch.delenv(name)
    open_apps: list[gr.Blocks] = []

    def start(demo: gr.Blocks | None = None, **options: Any) -> Any:
        demo = demo if demo is not None else hello()
        open_apps.append(demo)
        return demo.launch(**{"prevent_thread_lock": True, "quiet": True, **options})

    yield start
    for demo in open_apps:
        demo.close(verbose=False)


@pytest.fixture(scope="session")
def clients() -> Path:
    """The folder with the official clients; `make` makes only what is missing or was changed."""
    command = ["make", "--no-print-directory", "-f", "tests/interop/setup.mk", "interop-setup"]
    made = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert made.returncode == 0, made.stderr
    return CACHE


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """A page that takes self-signed certificates; fails its test when it logged an error."""
    context = browser.new_context(ignore_https_errors=True)
    context.set_default_timeout(30_000)
    made, errors = context.new_page(), list[str]()
    made.on("console", lambda line: errors.append(line.text) if line.type == "error" else None)
    made.on("pageerror", lambda error: errors.append(str(error)))
    yield made
    context.close()
    assert not errors, errors


def fetch(url: str, **headers: str) -> tuple[int, Message, bytes]:
    """Status, headers and body of a GET, whatever the status; certificates are not verified."""
    trusting = ssl._create_unverified_context() if url.startswith("https") else None
    try:
        with urlopen(Request(url, headers=headers), timeout=10, context=trusting) as response:
            return response.status, response.headers, response.read()
    except HTTPError as error:
        with error:
            return error.code, error.headers, error.read()


def config(url: str, **headers: str) -> dict[str, Any]:
    """The config of the app at `url`."""
    status, _, body = fetch(f"{url}config", **headers)
    assert status == 200, body
    found: dict[str, Any] = json.loads(body)
    return found


def call(url: str, *data: Any) -> Any:
    """What the endpoint `greet` answers."""
    body = json.dumps({"data": data}).encode()
    request = Request(f"{url}gradio_api/run/greet", data=body, headers={"Content-Type": "application/json"})
    with urlopen(request, timeout=10) as response:
        return json.load(response)["data"]
