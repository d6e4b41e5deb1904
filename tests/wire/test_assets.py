"""A page's files, served without Django and exactly as Django serves them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from django.core.handlers.asgi import ASGIHandler

from blocks_app.web import static_responses
from tests.wire.asgi_client import Client


@pytest.fixture
def bundle(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """A built file and its compressed copy."""
    monkeypatch.setattr(static_responses, "BUNDLES", tmp_path)
    (tmp_path / "main-123.js").write_bytes(b"long code")
    (tmp_path / "main-123.js.br").write_bytes(b"br")
    return "main-123.js"


@pytest.mark.parametrize("headers", [{}, {"accept-encoding": "gzip, br"}])
@pytest.mark.parametrize(
    "name", ["assets/main-123.js", "assets/nothing.js", "assets/main-123.js.br", "assets/../served.py", "theme.css?v=1"]
)
@pytest.mark.parametrize("method", ["GET", "HEAD"])
async def test_the_consumer_answers_as_the_view(
    client: Client, bundle: str, name: str, method: str, headers: dict[str, str]
) -> None:
    fast = await client.request(method, f"/app/{name}", headers=headers)
    slow: Any = await Client(ASGIHandler()).request(method, f"/app/{name}", headers=headers)
    assert fast.status == slow.status
    if method == "GET":  # Django leaves it to the server to drop the body of a HEAD
        assert fast.body in (slow.body, slow.body.replace(b": ", b":"))  # JSON is written closer
    same = {"content-type", "content-encoding", "vary", "x-content-type-options"}
    same |= {"cache-control", "etag"} if fast.status == 200 else set()
    assert _only(same, fast.headers) == _only(same, slow.headers)


def _only(names: set[str], headers: dict[str, str]) -> dict[str, str]:
    return {name.lower(): value for name, value in headers.items() if name.lower() in names}


async def test_what_the_browser_has_is_not_sent_again(client: Client, bundle: str) -> None:
    first = await client.get(f"/app/assets/{bundle}")
    again = await client.get(f"/app/assets/{bundle}", {"if-none-match": first.headers["etag"]})
    assert (again.status, again.body) == (304, b"")
