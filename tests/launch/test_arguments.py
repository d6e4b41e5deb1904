"""What the arguments of launch() do to the app that visitors meet."""

from __future__ import annotations

import json
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any
from urllib.error import HTTPError
from urllib.request import Request, urlopen

import pytest
from playwright.sync_api import Page, expect

import blocks_app as gr

from .conftest import fetch, hello


def app(fn: Any, **options: Any) -> gr.Blocks:
    """An app with one endpoint, `greet`, from text to text."""
    with gr.Blocks() as demo:
        given, result = gr.Textbox(label="Given"), gr.Textbox(label="Result")
        gr.Button("Run").click(fn, given, result, api_name="greet", **options)
    return demo


def start(url: str, *data: Any, session: str = "") -> str:
    """Send an event through the queue; gives its id."""
    body = json.dumps({"data": data, **({"session_hash": session} if session else {})}).encode()
    request = Request(f"{url}gradio_api/call/greet", body, {"Content-Type": "application/json"})
    with urlopen(request, timeout=60) as response:
        return str(json.load(response)["event_id"])


def answer(url: str, *data: Any, session: str = "") -> str:
    """The whole stream of one event."""
    with urlopen(f"{url}gradio_api/call/greet/{start(url, *data, session=session)}", timeout=60) as response:
        return str(response.read().decode())


def test_max_threads_makes_three_waves_of_six_calls(launched: Any) -> None:
    running, most, waves = 0, 0, list[int]()
    lock, pair = threading.Lock(), threading.Barrier(2)

    def work(text: str) -> str:
        nonlocal running, most
        with lock:
            running += 1
            most = max(most, running)
        waves.append(pair.wait(timeout=60))  # two at once, or this fails
        time.sleep(0.05)  # long enough for a third one to show itself
        with lock:
            running -= 1
        return text

    _, url, _ = launched(app(work, concurrency_limit=None), max_threads=2)
    with ThreadPoolExecutor(6) as pool:
        answers = list(pool.map(lambda number: answer(url, str(number)), range(6)))
    assert most == 2 and sorted(waves) == [0, 0, 0, 1, 1, 1]
    assert all(text.startswith("event: complete") for text in answers)


def test_max_threads_binds_async_functions_too(launched: Any) -> None:
    running, most = 0, 0

    async def work(text: str) -> str:
        import asyncio

        nonlocal running, most
        running += 1
        most = max(most, running)
        await asyncio.sleep(0.02)
        running -= 1
        return text

    _, url, _ = launched(app(work, concurrency_limit=None), max_threads=2)
    with ThreadPoolExecutor(6) as pool:
        list(pool.map(lambda number: answer(url, str(number)), range(6)))
    assert most == 2


def fail(text: str) -> str:
    raise ValueError("the secret reason")


@pytest.mark.parametrize("show_error", [False, True])
def test_show_error_tells_the_reason(launched: Any, show_error: bool) -> None:
    _, url, _ = launched(app(fail), show_error=show_error)
    assert ("the secret reason" in answer(url, "x")) is show_error


@pytest.mark.browser
@pytest.mark.parametrize("show_api", [False, True])
def test_show_api_links_the_api_in_the_footer(launched: Any, page: Page, show_api: bool) -> None:
    _, url, _ = launched(show_api=show_api)
    page.goto(url)
    expect(page.get_by_role("link", name="Use via API")).to_have_count(int(show_api))
    assert fetch(f"{url}info")[0] == 200


def upload(url: str, body: bytes) -> tuple[int, str]:
    """Status and answer of an upload of one file."""
    start, end = b'--x\r\nContent-Disposition: form-data; name="files"; filename="a.txt"\r\n\r\n', b"\r\n--x--\r\n"
    kind = {"Content-Type": "multipart/form-data; boundary=x"}
    try:
        with urlopen(Request(f"{url}upload", start + body + end, kind), timeout=60) as response:
            return response.status, response.read().decode()
    except HTTPError as error:
        with error:
            return error.code, error.read().decode()


@pytest.mark.parametrize(("limit", "size"), [("1kb", 1024), ("1 KB", 1024), (5, 5)])
def test_max_file_size(launched: Any, limit: str | int, size: int) -> None:
    _, url, _ = launched(max_file_size=limit)
    assert upload(url, b"x" * size)[0] == 200
    status, detail = upload(url, b"x" * (size + 1))
    assert status == 413 and f"File size exceeded maximum allowed size of {size} bytes." in detail


def test_allowed_and_blocked_paths(launched: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "sub").mkdir()
    for name in ("ok.txt", "sub/no.txt"):
        (tmp_path / name).write_text(name)
    _, url, _ = launched(allowed_paths=[str(tmp_path)], blocked_paths=[str(tmp_path / "sub")])
    found = [fetch(f"{url}file={tmp_path}/{name}")[0] for name in ("ok.txt", "sub/no.txt", "none.txt", "sub", "")]
    assert found[0] == 200 and 200 not in found[1:]
    assert fetch(f"{url}file=/etc/passwd")[0] in (403, 404)
    assert fetch(f"{launched()[1]}file={tmp_path}/ok.txt")[0] in (403, 404)


def test_state_session_capacity_forgets_the_session_unused_for_longest(launched: Any) -> None:
    with gr.Blocks() as demo:
        count, result = gr.State(0), gr.Textbox()
        gr.Button().click(lambda n: (n + 1, n + 1), count, [count, result], api_name="greet")
    _, url, _ = launched(demo, state_session_capacity=2)

    def touch(session: str) -> str:
        body = json.dumps({"data": [None], "session_hash": session}).encode()
        request = Request(f"{url}gradio_api/run/greet", body, {"Content-Type": "application/json"})
        with urlopen(request, timeout=60) as response:
            return str(json.load(response)["data"][-1])

    assert [touch("a"), touch("a")] == ["1", "2"]
    assert [touch(name) for name in "bcd"] == ["1", "1", "1"]
    assert touch("a") == "1"


def test_close_all_closes_every_app(launched: Any, capsys: pytest.CaptureFixture[str]) -> None:
    demos = [hello(), hello()]
    urls = [launched(demo)[1] for demo in demos]
    assert [demo.is_running for demo in demos] == [True, True]
    gr.close_all()
    assert capsys.readouterr().out.count("Closing server running on port: ") >= 2
    assert [demo.is_running for demo in demos] == [False, False]
    for url in urls:
        with pytest.raises(OSError, match="refused"):
            fetch(url)


def test_what_launch_made_is_kept_on_the_app(launched: Any) -> None:
    demo = hello()
    app, url, share = launched(demo, height=300, width="50%", share_server_address="h:1")
    assert (demo.local_url, demo.share_url, demo.share, demo.app) == (url, share, False, app)
    assert (demo.height, demo.width, demo.share_server_protocol) == (300, "50%", "http")


@pytest.mark.parametrize(
    ("given", "meant"),
    [("5kb", 5120), ("5 MB", 5 * 1024**2), ("1b", 1), ("2Gb", 2 * 1024**3), ("1tb", 1024**4), (7, 7)],
)
def test_sizes(launched: Any, given: str | int, meant: int) -> None:
    demo = hello()
    launched(demo, max_file_size=given)
    assert demo.mount is not None and demo.mount.options.max_file_size == meant


@pytest.mark.parametrize(("api_open", "most"), [(None, 1), (True, 3)])
def test_direct_calls_take_turns_unless_the_api_is_open(launched: Any, api_open: bool | None, most: int) -> None:
    running: list[int] = []
    seen: list[int] = []
    go = threading.Event()

    def held(text: str) -> str:
        running.append(1)
        seen.append(len(running))
        go.wait(20 if api_open else 0.2)
        running.pop()
        return text

    url = launched(app(held), api_open=api_open).local_url
    request = Request(f"{url}run/greet", b'{"data": ["x"]}', {"Content-Type": "application/json"})

    def post(_: int) -> int:
        with urlopen(request, timeout=60) as response:
            return int(response.status)

    with ThreadPoolExecutor(3) as people:
        answers = [people.submit(post, number) for number in range(3)]
        if api_open:
            while len(running) < 3:
                time.sleep(0.01)
            go.set()
        assert [each.result() for each in answers] == [200] * 3
    assert max(seen) == most
