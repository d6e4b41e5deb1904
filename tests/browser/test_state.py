"""gr.State and changed options across reloads of the page, and across the end of the server.

`serve` comes before `page`, so that the page goes first: one that outlives its server complains.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

import blocks_app as gr
from tests.launch.programs import serving
from tests.ports import free_ports

SITE = "tests.queue_app.sessions.state_site"


def test_state_survives_a_reload_and_a_new_tab_starts_afresh(serve: Callable[..., str], page: Page) -> None:
    with gr.Blocks() as demo:
        seen, out = gr.State(0), gr.Textbox(label="Seen")
        gr.Button("Count").click(lambda seen: (seen + 1, str(seen + 1)), seen, [seen, out])
    url = serve(demo)
    for number in ("1", "2"):
        page.goto(url)
        page.get_by_role("button", name="Count").click()
        expect(page.get_by_label("Seen")).to_have_value(number)
    other = page.context.new_page()
    other.goto(url)
    other.get_by_role("button", name="Count").click()
    expect(other.get_by_label("Seen")).to_have_value("1")


@pytest.mark.parametrize("queue", [True, False])
def test_after_a_reload_what_updates_have_changed_is_shown_and_taken(
    page: Page, serve: Callable[..., str], queue: bool
) -> None:
    with gr.Blocks() as demo:
        pick, out = gr.Radio(["a", "b"], label="Pick"), gr.Textbox(label="Out")
        gr.Button("Offer").click(lambda: gr.Radio(choices=["x", "y"]), None, pick, queue=queue)
        pick.select(lambda value: f"got {value}", pick, out, queue=queue)
    page.goto(serve(demo))
    page.get_by_role("button", name="Offer").click()
    page.get_by_label("x", exact=True).check()
    expect(page.get_by_label("Out")).to_have_value("got x")
    page.reload()
    expect(page.get_by_label("x", exact=True)).to_be_checked()
    expect(page.get_by_label("Out")).to_have_value("got x")
    page.get_by_label("y", exact=True).check()
    expect(page.get_by_label("Out")).to_have_value("got y")


def test_state_survives_a_server_that_is_killed(page: Page, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("DJANGO_SETTINGS_MODULE", raising=False)
    monkeypatch.setenv("STATE_DATABASE", str(tmp_path / "db.sqlite3"))
    cache = {"BACKEND": "django.core.cache.backends.db.DatabaseCache", "LOCATION": "states"}
    monkeypatch.setenv("STATE_CACHE", json.dumps(cache))
    subprocess.run([sys.executable, "-m", SITE], check=True, env=os.environ.copy(), timeout=60)
    (port,) = free_ports(1)
    command = [sys.executable, "-m", "daphne", "-v", "0", "-p", str(port), f"{SITE}:application"]
    for number in ("1", "2"):
        with serving(command, port, tmp_path / "server.log") as server:
            page.goto(f"http://127.0.0.1:{port}/")
            page.get_by_role("button", name="Count").click()
            expect(page.get_by_label("Count")).to_have_value(number)
            page.goto("about:blank")
            server.kill()
            server.wait(20)
