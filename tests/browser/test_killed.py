"""A server that is killed while it takes an event: the page tells that it is lost, and nobody runs it again."""

from __future__ import annotations

import os
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import ROOT, Complaints, wait_for
from tests.browser.test_ways_in import BLOCKED
from tests.ports import free_port

SERVER = """
    import os, sys
    import blocks_app as gr
    def begin(text):  # before the event is accepted, which is when the page knows least
        with open(sys.argv[2], "a") as begun:
            begun.write("x")
        if os.path.getsize(sys.argv[2]) == 1:
            os._exit(9)
        return gr.validate(True, "")
    with gr.Blocks() as demo:
        out = gr.Textbox(label="Out")
        gr.Button("Run").click(lambda text: "done", out, out, validator=begin)
    demo.launch(server_port=int(sys.argv[1]), quiet=True)
"""


@pytest.mark.parametrize("network", ["socket", "polling"])
def test_what_a_killed_server_may_have_begun_is_told_as_lost_and_begun_once(
    page: Page, tmp_path: Path, complaints: Complaints, network: str
) -> None:
    port, log, begun, file = free_port(), tmp_path / "log", tmp_path / "begun", tmp_path / "killed_app.py"
    file.write_text(textwrap.dedent(SERVER))
    env = {key: value for key, value in os.environ.items() if key != "DJANGO_SETTINGS_MODULE"} | {
        "PYTHONPATH": str(ROOT)
    }
    if network == "polling":
        page.add_init_script(BLOCKED)

    def serve() -> subprocess.Popen[bytes]:
        with log.open("a") as log_file:
            server = subprocess.Popen(
                [sys.executable, file, str(port), begun], env=env, stdout=log_file, stderr=log_file
            )
        wait_for(f"http://127.0.0.1:{port}/", server, log)
        return server

    first = serve()
    page.goto(f"http://127.0.0.1:{port}/")
    page.get_by_role("button", name="Run").click()
    first.wait(30)
    second = serve()
    try:
        toast = expect(page.get_by_test_id("toast-text"))
        toast.to_have_text("The server was restarted while this was running. Run it again.", timeout=30_000)
        assert begun.read_text() == "x"
        page.get_by_role("button", name="Run").click()
        expect(page.get_by_label("Out")).to_have_value("done", timeout=30_000)
        assert begun.read_text() == "xx"
    finally:
        second.kill()
        second.wait(30)
    page.close()
    complaints.clear()
