"""T20: Host and forwarding headers of just anybody change nothing."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from unittest.mock import Mock

import pytest

import blocks_app as gr
from tests.security.live import Live
from tests.serving import served

FORGED = {
    "X-Forwarded-Host": "evil.example", "X-Forwarded-Proto": "https", "X-Forwarded-For": "1.2.3.4",
    "X-Forwarded-Port": "1", "X-Forwarded-Prefix": "/evil", "X-Real-Ip": "1.2.3.4", "Forwarded": "host=evil.example",
    "X-Gradio-Server": "https://evil.example", "X-Original-Url": "/evil", "X-Rewrite-Url": "/evil",
    "X-Http-Method-Override": "DELETE", "Root-Path": "/evil", "Daphne-Root-Path": "/evil",
    "X-Forwarded_Host": "evil.example",
}  # fmt: skip


@pytest.fixture(scope="module")
def live() -> Iterator[Live]:
    def told(request: gr.Request) -> str:
        return f"{request.client.host} {request.url}"

    with gr.Blocks() as demo:
        out = gr.Textbox()
        gr.Button().click(told, None, out, api_name="told")
    with served(demo) as address:
        yield Live(address)


def ask(live: Live, path: str, **headers: str) -> str:
    from urllib.request import Request, urlopen

    with urlopen(Request(live.url + path, headers=headers), timeout=30) as found:
        return str(found.read().decode())


@pytest.mark.parametrize("name", FORGED)
def test_a_forged_header_changes_neither_page_nor_config(live: Live, name: str) -> None:
    for path in ("config", ""):
        assert "evil" not in ask(live, path, **{name: FORGED[name]})
    assert f'"root":"{live.url.rstrip("/")}"' in ask(live, "config", **{name: FORGED[name]})


def test_functions_see_who_really_asks(live: Live) -> None:
    headers = {name.replace("-", "_"): value for name, value in FORGED.items() if "_" not in name}
    (told,) = live.post("run/told", {"data": []}, **headers).json["data"]
    assert told.startswith("127.0.0.1 ") and "evil" not in told and "1.2.3.4" not in told


@pytest.mark.parametrize(
    "host", ["evil.example", "127.0.0.1.evil.example", "evil.example:80", "", "localhost@evil", "[::2]"]
)
def test_a_foreign_host_is_refused_everywhere(live: Live, host: str) -> None:
    for path in ("/", "/config", "/queue/status", "/upload_progress?upload_id=x", "/theme.css"):
        assert b" 400" in live.raw(f"GET {path} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n".encode()), path


@pytest.mark.parametrize("trusted", [True, False])
def test_daphne_takes_a_prefix_from_a_header_only_where_the_site_says_so(trusted: bool, settings: Any) -> None:
    from queue_app.server.daphne.embedded import Server  # patches Daphne

    settings.BLOCKS_TRUST_ROOT_PATH = trusted
    began, asked = list[Any](), Mock()

    def application(scope: Any, **_: Any) -> None:
        began.append(scope)
        daphne.connections.clear()  # the client has gone: there is nothing to run

    daphne = Mock(root_path="/own", application=application, connections={asked: {}})
    Server.create_application(daphne, asked, {"type": "http", "root_path": "/evil"})
    assert [scope["root_path"] for scope in began] == ["/evil" if trusted else "/own"]
