"""What holds whichever server launch() uses: uploads, long messages, clients that are slow on purpose, the end."""

from __future__ import annotations

import json
import os
import select
import socket
import urllib.request
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from websockets.exceptions import ConnectionClosed
from websockets.sync.client import connect

import blocks_app as gr
from queue_app import checks
from queue_app.exceptions import LaunchError
from queue_app.server import backends
from queue_app.server.network import ports

from .conftest import call, config, fetch, hello

both = pytest.mark.usefixtures("each_server")
PATIENCE = 60


def opened(url: str) -> socket.socket:
    """A connection on which nothing has been said."""
    parts = urlsplit(url)
    return socket.create_connection((parts.hostname or "", parts.port or 0), PATIENCE)


def page_socket(url: str) -> Any:
    """A page's socket. Long messages are sent as one frame, which every server that is ours takes."""
    address = f"{url.replace('http', 'ws', 1)}gradio_api/queue/ws?session_hash=abcdefgh&after=0"
    return connect(address, origin=url.rstrip("/"), max_size=None, open_timeout=PATIENCE)  # type: ignore[arg-type]


def completed(page: Any) -> Any:
    """What the next event that ends has answered."""
    while True:
        for _, message in json.loads(page.recv(PATIENCE)).get("items", ()):
            if message["msg"] == "process_completed":
                return message["output"]


@both
def test_a_file_of_some_megabytes_goes_up_and_comes_back(launched: Callable[..., Any], tmp_path: Path) -> None:
    with gr.Blocks() as demo:
        gr.File()
    url, content = launched(demo).local_url, os.urandom(3_000_001)
    head = b'--cut\r\nContent-Disposition: form-data; name="files"; filename="a.bin"\r\n\r\n'
    kind = {"Content-Type": "multipart/form-data; boundary=cut"}
    asked = urllib.request.Request(f"{url}upload", head + content + b"\r\n--cut--\r\n", kind)
    with urllib.request.urlopen(asked, timeout=PATIENCE) as answer:
        (path,) = json.load(answer)
    assert fetch(f"{url}file={path}")[2] == content


@both
@pytest.mark.django_db(transaction=True)
def test_a_login_lets_in_whoever_knows_the_password(launched: Callable[..., Any]) -> None:
    url = launched(auth=("ann", "secret")).local_url
    assert fetch(f"{url}config")[0] == 401
    visitor = urllib.request.build_opener(urllib.request.HTTPCookieProcessor())
    visitor.open(f"{url}login", b"username=ann&password=secret", PATIENCE).close()
    with visitor.open(f"{url}config", timeout=PATIENCE) as answer:
        assert answer.status == 200


@both
def test_a_message_of_some_megabytes_passes_the_pages_socket(launched: Callable[..., Any]) -> None:
    url, text = launched().local_url, "x" * 3_000_000
    with page_socket(url) as page:
        page.send(json.dumps({"type": "submit", "event_id": "a" * 16, "fn_index": 0, "data": [""]}))
        assert completed(page)["data"] == ["Hello !"]
        page.send(json.dumps({"type": "submit", "event_id": "b" * 16, "fn_index": 0, "data": [text]}))
        received = ""
        while "process_completed" not in received:
            received = received[-100:] + page.recv(PATIENCE)


@both
def test_a_body_that_is_too_large_is_refused(launched: Callable[..., Any], settings: Any) -> None:
    settings.BLOCKS_MAX_BODY_SIZE = 1000
    url = launched().local_url
    assert call(url, "x" * 800) == [f"Hello {'x' * 800}!"]
    with opened(url) as connection:
        connection.sendall(b"POST /gradio_api/run/greet HTTP/1.1\r\nHost: localhost\r\nContent-Length: 2000\r\n\r\n")
        assert connection.recv(1000).startswith(b"HTTP/1.1 413 ")


@both
def test_a_head_that_trickles_in_is_ended(launched: Callable[..., Any], settings: Any) -> None:
    settings.BLOCKS_SLOW_WRITER = 0.5
    with opened(launched().local_url) as connection:
        connection.sendall(b"GET / HTTP/1.1\r\nHost: localhost\r\nX-Slow: ")
        answer = b""
        while not answer:  # Daphne looks when the next drop falls, Uvicorn when the time is over
            answer = trickle(connection)
        assert answer.startswith(b"HTTP/1.1 408 ") and b"too slowly" in answer


def trickle(connection: socket.socket) -> bytes:
    """Send another byte; what the server has said until then."""
    connection.settimeout(0.1)
    try:
        connection.sendall(b"T")
        return connection.recv(1000)
    except TimeoutError:
        return b""
    finally:
        connection.settimeout(PATIENCE)


@both
def test_a_head_without_an_end_is_refused(launched: Callable[..., Any]) -> None:
    with opened(launched().local_url) as connection:
        connection.sendall(b"GET / HTTP/1.1\r\nHost: localhost\r\nX-Long: ")
        answer = b""
        while not answer:
            connection.sendall(b"x" * 8192)
            answer = trickle(connection)
        assert answer.startswith(b"HTTP/1.1 431 ")


@both
def test_a_client_that_takes_nothing_of_a_download_is_dropped(
    launched: Callable[..., Any], settings: Any, tmp_path: Path
) -> None:
    settings.BLOCKS_SLOW_READER = 0.5
    (tmp_path / "large.bin").write_bytes(bytes(30_000_000))
    url = launched(allowed_paths=[str(tmp_path)]).local_url
    with opened(url) as connection:
        connection.sendall(f"GET /file={tmp_path}/large.bin HTTP/1.1\r\nHost: localhost\r\n\r\n".encode())
        ended = select.poll()
        ended.register(connection, select.POLLERR | select.POLLHUP | select.POLLRDHUP)
        assert ended.poll(PATIENCE * 1000), "nobody hung up"


@both
def test_a_closed_app_tells_its_pages_and_leaves_no_connection(launched: Callable[..., Any]) -> None:
    demo, other = hello(), hello()
    url, second = launched(demo).local_url, launched(other).local_url
    with page_socket(url) as page, page_socket(second) as stays:
        page.recv(PATIENCE)
        demo.close(verbose=False)
        with pytest.raises(ConnectionClosed):
            while True:
                page.recv(PATIENCE)
        stays.recv(PATIENCE)
        stays.send(json.dumps({"type": "submit", "event_id": "a" * 16, "fn_index": 0, "data": ["Bob"]}))
        assert completed(stays)["data"] == ["Hello Bob!"]


def test_the_two_servers_work_side_by_side(launched: Callable[..., Any], monkeypatch: pytest.MonkeyPatch) -> None:
    apps = []
    for name in ("daphne", "uvicorn"):
        monkeypatch.setenv("BLOCKS_SERVER", name)
        apps.append((demo := hello(title=name), launched(demo).local_url))
    assert [config(url)["title"] for _, url in apps] == ["daphne", "uvicorn"]
    apps[0][0].close(verbose=False)
    assert call(apps[1][1], "Ann") == ["Hello Ann!"]


def test_the_setting_names_the_server_and_the_environment_wins(settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("BLOCKS_SERVER", raising=False)
    settings.BLOCKS_SERVER = "uvicorn"
    assert backends.chosen().__name__ == "queue_app.server.uvicorn.embedded"  # type: ignore[attr-defined]
    monkeypatch.setenv("BLOCKS_SERVER", "Daphne")
    assert backends.chosen().__name__ == "queue_app.server.daphne.embedded"  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("name", "missing", "words"),
    [
        ("hypercorn", None, "BLOCKS_SERVER must be 'daphne' or 'uvicorn', not 'hypercorn'."),
        ("uvicorn", "httptools", "httptools is not installed: pip install 'blocks-on-django[uvicorn]'."),
    ],
)
def test_a_server_that_cannot_be_is_told(
    monkeypatch: pytest.MonkeyPatch, name: str, missing: str | None, words: str
) -> None:
    monkeypatch.setenv("BLOCKS_SERVER", name)
    find = backends.find_spec
    monkeypatch.setattr(backends, "find_spec", lambda library: None if library == missing else find(library))
    with pytest.raises(LaunchError, match=words.replace("[", r"\[")):
        hello().launch(prevent_thread_lock=True, quiet=True)
    assert [(each.id, words in each.msg) for each in checks.check_server()] == [("blocks.E041", True)]


def test_an_engine_that_cannot_be_is_told_before_anybody_comes(settings: Any) -> None:
    settings.BLOCKS_ENGINE = "nowhere.Engine"
    with pytest.raises(LaunchError, match="BLOCKS_ENGINE is 'nowhere.Engine', which cannot be imported"):
        hello().launch(prevent_thread_lock=True, quiet=True)


def test_a_site_hears_of_start_and_end_from_uvicorn(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BLOCKS_SERVER", "uvicorn")
    types = list[str]()

    async def site(scope: Any, receive: Any, send: Any) -> None:
        while scope["type"] == "lifespan":
            types.append((await receive())["type"])
            await send({"type": f"{types[-1]}.complete"})
            if types[-1] == "lifespan.shutdown":
                return

    server = backends.chosen().serve(site, ports.listen("127.0.0.1", 0), lifespan=True)
    assert types == ["lifespan.startup"]
    server.close()
    assert types == ["lifespan.startup", "lifespan.shutdown"]


def test_a_site_that_does_not_want_to_start_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BLOCKS_SERVER", "uvicorn")

    async def site(scope: Any, receive: Any, send: Any) -> None:
        await receive()
        await send({"type": "lifespan.startup.failed", "message": "not today"})

    with pytest.raises(LaunchError, match="refused to start"):
        backends.chosen().serve(site, ports.listen("127.0.0.1", 0), lifespan=True)
