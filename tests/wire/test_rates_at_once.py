"""A rate holds for all endpoints together when a hundred requests come at once, whatever cache counts."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import pytest
from django.core.cache import caches

from tests.wire.asgi_client import Client

BACKENDS = "django.core.cache.backends."
FORM = b'--b\r\nContent-Disposition: form-data; name="files"; filename="x"\r\n\r\nx\r\n--b--\r\n'


@pytest.mark.parametrize("kind", ["locmem.LocMemCache", "filebased.FileBasedCache", "dummy.DummyCache"])
async def test_five_an_hour_are_five_of_a_hundred(kind: str, client: Client, settings: Any, tmp_path: Path) -> None:
    settings.BLOCKS_RATE_LIMIT = "5/d"
    place = str(tmp_path) if kind.startswith("file") else "rates at once"
    settings.CACHES = {"default": {"BACKEND": BACKENDS + kind, "LOCATION": place}}
    await asyncio.to_thread(caches["default"].clear)
    event = {"data": ["x"], "fn_index": 0, "session_hash": "s1"}
    asked = []
    for _ in range(15):
        asked += [
            client.post(f"/app/{endpoint}", event) for endpoint in ("queue/join", "call/echo", "run/echo", "api/echo")
        ]
        asked.append(client.post("/app/call/v2/echo", {"a": "x"}))
        asked.append(client.request("POST", "/app/upload", FORM, {"content-type": "multipart/form-data; boundary=b"}))
    statuses = [answer.status for answer in await asyncio.gather(*asked)]
    assert (statuses.count(200), statuses.count(429)) == (5, len(statuses) - 5)
