"""T38: no answer tells where something lies on the server."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Callable
from pathlib import Path

import pytest

import blocks_app as gr
from tests.house.sources import ROOT
from tests.security.live import Live

ADDRESSES = [
    "", "config", "info", "info?all_endpoints=true", "?view=api", "theme.css", "manifest.json", "robots.txt", "user",
    "token", "login_check", "app_id", "startup-events", "queue/status", "nothing", "file=x/y", "file=/etc/passwd",
    "static/x", "assets/x", "app/x", "upload_progress?upload_id=a", "queue/data?session_hash=a", "proxy=http://x",
]  # fmt: skip


@pytest.fixture
def live(serve: Callable[..., Live], tmp_path: Path) -> Live:
    (tmp_path / "mine.txt").write_text("mine")
    with gr.Blocks() as demo:
        one, many, picture = gr.File(str(tmp_path / "mine.txt")), gr.File(file_count="multiple"), gr.Image()
        text = gr.Textbox()
        gr.Button().click(lambda *values: values[0], [one, many, picture], one, api_name="files")
        gr.Button().click(lambda value: str(tmp_path / "none.txt"), text, one, api_name="missing")
        gr.Button().click(lambda value: "/etc/passwd", text, one, api_name="forbidden")
    return serve(demo)


def places(tmp_path: Path) -> list[str]:
    return [str(ROOT), str(tmp_path), tempfile.gettempdir(), str(Path.home())]


@pytest.mark.parametrize("address", ADDRESSES)
def test_no_address_tells_a_path(live: Live, tmp_path: Path, address: str) -> None:
    answer = live.ask(address)
    assert not [place for place in places(tmp_path) if place.encode() in answer.body], answer.body[:2000]


@pytest.mark.parametrize("name", ["missing", "forbidden", "files"])
def test_no_event_tells_a_path(live: Live, tmp_path: Path, name: str) -> None:
    for data in (["x"], [{"path": "/etc/passwd"}, [{"path": "/etc/hosts"}], None]):
        answer = live.run(name, *data)
        assert not [place for place in places(tmp_path) if place.encode() in answer.body], answer.body


def test_a_sample_that_the_page_tells_may_be_sent(live: Live) -> None:
    parameters = live.ask("info").json["named_endpoints"]["/files"]["parameters"]
    sample = json.loads(json.dumps(parameters[2]["example_input"]))
    assert live.ask(f"file={sample['path']}").status == 200
    assert live.run("files", None, None, sample).status == 200
