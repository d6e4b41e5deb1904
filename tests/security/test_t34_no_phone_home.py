"""T34: no binary is fetched, no program started, nobody told anything: an app runs with every way out blocked."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from tests.security.sources import ROOT, calls, imported
from tests.security.test_t07_no_fetch import AUTHORS

#: Starts programs or loads code that is not Python's own way of importing.
STARTERS = ("os.system", "os.popen", "os.exec", "os.spawn", "os.posix_spawn", "subprocess.", "pty.", "ctypes.", "eval",
            "exec",
            "compile", "__import__", "asyncio.create_subprocess")  # fmt: skip

SCRIPT = """
import socket
real = socket.socket.connect
def connect(self, address, *more):
    if self.family == socket.AF_UNIX or address[0] in ("127.0.0.1", "::1", "localhost"):
        return real(self, address, *more)
    raise SystemExit(f"it wanted to reach {address}")
def look_up(host, *more, **options):
    if host in (None, "", "127.0.0.1", "localhost", "::1", "0.0.0.0", b"127.0.0.1"):
        return found(host, *more, **options)
    raise SystemExit(f"it wanted to know where {host} is")
found, socket.getaddrinfo = socket.getaddrinfo, look_up
socket.socket.connect = connect

import json, urllib.request
import blocks_app as gr
with gr.Blocks(analytics_enabled=True) as demo:
    text, picture = gr.Textbox(), gr.Image()
    gr.Button().click(lambda value: value, text, text, api_name="echo")
url = demo.launch(prevent_thread_lock=True, quiet=True).local_url
assert urllib.request.urlopen(url).status == 200
body = json.dumps({"data": ["x"]}).encode()
asked = urllib.request.Request(url + "run/echo", body, {"Content-Type": "application/json"})
print(json.load(urllib.request.urlopen(asked))["data"])
demo.close(verbose=False)
"""


def test_an_app_runs_with_every_way_out_blocked(tmp_path: Path) -> None:
    env = {**os.environ, "PYTHONPATH": str(ROOT), "GRADIO_TEMP_DIR": str(tmp_path), "GRADIO_ANALYTICS_ENABLED": "True"}
    env.pop("DJANGO_SETTINGS_MODULE", None)
    ran = subprocess.run(
        [sys.executable, "-c", SCRIPT], cwd=tmp_path, env=env, capture_output=True, text=True, timeout=120
    )
    assert (ran.returncode, ran.stdout.strip()) == (0, "['x']"), ran.stderr


def test_no_program_is_started() -> None:
    found = [
        f"{file}: {name}"
        for file, name, _ in calls()
        if any(name == each or (each.endswith(".") and name.startswith(each)) for each in STARTERS)
        or name.startswith(("os.exec", "os.spawn", "os.posix_spawn", "asyncio.create_subprocess"))
    ]
    # Annotations in the sources of the app and our own, which are texts, become types when a function or component is
    # declared or the reference is written; the reloader starts the same program anew; the C library is asked to give
    # memory back; ffmpeg converts sound and film; a cell of a notebook is run by its author. No visitor writes any of
    # that.
    assert set(found) <= {
        "blocks_app/functions/annotations.py: eval", "blocks_app/tree/block.py: eval",
        "blocks_app/extras/notebooks.py: compile", "blocks_app/extras/notebooks.py: exec",
        "blocks_app/management/reference.py: eval", "blocks_app/media/ffmpeg.py: subprocess.run",
        "queue_app/server/autoreload.py: subprocess.Popen", "queue_app/sessions/malloc_trim.py: ctypes.CDLL",
    }  # fmt: skip


def test_nothing_is_downloaded() -> None:
    loaders = ("urllib.request", "requests", "httpx", "zipimport", "tarfile", "huggingface_hub")
    own = {file for file, _ in AUTHORS}
    assert not [(file, name) for file, name in imported() if name.startswith(loaders) and file not in own]
