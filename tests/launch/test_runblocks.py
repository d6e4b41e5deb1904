"""runblocks and `python -m queue_app`: what the file's own launch() says holds, and after a change of the file too."""

from __future__ import annotations

import json
import signal
import ssl
import urllib.error
import urllib.request
from pathlib import Path
from typing import Any

import pytest

from tests.ports import free_port

from .test_script import address, running

HEAD = """
import blocks_app as gr

with gr.Blocks(title="first") as demo:
    given, out = gr.Textbox(), gr.Textbox()
    gr.Button().click(lambda text: 1 / 0 if text == "fail" else text, given, out, api_name="greet")
"""
ENDS = {
    "queued": "demo.queue().launch(auth=[('ann', 'secret')])",
    "guarded": "if __name__ == '__main__':\n    demo.launch(auth=lambda name, word: word == 'secret')",
    "not waiting": "app, url, shared = demo.launch(auth=('ann', 'secret'), prevent_thread_lock=True)",
    "from within": "def main():\n    with gr.Blocks(title='inner') as page:\n        gr.Textbox()\n"
    "    page.launch(auth=('ann', 'secret'))\n\nmain()",
    "dependency": "demo.launch(auth_dependency=lambda request: request.headers.get('x-name'))",
    "in a thread": "import threading\n"
    "def serve(): demo.launch(auth=('ann', 'secret'), app_kwargs={'USE_TZ': False})\n"
    "threading.Thread(target=serve).start()",
    "by a Timer": "import threading\nthreading.Timer(0.3, demo.launch, kwargs={'auth': ('ann', 'secret')}).start()",
    "in a pool": "from concurrent.futures import ThreadPoolExecutor\n"
    "ThreadPoolExecutor(1).submit(lambda: demo.launch(auth=('ann', 'secret')))",
    "from asyncio": "import asyncio\nasync def main():\n"
    "    await asyncio.to_thread(demo.launch, auth=('ann', 'secret'))\nasyncio.run(main())",
    "exiting": "import sys\nsys.exit(demo.launch(auth=('ann', 'secret'), prevent_thread_lock=True) and 0)",
}


def status(url: str, **headers: str) -> int:
    request = urllib.request.Request(url, headers=headers)
    insecure = ssl._create_unverified_context()
    try:
        with urllib.request.urlopen(request, timeout=10, context=insecure) as answer:
            return int(answer.status)
    except urllib.error.HTTPError as error:
        return error.code


def post(url: str, data: Any) -> tuple[int, Any]:
    request = urllib.request.Request(url, json.dumps({"data": data}).encode(), {"Content-Type": "application/json"})
    try:
        with urllib.request.urlopen(request, timeout=10) as answer:
            return answer.status, json.load(answer)
    except urllib.error.HTTPError as error:
        return error.code, json.load(error)


def written(folder: Path, *parts: str) -> Path:
    path = folder / "app.py"
    path.write_text("\n".join(parts) + "\n")
    return path


NOT_LAUNCHED = {
    "import threading\nthreading.Thread(target=lambda: demo.launch(auht=('ann', 'secret'))).start()": "'auht'",
    "import threading\nthreading.Thread(target=lambda: demo.launch(auth=open('no'))).start()": "FileNotFoundError",
    "def main():\n    demo.launch(auth=('ann', 'secret'))": "a login that was not called",
}


@pytest.mark.parametrize("end", ENDS)
def test_an_app_with_a_login_is_never_served_open(tmp_path: Path, end: str) -> None:
    written(tmp_path, HEAD, ENDS[end])
    with running(tmp_path, "-m", "queue_app", "app.py", "--port", "0", "--no-reload") as process:
        assert status(address(process) + "config") == 401


@pytest.mark.parametrize("end", NOT_LAUNCHED)
def test_an_app_whose_launch_with_a_login_did_not_happen_is_not_served(tmp_path: Path, end: str) -> None:
    written(tmp_path, HEAD, end)
    with running(tmp_path, "-m", "queue_app", "app.py", "--port", "0", "--no-reload") as process:
        out, _ = process.communicate(timeout=20)
        assert process.returncode == 1 and NOT_LAUNCHED[end] in out and "Running on" not in out


def test_a_launch_that_nobody_could_foresee_takes_the_apps_place(tmp_path: Path) -> None:
    written(tmp_path, HEAD, "import threading\nlate = getattr(demo, 'lau' + 'nch')")
    written(
        tmp_path, (tmp_path / "app.py").read_text(), "threading.Timer(2, late, kwargs={'auth': ('a', 'b')}).start()"
    )
    with running(tmp_path, "-m", "queue_app", "app.py", "--port", "0", "--no-reload") as process:
        first = address(process)
        assert address(process) == first and status(first + "config") == 401


def test_a_module_that_is_loaded_on_its_first_use_is_not_used(tmp_path: Path) -> None:
    (tmp_path / "later.py").write_text("raise SystemExit('loaded')")
    lazily = "import importlib.util as util, sys\nfound = util.find_spec('later')\n"
    lazily += "sys.modules['later'] = later = util.module_from_spec(found)\n"
    lazily += "util.LazyLoader(found.loader).exec_module(later)\n"
    written(tmp_path, HEAD, lazily)
    with running(tmp_path, "-m", "queue_app", "app.py", "--port", "0", "--no-reload") as process:
        assert status(address(process) + "config") == 200


@pytest.mark.parametrize("signal_number", [signal.SIGINT, signal.SIGTERM])
def test_a_launch_in_a_thread_ends_in_order(tmp_path: Path, signal_number: signal.Signals) -> None:
    written(tmp_path, HEAD, ENDS["from asyncio"])
    with running(tmp_path, "-m", "queue_app", "app.py", "--port", "0", "--no-reload") as process:
        address(process)
        process.send_signal(signal_number)
        process.communicate(timeout=20)
        assert process.returncode == 0


@pytest.mark.parametrize("end", ["guarded", "in a thread"])
def test_it_holds_after_a_change_too(tmp_path: Path, end: str) -> None:
    path = written(tmp_path, HEAD, ENDS[end])
    with running(tmp_path, "-m", "queue_app", "app.py", "--port", "0") as process:
        assert status(address(process) + "config") == 401
        path.write_text(path.read_text().replace("first", "second"))
        assert status(address(process) + "config") == 401


def test_what_the_file_says_of_its_server_holds_unless_the_command_line_says_otherwise(tmp_path: Path) -> None:
    port, other = free_port(), free_port()
    secret = tmp_path / "elsewhere" / "file.txt"
    secret.parent.mkdir()
    secret.write_text("x")
    written(
        tmp_path,
        HEAD,
        f"demo.launch(server_port={port}, show_error=True, root_path='/below', max_file_size=10,",
        "            app_kwargs={'BLOCKS_RATE_LIMIT': '3/h', 'X_FRAME_OPTIONS': 'DENY'}, show_api=False)",
    )
    with running(tmp_path, "-m", "queue_app", "app.py", "--no-reload") as process:
        url = address(process)
        assert url.endswith(f":{port}/")
        with urllib.request.urlopen(url + "config", timeout=10) as answer:
            config = json.load(answer)
        assert config["show_error"] and config["max_file_size"] == 10 and not config["show_api"]
        assert config["root"].endswith("/below")
        assert post(url + "run/greet", ["fail"])[1]["error"] == "division by zero"
        assert [post(url + "run/greet", ["x"])[0] for _ in range(4)][-1] == 429
    with running(tmp_path, "-m", "queue_app", "app.py", "--no-reload", "--port", str(other)) as process:
        assert address(process).endswith(f":{other}/")


def test_each_app_that_a_file_launches_is_served_as_it_says(tmp_path: Path) -> None:
    written(
        tmp_path,
        HEAD,
        "with gr.Blocks() as admin:\n    gr.Textbox()",
        "admin.launch(auth=('ann', 'secret'), prevent_thread_lock=True, server_port=0)",
        "demo.launch(server_port=0)",
    )
    with running(tmp_path, "-m", "queue_app", "app.py", "--no-reload") as process:
        assert [status(address(process) + "config") for _ in range(2)] == [401, 200]
    with running(tmp_path, "-m", "queue_app", "app.py", "--no-reload", "--app", "demo", "--port", "0") as process:
        assert status(address(process) + "config") == 200
    with running(tmp_path, "-m", "queue_app", "app.py", "--no-reload", "--app", "admin", "--port", "0") as process:
        assert status(address(process) + "config") == 401


def test_a_mistake_in_launch_is_told(tmp_path: Path) -> None:
    written(tmp_path, HEAD, "demo.launch(auht=('ann', 'secret'))")
    with running(tmp_path, "-m", "queue_app", "app.py", "--no-reload") as process:
        out, _ = process.communicate(timeout=20)
        assert process.returncode == 1 and "launch() has no argument 'auht'" in out


def test_a_file_that_fails_tells_where(tmp_path: Path) -> None:
    written(tmp_path, HEAD, "open('nothing.txt')")
    with running(tmp_path, "-m", "queue_app", "app.py", "--no-reload") as process:
        out, _ = process.communicate(timeout=20)
        assert process.returncode == 1 and "app.py" in out and "open('nothing.txt')" in out


def test_a_file_without_launch_is_served_and_sees_no_arguments_of_ours(tmp_path: Path) -> None:
    written(tmp_path, "import sys", HEAD, "assert sys.argv[1:] == [] and __name__ == '__main__'")
    with running(tmp_path, "-m", "queue_app", "app.py", "--no-reload", "--port", "0") as process:
        assert status(address(process) + "config") == 200
