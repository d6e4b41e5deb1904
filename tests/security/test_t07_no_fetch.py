"""T7, T8, T9: the server fetches nothing for a client, so there is nothing to forge, no redirect to follow, no jar."""

from __future__ import annotations

import socket
from collections.abc import Callable
from typing import Any

import pytest

import blocks_app as gr
from blocks_app.exceptions import Error
from blocks_app.files import file_data
from blocks_app.web.urls import API_ROUTES
from tests.security.live import Live
from tests.security.sources import imported

#: What could ask another server for something.
CLIENTS = (
    "requests", "httpx", "aiohttp", "urllib3", "urllib.request", "http.client", "http.cookiejar", "ftplib", "smtplib",
    "telnetlib", "xmlrpc", "pycurl", "websockets", "twisted.web.client", "subprocess", "django.core.mail",
    "blocks_client",
)  # fmt: skip
#: The one that may: the tunnel that its operator asked for with share=True.
TUNNEL = {("queue_app/server/network/ssh_tunnel.py", "asyncssh")}
#: Starts the same program anew when its sources change, and nothing else.
RELOADER = {("queue_app/server/autoreload.py", "subprocess")}
#: Converts sound and film in files; what it may open is said with each run, and it is files alone.
CONVERTER = {("blocks_app/media/ffmpeg.py", "subprocess")}
#: What an app's author names by an address in the source: a model's server, an API, an article. No visitor does.
AUTHORS = {
    ("blocks_app/interfaces/load_chat.py", "httpx"), ("blocks_app/interfaces/panels/article.py", "urllib"),
    ("blocks_app/extras/openapi_calls.py", "urllib"), ("blocks_app/extras/openapi_calls.py", "http"),
    ("blocks_app/remote/inference.py", "httpx"),
}  # fmt: skip
#: The app that an author loads, asked by our client: `gr.load`.
LOADED = {
    (f"blocks_app/remote/{name}.py", "blocks_client") for name in ("connection", "functions", "load", "wire_files")
}

ADDRESSES = [
    "http://127.0.0.1:1/", "http://[::1]/", "http://169.254.169.254/latest/meta-data/", "http://10.0.0.1/",
    "http://2130706433/", "http://0x7f000001/", "http://0177.0.0.1/", "http://[::ffff:7f00:1]/", "http://localtest.me/",
    "https://example.org/redirect?to=http://127.0.0.1/", "file:///etc/passwd", "gopher://127.0.0.1:6379/_INFO",
    "ftp://127.0.0.1/", "dict://127.0.0.1:11211/stat", "jar:http://127.0.0.1!/", "HTTP://127.0.0.1/", "//127.0.0.1/",
]  # fmt: skip


def test_the_server_has_no_http_client() -> None:
    found = {
        (file, name)
        for file, name in imported()
        if any(name == each or name.startswith(f"{each}.") for each in (*CLIENTS, "asyncssh"))
    }
    assert {(file, name.split(".")[0]) for file, name in found} <= TUNNEL | RELOADER | CONVERTER | AUTHORS | LOADED, (
        found
    )


@pytest.fixture
def no_connections(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*args: Any) -> None:
        raise AssertionError(f"a connection was opened: {args}")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    monkeypatch.setattr(socket, "create_connection", refuse)
    monkeypatch.setattr(socket, "getaddrinfo", refuse)


@pytest.mark.parametrize("address", ADDRESSES)
def test_no_payload_makes_it_fetch(no_connections: None, store: file_data.FileStore, address: str) -> None:
    with file_data.use(file_data.FileContext()):
        for component in (gr.File(), gr.Image(), gr.Image(type="filepath")):
            for payload in (address, {"path": address}, {"path": address, "url": address}):
                with pytest.raises(Error):
                    component.preprocess(payload)


@pytest.mark.parametrize("address", ADDRESSES)
def test_no_result_makes_it_fetch(no_connections: None, store: file_data.FileStore, address: str) -> None:
    markup = f'<img src="{address}"> ![x]({address}) <svg><image href="{address}"/></svg>'
    with file_data.use(file_data.FileContext()):
        for component in (gr.Markdown(), gr.HTML(), gr.Textbox()):
            component.postprocess(markup)
        for shown in (gr.File(), gr.Image()):
            try:
                value: Any = shown.postprocess(address)
            except ValueError:
                continue
            assert value["url"] == address  # the browser may ask for it; its policy allows no other hosts


@pytest.mark.parametrize("address", ADDRESSES)
def test_t9_there_is_no_proxy(serve: Callable[..., Live], address: str) -> None:
    from urllib.parse import quote

    with gr.Blocks() as demo:
        gr.File()
    live = serve(demo)
    for path in (f"proxy={quote(address)}", f"gradio_api/proxy={quote(address, safe='')}"):
        assert live.ask(path).status == 400
    for path in (f"file={quote(address)}", f"gradio_api/file/{quote(address, safe='')}"):
        assert live.ask(path).status in (400, 404)


def test_t9_no_other_route_takes_an_address() -> None:
    assert [route for route in API_ROUTES if "address" in route or "url" in route] == ["proxy=<path:address>"]


def test_t8_no_answer_of_another_server_is_ever_read() -> None:
    """Redirects could only matter to a client, and there is none but for addresses of the app's author."""
    own = {file for file, _ in AUTHORS}
    assert not [
        name for file, name in imported() if name.startswith(("urllib.request", "http.client")) and file not in own
    ]
