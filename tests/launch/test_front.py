"""The first look at a connection: known public addresses settle its scheme, everything else changes nothing (T20)."""

from __future__ import annotations

from typing import Any

import pytest

from queue_app.server.network.host_check import HostCheck


async def seen(root_path: str | None, *, kind: str = "http", published: str = "", **headers: str) -> tuple[str, str]:
    """Scheme and host that the application behind sees."""
    found: list[Any] = []

    async def application(scope: Any, receive: Any, send: Any) -> None:
        found.append(scope)

    async def send(message: Any) -> None:
        found.append(message)

    front = HostCheck(application, None, ["localhost", "127.0.0.1"], root_path)
    if published:
        front.publish(published)
    pairs = [(name.encode(), value.encode()) for name, value in headers.items()]
    scheme = "http" if kind == "http" else "ws"
    scope = {"type": kind, "scheme": scheme, "path": "/", "headers": pairs}
    await front(scope, None, send)  # type: ignore[arg-type]
    if "scheme" not in found[0]:
        return "refused", ""
    return found[0]["scheme"], dict(found[0]["headers"])[b"host"].decode()


@pytest.mark.parametrize(
    ("root_path", "host", "origin", "expected"),
    [
        ("https://ex.com/app", "ex.com", None, ("https", "ex.com")),
        ("https://ex.com/app", "EX.com:443", None, ("https", "EX.com:443")),
        ("https://ex.com:8443", "ex.com:8443", None, ("https", "ex.com:8443")),
        ("https://ex.com:8443", "ex.com", None, ("http", "ex.com")),  # another port is another address
        ("https://ex.com", "127.0.0.1:7860", None, ("http", "127.0.0.1:7860")),
        ("https://ex.com", "127.0.0.1:7860", "https://ex.com", ("https", "ex.com")),
        ("https://ex.com", "127.0.0.1:7860", "http://ex.com", ("http", "127.0.0.1:7860")),
        ("https://ex.com", "127.0.0.1:7860", "https://evil.example", ("http", "127.0.0.1:7860")),
        ("https://ex.com", "evil.example", "https://ex.com", ("refused", "")),
        ("/app", "127.0.0.1:7860", "https://ex.com", ("http", "127.0.0.1:7860")),
        (None, "ex.com", None, ("refused", "")),
    ],
)
async def test_what_the_application_sees(
    root_path: str | None, host: str, origin: str | None, expected: tuple[str, str]
) -> None:
    assert await seen(root_path, host=host, **({"origin": origin} if origin else {})) == expected


async def test_a_socket_of_an_https_page_is_secure() -> None:
    assert await seen("https://ex.com", kind="websocket", host="ex.com", origin="https://ex.com") == ("wss", "ex.com")


async def test_a_shared_link_is_answered() -> None:
    link = "https://p1.share.example.org/"
    assert await seen(None, host="p1.share.example.org") == ("refused", "")
    assert await seen(None, published=link, host="p1.share.example.org") == ("https", "p1.share.example.org")


async def test_forwarded_headers_change_nothing() -> None:
    forwarded = {"x-forwarded-host": "evil.example", "x-forwarded-proto": "https", "forwarded": "host=evil.example"}
    assert await seen("https://ex.com", host="127.0.0.1", **forwarded) == ("http", "127.0.0.1")
