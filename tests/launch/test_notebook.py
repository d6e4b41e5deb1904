"""Notebooks: the frame below the cell, in a real one and in one made of nothing."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from types import SimpleNamespace
from typing import Any

import nbformat
import pytest
from nbclient import NotebookClient
from playwright.sync_api import Page, expect

import blocks_app as gr
from queue_app.server import minimal_project, notebook
from queue_app.server.launch_options import LaunchArguments
from tests.house.sources import ROOT

DECLARE = """
import sys; sys.path.insert(0, PLACE)
import blocks_app as gr
with gr.Blocks() as demo:
    name, greeting = gr.Textbox(label="Name"), gr.Textbox(label="Greeting")
    gr.Button("Run").click(lambda name: f"Hello {name}!", name, greeting, api_name="greet")
demo.launch(width="80%", height=333)
"""
ASK = """
import json, urllib.request
page = urllib.request.urlopen(demo.local_url)
print(page.status, "http://localhost:*" in page.headers["Content-Security-Policy"])
body = json.dumps({"data": ["Ann"]}).encode()
asked = urllib.request.Request(
    demo.local_url + "gradio_api/run/greet", data=body, headers={"Content-Type": "application/json"}
)
print(json.load(urllib.request.urlopen(asked))["data"])
"""


MAGIC = """%%blocks --demo-name app
with gr.Blocks() as app:
    gr.Textbox(label="Name")
"""


@pytest.mark.usefixtures("each_server")
def test_a_real_notebook_shows_the_app_and_goes_on(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("DJANGO_SETTINGS_MODULE", raising=False)
    cells = [DECLARE.replace("PLACE", repr(str(ROOT))), ASK, "demo.launch(inline=False, quiet=True); demo.close()"]
    cells += ["%load_ext blocks_app", MAGIC]
    book = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(cell) for cell in cells])
    NotebookClient(book, timeout=120, kernel_name="python3").execute()
    shown, asked, closed, _, magic = (cell.outputs for cell in book.cells)
    html = next(output.data["text/html"] for output in shown if "data" in output)
    assert re.search(r'<iframe src="http://127.0.0.1:\d+/" width="80%" height="333"', html)
    assert text_of(shown).startswith("Running on local URL:  http://127.0.0.1:")
    assert text_of(asked) == "200 True\n['Hello Ann!']\n"
    assert text_of(closed).startswith("Closing server") and not any("data" in output for output in closed)
    assert "<iframe src" in next(output.data["text/html"] for output in magic if "data" in output)


class Shell:
    """As much of IPython's as a cell magic needs."""

    def __init__(self) -> None:
        self.user_ns: dict[str, Any] = {"gr": gr}
        self.events = SimpleNamespace(register=lambda name, hook: setattr(self, name, hook))
        self.transform_cell = str

    def register_magic_function(self, function: Any, magic_kind: str, magic_name: str) -> None:
        assert (magic_kind, magic_name) == ("cell", "blocks")
        self.run = function


@pytest.mark.usefixtures("each_server")
def test_a_cell_that_runs_again_keeps_its_address(monkeypatch: pytest.MonkeyPatch, shown: list[str]) -> None:
    shell: Any = Shell()
    gr.load_ipython_extension(shell)
    cell = "with gr.Blocks() as demo: gr.Textbox(label=%r)"
    addresses = []
    for name, label in (("first", "A"), ("second", "B"), ("first", "C")):
        shell.pre_run_cell(SimpleNamespace(cell_id=name))
        shell.run("", cell % label)
        addresses.append(shell.user_ns["demo"].local_url)
    try:
        assert addresses[0] == addresses[2] != addresses[1] and len(shown) == 3
    finally:
        gr.close_all(verbose=False)


@pytest.mark.parametrize("line", ["--demo-name app", "--shore"])
def test_what_a_magic_does_not_know_is_told_in_words(line: str) -> None:
    from IPython.core.error import UsageError

    shell: Any = Shell()
    gr.load_ipython_extension(shell)
    with pytest.raises(UsageError, match="demo-name"):
        shell.run(line, "demo = 1")


def text_of(outputs: Any) -> str:
    return "".join(output.text for output in outputs if output.output_type == "stream")


@pytest.fixture
def shown(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """An IPython with a kernel; gives the HTML that is displayed in it."""
    found: list[str] = []
    shell = SimpleNamespace(kernel=object())
    display = SimpleNamespace(HTML=str, display=found.append)
    monkeypatch.setitem(sys.modules, "IPython", SimpleNamespace(get_ipython=lambda: shell))  # type: ignore[arg-type]
    monkeypatch.setitem(sys.modules, "IPython.display", display)  # type: ignore[arg-type]
    return found


@pytest.mark.usefixtures("each_server")
def test_the_frame_has_the_given_size(launched: Any, shown: list[str]) -> None:
    _, url, _ = launched(prevent_thread_lock=False, height=300)  # a cell never blocks
    launched(width=640)
    assert f'<iframe src="{url}" width="100%" height="300"' in shown[0]
    assert ' width="640" height="500"' in shown[1] and "camera; microphone" in shown[1]


def test_inline_false_shows_nothing(launched: Any, shown: list[str]) -> None:
    launched(inline=False)
    assert shown == []


def test_inline_true_shows_the_app_in_ipython_without_a_kernel_too(
    launched: Any, shown: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    plain = SimpleNamespace(get_ipython=lambda: SimpleNamespace())
    monkeypatch.setitem(sys.modules, "IPython", plain)  # type: ignore[arg-type]
    launched()
    assert shown == []
    launched(inline=True)
    assert len(shown) == 1


def test_inline_true_in_plain_python_does_no_harm(launched: Any, capsys: pytest.CaptureFixture[str]) -> None:
    launched(inline=True)
    assert capsys.readouterr().out == ""


def test_what_is_given_cannot_leave_its_attribute() -> None:
    assert '"><script>' not in notebook.frame('http://x/"><script>', '"><script>', 1)


def test_hosted_notebooks_share_by_themselves(shown: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    assert not LaunchArguments().shared
    monkeypatch.setenv("KAGGLE_KERNEL_RUN_TYPE", "Interactive")
    assert LaunchArguments().shared and not LaunchArguments(share=False).shared


@pytest.mark.parametrize("where", ["KAGGLE_KERNEL_RUN_TYPE", "SM_CURRENT_INSTANCE_TYPE"])
def test_a_plain_script_there_does_not(where: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(where, "x")
    assert not LaunchArguments().shared


@pytest.mark.browser
@pytest.mark.usefixtures("each_server")
def test_a_browser_shows_the_frame_of_a_notebook_under_another_name(
    launched: Any, shown: list[str], page: Page, settings: Any
) -> None:
    settings.BLOCKS_CSP = minimal_project.minimal_settings()["BLOCKS_CSP"]  # as without a project, in a notebook
    settings.MIDDLEWARE = []
    launched()
    with serving_page(shown[0]) as port:
        page.goto(f"http://localhost:{port}/")
        frame = page.frame_locator("iframe")
        frame.get_by_label("Name").fill("Ann")
        frame.get_by_role("button", name="Run").click()
        expect(frame.get_by_label("Greeting")).to_have_value("Hello Ann!")


def test_other_sites_may_not_show_it(shown: list[str]) -> None:
    policy = minimal_project.minimal_settings()["BLOCKS_CSP"]
    ancestors = policy.partition("frame-ancestors ")[2].split()
    assert set(ancestors) == {"'self'", *notebook.ANCESTORS.split()} and "*" not in ancestors


@contextmanager
def serving_page(html: str) -> Iterator[int]:
    """A server of one page, as a notebook's; gives its port."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("Content-Type", "text/html")
            self.end_headers()
            self.wfile.write(html.encode())

        def log_message(self, *given: Any) -> None:
            """Be quiet."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = Thread(target=server.serve_forever)
        thread.start()
        yield server.server_port
        server.shutdown()
        thread.join()
