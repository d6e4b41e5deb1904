"""A small app behind Django's own test client, for the tests of this folder."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import AsyncClient
from django.urls import path

import blocks_app as gr
from auth_app.identity import ANONYMOUS, Identity
from blocks_app.web.registry import MountOptions


class Urls:
    """A urlconf that exists only for one test."""

    def __init__(self, demo: gr.Blocks) -> None:
        self.urlpatterns = [path("", demo.urls)]


class Site:
    """One mounted app; `who` is asking."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, delete_cache: Any = None, **options: Any) -> None:
        with gr.Blocks(delete_cache=delete_cache) as self.demo:
            picture, file = gr.Image(), gr.File()
            file.change(lambda value: value, file, picture)
        self.who: Identity | None = ANONYMOUS
        self.urls = Urls(self.demo)
        mount = self.demo.mount
        assert mount is not None
        mount.options = MountOptions(**options)
        mount.guard = self._guard
        monkeypatch.setattr("django.conf.settings.ROOT_URLCONF", self.urls)
        self.client = AsyncClient(raise_request_exception=False)

    async def _guard(self, _request: Any) -> Identity | None:
        return self.who

    async def upload(self, name: str, content: bytes) -> Any:
        return await self.client.post("/upload", {"files": SimpleUploadedFile(name, content)})

    async def upload_raw(self, name: bytes, content: bytes, boundary: str = "b") -> Any:
        """As a client may write it that does not care for rules."""
        head = b'--b\r\nContent-Disposition: form-data; name="files"; filename="' + name + b'"\r\n\r\n'
        kind = f"multipart/form-data; boundary={boundary}"
        return await self.client.post("/upload", head + content + b"\r\n--b--\r\n", content_type=kind)

    async def stored(self, name: str, content: bytes) -> str:
        """Upload a file and answer its path on the wire."""
        answer = await self.upload(name, content)
        assert answer.status_code == 200, answer.content
        return str(answer.json()[0])

    async def get(self, path: str, **headers: str) -> Any:
        return await self.read(f"/file={path}", **headers)

    async def read(self, address: str, **headers: str) -> Any:
        """GET an address; the answer's `body` is all that it says, streamed or not."""
        answer: Any = await self.client.get(address, headers=headers)
        pieces = [piece async for piece in answer.streaming_content] if answer.streaming else [answer.content]
        answer.body = b"".join(pieces)
        return answer
