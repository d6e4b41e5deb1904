"""Nothing is ever sent: no connection leaves the machine, no name is looked up, no program is started (T34)."""

from __future__ import annotations

from typing import Any

import pytest

from .conftest import config, hello
from .test_settings import printed_by

WATCH = """
import sys, threading

left = []

def watch(event, args):
    if event == "socket.connect" and args[1] and args[1][0] not in ("127.0.0.1", "::1"):
        left.append(f"{event} {args[1]}")
    if event == "socket.getaddrinfo" and args[0] not in ("127.0.0.1", "::1", "localhost", None):
        left.append(f"{event} {args[0]}")
    if event in ("subprocess.Popen", "os.system", "os.exec", "os.posix_spawn", "os.fork", "urllib.Request"):
        if not (event == "urllib.Request" and str(args[0]).startswith("http://127.0.0.1:")):
            left.append(f"{event} {args[0]}")

sys.addaudithook(watch)

with gr.Blocks(analytics_enabled=ENABLED) as demo:
    given, result = gr.Textbox(), gr.Textbox()
    gr.Button().click(lambda text: text * 2, given, result, api_name="double")

demo.launch(prevent_thread_lock=True, share=SHARE, quiet=False)
body = json.dumps({"data": ["ab"]}).encode()
asked = urllib.request.Request(f"{demo.local_url}gradio_api/run/double", body, {"Content-Type": "application/json"})
answer = json.load(urllib.request.urlopen(asked))["data"]
enabled = json.loads(ask("config")[2])["analytics_enabled"]
demo.integrate()
demo.close()
tell([answer, enabled, left, sorted(thread.name for thread in threading.enumerate() if "analytics" in thread.name)])
"""


@pytest.mark.parametrize("share", [False, True])
@pytest.mark.parametrize("enabled", [True, False])
def test_nothing_leaves_the_machine(enabled: bool, share: bool) -> None:
    script = WATCH.replace("ENABLED", str(enabled)).replace("SHARE", str(share))
    assert printed_by(script) == [["abab"], False, [], []]


@pytest.mark.parametrize(("text", "enabled"), [("True", True), ("true", False), ("1", False), ("False", False)])
def test_only_the_word_true_enables(monkeypatch: pytest.MonkeyPatch, launched: Any, text: str, enabled: bool) -> None:
    monkeypatch.setenv("GRADIO_ANALYTICS_ENABLED", text)
    demo, given = hello(), hello(analytics_enabled=not enabled)
    monkeypatch.delenv("GRADIO_ANALYTICS_ENABLED")
    assert (demo.analytics_enabled, given.analytics_enabled) == (enabled, not enabled)
    assert config(launched(demo)[1])["analytics_enabled"] is False  # which is true of every app


def test_the_watch_itself_sees_what_leaves() -> None:
    script = (
        WATCH.replace("ENABLED", "False")
        .replace("SHARE", "False")
        .replace("demo.integrate()", "import subprocess; subprocess.run(['true'])")
    )
    assert any("subprocess.Popen" in event for event in printed_by(script)[2])
