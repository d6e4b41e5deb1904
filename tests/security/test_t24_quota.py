"""T24: a quota for each visitor, space that stays free, and refusals before and while a body comes, not after."""

from __future__ import annotations

import json
import socket
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.test import override_settings

import blocks_app as gr
from auth_app.identity import Identity
from blocks_app.files import file_data
from tests.security.site import Site
from tests.serving import served

ANN, BOB = Identity("user:1", "ann"), Identity("user:2", "bob")
HEAD = b'--b\r\nContent-Disposition: form-data; name="files"; filename="big one.bin"\r\n\r\n'
TAIL = b"\r\n--b--\r\n"


@override_settings(BLOCKS_UPLOAD_QUOTA=1000)
async def test_each_visitor_has_a_quota(site: Site, store: file_data.FileStore) -> None:
    site.who = ANN
    path = await site.stored("x.bin", b"x" * 600)
    refused = await site.upload("x.bin", b"x" * 600)
    assert (refused.status_code, "1000 bytes" in refused.json()["detail"]) == (413, True)
    assert len(store.ids()) == 1
    site.who = BOB
    await site.stored("x.bin", b"x" * 600)
    site.who = ANN
    store.delete(path.split("/")[0])
    await site.stored("x.bin", b"x" * 600)


@override_settings(BLOCKS_DISK_RESERVE=10**18)
async def test_a_full_disk_is_left_alone(site: Site, store: file_data.FileStore) -> None:
    from blocks_app.files import quotas

    problem = quotas.problem_with("somebody", 1, store)
    assert problem is not None and problem[0] == 507


@pytest.fixture(scope="module")
def url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with gr.Blocks() as demo:
        gr.File()
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("GRADIO_TEMP_DIR", str(tmp_path_factory.mktemp("files")))
        with served(demo, max_file_size="100kb") as address:
            yield address


def begin(url: str, length: int, query: str = "") -> socket.socket:
    """Send only the head of an upload."""
    connection = socket.create_connection(("127.0.0.1", int(url.rsplit(":", 1)[1].rstrip("/"))), 20)
    head = f"POST /upload{query} HTTP/1.1\r\nHost: localhost\r\nContent-Length: {length}\r\n"
    connection.sendall(f"{head}Content-Type: multipart/form-data; boundary=b\r\n\r\n".encode())
    return connection


def test_an_impossible_length_is_refused_before_the_body(url: str) -> None:
    with begin(url, 10**12) as connection:
        assert connection.recv(1000).startswith(b"HTTP/1.1 413")


@override_settings(BLOCKS_UPLOAD_QUOTA=1000)
def test_more_than_the_quota_is_refused_before_the_body(url: str) -> None:
    with begin(url, 3_000_000) as connection:
        answer = connection.recv(1000)
    assert answer.startswith(b"HTTP/1.1 413 ")
    assert b"Your files may take 1000 bytes; 0 are used." in answer


@override_settings(BLOCKS_DISK_RESERVE=10**18)
def test_what_would_fill_the_disk_is_refused_before_the_body(url: str) -> None:
    with begin(url, 3_000_000) as connection:
        assert connection.recv(1000).startswith(b"HTTP/1.1 507 ")


def test_a_strangers_upload_is_refused_before_the_body(serve: Callable[..., Any]) -> None:
    with gr.Blocks() as demo:
        gr.File()
    with begin(serve(demo, auth=("ann", "secret")).url, 3_000_000) as connection:
        answer = connection.recv(1000)
    assert (answer.startswith(b"HTTP/1.1 401 "), b'"Not authenticated"' in answer) == (True, True)


def test_a_large_file_is_refused_in_the_middle(url: str) -> None:
    with begin(url, 50_000_000) as connection:
        connection.sendall(HEAD + b"x" * 400_000)
        answer = connection.recv(1000)
    assert answer.startswith(b"HTTP/1.1 413")
    assert answer.endswith(b"File size exceeded maximum allowed size of 102400 bytes.")


def test_many_files_below_the_limit_pass(url: str) -> None:
    body = b"".join(HEAD + b"x" * 90_000 + b"\r\n" for _ in range(30)) + b"--b--\r\n"
    request = urllib.request.Request(f"{url}upload", body, {"Content-Type": "multipart/form-data; boundary=b"})
    with urllib.request.urlopen(request) as answer:
        assert len(json.loads(answer.read())) == 30


def test_a_client_that_reads_the_answer_late_gets_it(url: str) -> None:
    request = urllib.request.Request(
        f"{url}upload", HEAD + b"x" * 9_000_000 + TAIL, {"Content-Type": "multipart/form-data; boundary=b"}
    )
    with pytest.raises(urllib.error.HTTPError) as raised:
        urllib.request.urlopen(request)
    with raised.value as answer:
        assert (answer.code, b"102400" in answer.read()) == (413, True)


def test_progress_is_told_while_it_comes(url: str) -> None:
    with begin(url, len(HEAD) + 60_000 + len(TAIL), "?upload_id=mine") as sender:
        sender.sendall(HEAD + b"x" * 10_000)
        with urllib.request.urlopen(f"{url}upload_progress?upload_id=mine", timeout=20) as stream:
            first = json.loads(stream.readline()[6:])
            assert (first["msg"], first["orig_name"]) == ("update", "big one.bin")
            sender.sendall(b"x" * 50_000 + TAIL)
            raised = [first, *(json.loads(line[6:]) for line in stream if line.startswith(b"data: "))]
        assert sender.recv(1000).startswith(b"HTTP/1.1 200")
    assert raised[-1] == {"msg": "done"}
    sizes = [each["chunk_size"] for each in raised if each["msg"] == "update"]
    assert sum(sizes) == len(HEAD) + 60_000 + len(TAIL)


def test_progress_of_others_and_of_nothing_is_not_found(url: str) -> None:
    with begin(url, 1000, "?upload_id=hers"):
        request = urllib.request.Request(f"{url}upload_progress?upload_id=hers", headers={"Cookie": "other=1"})
        with pytest.raises(urllib.error.HTTPError) as raised:
            urllib.request.urlopen(request, timeout=20)
    with raised.value as answer:
        assert (answer.code, json.loads(answer.read())) == (404, {"detail": "Upload not found"})


def test_under_other_servers_the_gate_stops_the_body(make_site: Callable[..., Site], tmp_path: Path) -> None:
    import asyncio

    from queue_app.transport.routing import get_asgi_application

    site, taken, sent = make_site(max_file_size=100_000), 0, []
    mount = site.demo.mount
    assert mount is not None

    async def receive() -> dict[str, Any]:
        nonlocal taken
        taken += 1
        return {"type": "http.request", "body": (HEAD if taken == 1 else b"") + b"x" * 50_000, "more_body": True}

    async def send(message: dict[str, Any]) -> None:
        sent.append(message)

    headers = [(b"host", b"testserver"), (b"content-type", b"multipart/form-data; boundary=b")]
    scope = {
        "type": "http", "method": "POST", "path": "/upload", "query_string": b"", "headers": headers,
        "client": ("127.0.0.1", 1), "server": ("127.0.0.1", 80), "scheme": "http", "root_path": "",
    }  # fmt: skip
    asyncio.run(get_asgi_application()(scope, receive, send))
    assert (sent[0]["status"], taken) == (413, 3)


async def test_an_aborted_upload_leaves_nothing(site: Site, tmp_path: Path, store: file_data.FileStore) -> None:
    from queue_app.transport.routing import get_asgi_application

    (tmp_path / "arriving").mkdir()
    messages = [
        {"type": "http.request", "body": HEAD + b"x" * 5_000_000, "more_body": True},
        {"type": "http.request", "body": b"\r\n" + HEAD + b"x" * 5_000_000, "more_body": True},
        {"type": "http.disconnect"},
    ]
    answered: list[dict[str, Any]] = []

    async def receive() -> dict[str, Any]:
        return messages.pop(0) if messages else {"type": "http.disconnect"}

    async def send(message: dict[str, Any]) -> None:
        answered.append(message)

    headers = [(b"host", b"testserver"), (b"content-type", b"multipart/form-data; boundary=b")]
    scope = {
        "type": "http", "method": "POST", "path": "/upload", "query_string": b"", "headers": headers,
        "client": ("127.0.0.1", 1), "server": ("127.0.0.1", 80), "scheme": "http", "root_path": "",
    }  # fmt: skip
    with override_settings(FILE_UPLOAD_TEMP_DIR=str(tmp_path / "arriving")):
        await get_asgi_application()(scope, receive, send)
    assert not any(message.get("status") == 200 for message in answered)
    assert (store.ids(), list((tmp_path / "arriving").iterdir())) == ([], [])
