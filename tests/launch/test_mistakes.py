"""Mistakes in a call of launch(): what was meant, where it belongs, and what the page makes of it."""

from __future__ import annotations

import socket
import subprocess
import sys
import warnings
from pathlib import Path
from typing import Any

import pytest

import blocks_app as gr
from queue_app.server import notebook

from .conftest import config, fetch, hello
from .test_script import ENVIRONMENT


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ("sahre", "Did you mean 'share'?"),
        ("server_prot", "Did you mean 'server_port'?"),
        ("footer_links", "There is no such thing here"),
        ("ssr_mode", "Pages are drawn in the browser"),
        ("title", "Say it in gr.Blocks(title=…)."),
        ("max_size", "Say it in demo.queue(max_size=…)."),
    ],
)
def test_an_argument_that_there_is_not_says_what_was_meant_or_where_it_belongs(given: str, told: str) -> None:
    with pytest.raises(TypeError) as refused:
        hello().launch(prevent_thread_lock=True, **{given: True})  # type: ignore[call-arg]
    assert told in str(refused.value)


def test_the_look_may_be_said_in_launch_as_in_gradio_6(launched: Any, tmp_path: Path) -> None:
    (tmp_path / "more.css").write_text("b {color: blue}")
    (tmp_path / "more.html").write_text("<meta name='more'>")
    look = {"css": "a {color: red}", "css_paths": tmp_path / "more.css", "js": "() => 1", "theme": "soft"}
    demo = hello()
    url = launched(demo, head="<meta name='first'>", head_paths=[str(tmp_path / "more.html")], **look)[1]
    page = fetch(url)[2].decode()
    assert "name='first'" in page and "name='more'" in page
    told = config(url)
    assert told["theme"] == "soft" and told["js"] == "() => 1" and "red" in told["css"] and "blue" in told["css"]


def test_a_theme_that_there_is_not_is_told_at_the_launch(launched: Any) -> None:
    with pytest.warns(UserWarning, match="There is no theme 'sofft'. Did you mean 'soft'?"):
        launched(theme="sofft")


def test_a_busy_port_is_one_sentence_below_the_users_own_line(tmp_path: Path) -> None:
    source = "import blocks_app as gr\nwith gr.Blocks() as demo:\n    gr.Textbox()\ndemo.launch(server_port=PORT)\n"
    with socket.socket() as busy:
        busy.bind(("127.0.0.1", 0))
        busy.listen()
        port = busy.getsockname()[1]
        (tmp_path / "app.py").write_text(source.replace("PORT", str(port)))
        done = subprocess.run(
            [sys.executable, "app.py"], cwd=tmp_path, env=ENVIRONMENT, text=True, capture_output=True, timeout=120
        )
    *above, sentence = done.stderr.strip().splitlines()
    assert f"as {port} is in use; the next free one is " in sentence and "in _bind" not in done.stderr
    assert above[1].endswith("line 4, in <module>")


def test_the_second_launch_in_a_notebook_shows_its_frame_too(launched: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    shown: list[tuple[Any, ...]] = []
    monkeypatch.setattr(notebook, "shows", lambda inline: inline is not False)
    monkeypatch.setattr(notebook, "show", lambda *frame: shown.append(frame))
    demo = hello()
    url = launched(demo)[1]
    demo.launch(prevent_thread_lock=True, height=99)
    demo.launch(prevent_thread_lock=True, inline=False)
    assert shown == [(url, "100%", 500), (url, "100%", 99)]


def test_warnings_are_told_while_an_app_is_served(launched: Any) -> None:
    launched()
    with warnings.catch_warnings():
        warnings.simplefilter("always")
        assert "twisted" not in str(getattr(warnings.showwarning, "__module__", ""))
        with pytest.warns(UserWarning, match="is not in the list"), gr.Blocks():
            gr.Dropdown(["a"], value="z")
