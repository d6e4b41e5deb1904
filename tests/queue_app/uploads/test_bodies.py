"""Every endpoint counts a body while it comes: too much, too slow and unreadable is refused in words, at once."""

from __future__ import annotations

import asyncio
import http.client
import json
import socket
import time
import urllib.request
from collections.abc import Iterator
from types import ModuleType
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.http import HttpRequest, JsonResponse
from django.test import override_settings
from django.urls import clear_url_caches, path
from django.views.decorators.csrf import csrf_exempt

import blocks_app as gr
from queue_app.transport.routing import get_asgi_application
from tests.serving import served

PIECE = b"x" * 65536
HEAD = b'--b\r\nContent-Disposition: form-data; name="files"; filename="%s"\r\n\r\n'
FORM = {"Content-Type": "multipart/form-data; boundary=b"}
#: Endpoints that expect little, and those that take JSON.
SMALL = [
    "",
    "login",
    "logout",
    "config",
    "info",
    "user",
    "favicon.ico",
    "robots.txt",
    "file=x",
    "nothing/here",
    "queue/ws",
]
JSON = ["queue/join", "call/f", "call/v2/f", "run/f", "api/f", "cancel", "reset", "queue/poll"]


@pytest.fixture(scope="module")
def url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with gr.Blocks() as demo:
        text, _ = gr.Textbox(), gr.File()
        text.change(lambda value: value, text, text, api_name="f")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("GRADIO_TEMP_DIR", str(tmp_path_factory.mktemp("files")))
        with served(demo, max_file_size="5mb") as address:
            yield address


def send(url: str, path: str, pieces: Iterator[bytes], method: str = "POST", **headers: str) -> tuple[int, Any, int]:
    """Send chunks until the server says something: its status, what it says, and how many chunks it has let pass."""
    host, sent = urlsplit(url).netloc, 0
    connection = http.client.HTTPConnection(host, timeout=30)
    connection.putrequest(method, f"/{path}")
    for name, value in {"Transfer-Encoding": "chunked", **headers}.items():
        connection.putheader(name.replace("_", "-"), value)
    connection.endheaders()
    connection.sock.settimeout(0.002)
    for piece in pieces:
        try:
            connection.sock.recv(1, socket.MSG_PEEK)
            break
        except TimeoutError:
            pass
        connection.sock.settimeout(30)
        connection.send(b"%x\r\n%s\r\n" % (len(piece), piece))
        connection.sock.settimeout(0.002)
        sent += 1
    else:
        connection.sock.settimeout(30)
        connection.send(b"0\r\n\r\n")
    connection.sock.settimeout(30)
    answer = connection.getresponse()
    content = answer.read()
    answer.close()
    connection.close()
    return answer.status, json.loads(content) if content.startswith((b"{", b"[")) else content.decode(), sent


@pytest.mark.parametrize("method", ["GET", "POST", "PUT"])
@pytest.mark.parametrize("endpoint", SMALL)
def test_a_endpoint_that_expects_little_stops_a_body_that_never_ends(url: str, endpoint: str, method: str) -> None:
    status, answer, sent = send(url, endpoint, iter(lambda: PIECE, None), method)
    assert (status, answer) == (413, {"detail": "The request is larger than 65536 bytes."})
    assert sent < 200


@pytest.mark.parametrize("endpoint", JSON)
def test_a_endpoint_for_json_stops_at_the_sites_own_limit(url: str, endpoint: str) -> None:
    with override_settings(BLOCKS_MAX_BODY_SIZE=100_000):
        status, answer, sent = send(url, endpoint, iter(lambda: PIECE, None))
    assert (status, answer) == (413, {"detail": "The request is larger than 100000 bytes."})
    assert sent < 200


@pytest.mark.parametrize("endpoint", [*SMALL, *JSON, "upload"])
def test_what_announces_too_much_is_refused_before_it_comes(url: str, endpoint: str) -> None:
    with socket.create_connection(("127.0.0.1", urlsplit(url).port or 0)) as client:
        head = (
            f"POST /{endpoint} HTTP/1.1\r\nHost: localhost\r\nExpect: 100-continue\r\nContent-Length: {10**12}\r\n\r\n"
        )
        client.sendall(head.encode())
        assert client.recv(1000).startswith(b"HTTP/1.1 413")


def test_a_chunked_upload_stops_at_the_limit_of_a_file(url: str) -> None:
    def pieces() -> Iterator[bytes]:
        yield HEAD % b"a.bin"
        while True:
            yield PIECE

    status, answer, sent = send(url, "upload", pieces(), **FORM)
    assert (status, answer) == (413, "File size exceeded maximum allowed size of 5242880 bytes.")
    assert sent < 400


def test_a_chunked_upload_is_stored(url: str) -> None:
    status, paths, _ = send(url, "upload", iter([HEAD % b"a.bin", b"abc", b"\r\n--b--\r\n"]), **FORM)
    assert (status, paths[0].split("/")[1]) == (200, "a.bin")
    with urllib.request.urlopen(f"{url}file={paths[0]}") as answer:
        assert answer.read() == b"abc"


def test_a_chunked_event_runs(url: str) -> None:
    status, answer, _ = send(url, "run/f", iter([b'{"data": ', b'["hello"]}']), Content_Type="application/json")
    assert (status, answer["data"]) == (200, ["hello"])


def test_a_chunked_upload_leaves_the_reserve_of_the_disk_alone(url: str) -> None:
    with override_settings(BLOCKS_DISK_RESERVE=10**18):
        for endpoint in ("upload", "queue/join"):
            status, answer, _ = send(url, endpoint, iter([HEAD % b"a.bin", *[PIECE] * 70, *[PIECE] * 10]), **FORM)
            assert (status, answer) == (507, {"detail": "The server's disk is full. Try again later."})


def test_a_chunked_upload_counts_against_the_quota(url: str) -> None:
    with override_settings(BLOCKS_UPLOAD_QUOTA=1000):
        status, answer, _ = send(url, "upload", iter([HEAD % b"a.bin", b"x" * 2000, b"\r\n--b--\r\n"]), **FORM)
    assert status == 413 and "1000 bytes" in answer["detail"]


def trickle(url: str, begun: bytes, drop: bytes) -> bytes:
    """What a client is told that sends a little of its request every now and then."""
    with socket.create_connection(("127.0.0.1", urlsplit(url).port or 0)) as client:
        client.sendall(begun)
        client.settimeout(0.1)
        for _ in range(200):
            try:
                return client.recv(1000)
            except TimeoutError:
                client.sendall(drop)
    return b""


@override_settings(BLOCKS_SLOW_WRITER=0.5)
@pytest.mark.parametrize(
    ("begun", "drop"),
    [
        (b"", b"G"),
        (b"GET / HTTP/1.1\r\nHost: localhost\r\n", b"X-A: b\r\n"),
        (b"POST /login HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1000\r\n\r\n", b"x"),
        (b"POST /run/f HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n", b"1\r\nx\r\n"),
    ],
)
def test_a_request_that_trickles_in_ends(url: str, begun: bytes, drop: bytes) -> None:
    assert trickle(url, begun, drop).startswith(b"HTTP/1.1 408 ")


@override_settings(BLOCKS_SLOW_WRITER=0.5)
def test_a_body_that_comes_with_a_sensible_pace_may_take_its_time(url: str) -> None:
    def pieces() -> Iterator[bytes]:
        yield HEAD % b"a.bin"
        for _ in range(10):
            time.sleep(0.15)
            yield b"x" * 500
        yield b"\r\n--b--\r\n"

    assert send(url, "upload", pieces(), **FORM)[0] == 200


@override_settings(BLOCKS_SLOW_WRITER=0.2)
def test_a_connection_that_rests_between_requests_is_not_late(url: str) -> None:
    connection = http.client.HTTPConnection(urlsplit(url).netloc)
    for _ in range(2):
        connection.request("GET", "/config")
        answer = connection.getresponse()
        assert (answer.status, len(answer.read()) > 0) == (200, True)
        time.sleep(0.4)
    connection.close()


class Asked:
    """One request to a site's application as other servers make it: what is taken of its body, and the answer."""

    def __init__(self, path: str, pieces: Iterator[bytes], wait: float = 0.0, **headers: str) -> None:
        self.pieces, self.wait, self.taken, self.sent = pieces, wait, 0, list[dict[str, Any]]()
        self.whole = False
        raw = [(b"host", b"testserver"), *((n.replace("_", "-").encode(), v.encode()) for n, v in headers.items())]
        self.scope = {
            "type": "http", "method": "POST", "path": path, "query_string": b"", "headers": raw, "scheme": "http",
            "client": ("127.0.0.1", 1), "server": ("127.0.0.1", 80), "root_path": "", "http_version": "1.1",
        }  # fmt: skip

    async def receive(self) -> dict[str, Any]:
        await asyncio.sleep(self.wait)
        self.taken += 1
        if self.whole:
            await asyncio.Event().wait()
        piece = next(self.pieces, None)
        self.whole = piece is None
        return {"type": "http.request", "body": piece or b"", "more_body": piece is not None}

    async def send(self, message: dict[str, Any]) -> None:
        self.sent.append(message)

    async def answer(self) -> tuple[int, Any]:
        await get_asgi_application()(self.scope, self.receive, self.send)
        return self.sent[0]["status"], json.loads(self.sent[1]["body"])


@pytest.fixture
def site() -> Iterator[gr.Blocks]:
    """An app in a site that has a view of its own."""

    async def own(request: HttpRequest) -> JsonResponse:
        return JsonResponse([len(request.body), {name: file.size for name, file in request.FILES.items()}], safe=False)

    with gr.Blocks() as demo:
        text = gr.Textbox()
        text.change(lambda value: value, text, text, api_name="f")
    urls: Any = ModuleType("urls")
    urls.urlpatterns = [path("app/", demo.urls), path("own/", csrf_exempt(own))]
    with override_settings(ROOT_URLCONF=urls, ALLOWED_HOSTS=["testserver"], DATA_UPLOAD_MAX_MEMORY_SIZE=None):
        clear_url_caches()
        yield demo
    clear_url_caches()


@pytest.mark.parametrize("endpoint", ["", "login", "config", "queue/ws"])
async def test_every_server_stops_a_body_at_our_endpoints(site: gr.Blocks, endpoint: str) -> None:
    asked = Asked(f"/app/{endpoint}", iter(lambda: PIECE, None))
    assert await asked.answer() == (413, {"detail": "The request is larger than 65536 bytes."})
    assert asked.taken == 2


@override_settings(BLOCKS_MAX_BODY_SIZE=200_000)
@pytest.mark.parametrize("endpoint", ["run/f", "queue/join", "call/f"])
async def test_every_server_stops_json_at_the_limit(site: gr.Blocks, endpoint: str) -> None:
    asked = Asked(f"/app/{endpoint}", iter(lambda: PIECE, None))
    assert await asked.answer() == (413, {"detail": "The request is larger than 200000 bytes."})
    assert asked.taken == 4


@override_settings(BLOCKS_SLOW_WRITER=0.2)
@pytest.mark.parametrize("place", ["/app/login", "/app/run/f", "/app/upload", "/own/"])
async def test_every_server_ends_a_body_that_trickles(site: gr.Blocks, place: str) -> None:
    asked = Asked(place, iter(lambda: b"x", None), wait=0.05, content_type="multipart/form-data; boundary=b")
    assert await asked.answer() == (408, {"detail": "The request came too slowly."})


async def test_the_sites_own_views_take_what_they_like(site: gr.Blocks) -> None:
    assert await Asked("/own/", iter([PIECE] * 100)).answer() == (200, [6_553_600, {}])
    form = [b'--b\r\nContent-Disposition: form-data; name="own"; filename="a"\r\n\r\nabc\r\n--b--\r\n']
    status, answer = await Asked("/own/", iter(form), content_type="multipart/form-data; boundary=b").answer()
    assert (status, answer[1]) == (200, {"own": 3})


@override_settings(BLOCKS_DISK_RESERVE=10**18)
async def test_nobodys_body_fills_the_disk(site: gr.Blocks) -> None:
    asked = Asked("/own/", iter(lambda: PIECE, None))
    assert await asked.answer() == (507, {"detail": "The server's disk is full. Try again later."})
    assert asked.taken == 64


@pytest.mark.parametrize("endpoint", ["login", "run/f", "upload"])
async def test_our_endpoints_unpack_nothing(site: gr.Blocks, url: str, endpoint: str) -> None:
    asked = Asked(f"/app/{endpoint}", iter([b"x" * 100]), content_encoding="gzip")
    refused = 415, {"detail": "Send the request as it is, without a Content-Encoding."}
    assert await asked.answer() == refused
    assert send(url, endpoint, iter([b"x" * 100]), Content_Encoding="gzip", **FORM)[:2] == refused
