"""What a launched app loads before its first page, and what right after."""

from __future__ import annotations

import subprocess
import sys
import textwrap
from pathlib import Path

from .test_script import ENVIRONMENT

START = """
import base64, gc, os, socket, sys, urllib.request
import blocks_app as gr
from queue_app.server import lazy_startup as warming

WEBSOCKETS = "autobahn.twisted.websocket"
load, warming.warm_up = warming.warm_up, lambda: None  # not before the program says so
with gr.Blocks() as demo:
    gr.Textbox()
"""
LAUNCH = """
url = demo.launch(quiet=True, prevent_thread_lock=True).local_url
assert b"<html" in urllib.request.urlopen(url).read()
"""


def run(folder: Path, *parts: str) -> None:
    """Run a program in a fresh process; its own assertions are the test."""
    script = folder / "app.py"
    script.write_text("".join(textwrap.dedent(part) for part in parts))
    command = [sys.executable, str(script)]
    done = subprocess.run(command, env=ENVIRONMENT, capture_output=True, text=True, timeout=300, check=False)
    assert done.returncode == 0, done.stderr


def test_the_first_page_waits_for_no_websockets_and_no_collector(tmp_path: Path) -> None:
    run(
        tmp_path,
        START,
        LAUNCH,
        """
        assert WEBSOCKETS not in sys.modules and "queue_app.execution.memory_engine" not in sys.modules
        assert not gc.isenabled()
        load()
        warming._thread.join()
        assert WEBSOCKETS in sys.modules and "queue_app.execution.memory_engine" in sys.modules
        assert gc.isenabled()
        """,
    )


def test_the_first_answer_makes_the_rest_load(tmp_path: Path) -> None:
    run(
        tmp_path,
        START,
        """
        import threading
        from queue_app.server.daphne import embedded
        embedded._FIRST_PAGE = 3600  # not because time passes
        called = threading.Event()
        warming.warm_up = called.set
        """,
        LAUNCH,
        "assert called.wait(120)\n",
    )


def test_a_websocket_that_comes_first_is_served(tmp_path: Path) -> None:
    run(
        tmp_path,
        START,
        LAUNCH,
        """
        port = demo.server_port
        with socket.create_connection(("127.0.0.1", port)) as connection:
            key = base64.b64encode(os.urandom(16)).decode()
            lines = ("GET /gradio_api/queue/ws?session_hash=abcdefgh HTTP/1.1", f"Host: 127.0.0.1:{port}",
                "Upgrade: websocket", "Connection: Upgrade", f"Sec-WebSocket-Key: {key}", "Sec-WebSocket-Version: 13",
                f"Origin: http://127.0.0.1:{port}")
            connection.sendall("\\r\\n".join((*lines, "", "")).encode())
            answer = connection.recv(100)
        assert answer.startswith(b"HTTP/1.1 101 "), answer
        """,
    )


def test_the_collector_is_left_to_the_program(tmp_path: Path) -> None:
    run(tmp_path, START, "gc.disable()\n", LAUNCH, "load(); warming._thread.join(); assert not gc.isenabled()\n")
    run(
        tmp_path,
        START,
        """
        taken = socket.create_server(("127.0.0.1", 0))
        try:
            demo.launch(quiet=True, prevent_thread_lock=True, server_port=taken.getsockname()[1])
        except OSError:
            assert gc.isenabled()
        else:
            raise AssertionError("the port was taken")
        """,
    )
