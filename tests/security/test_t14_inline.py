"""T14: nothing that a browser could execute is served inline."""

from __future__ import annotations

import pytest

from tests.security.site import Site

ACTIVE = ["x.html", "x.htm", "x.xhtml", "x.svgz", "x.js", "x.mjs", "x.xml", "x.pdf", "x.css", "x.md", "x",
          "x.wasm", "x.swf", "x.hta", "x.mht", "x.png.html", "x.HTML", "x.csv"]  # fmt: skip


@pytest.mark.parametrize("name", ACTIVE)
async def test_active_types_are_downloads(site: Site, name: str) -> None:
    answer = await site.get(await site.stored(name, b"<script>alert(1)</script>"))
    assert answer["Content-Type"] == "application/octet-stream"
    assert answer["Content-Disposition"].startswith("attachment;")


async def test_a_drawing_is_for_img_elements_alone(site: Site) -> None:
    answer = await site.get(await site.stored("x.svg", b"<svg><script>alert(1)</script></svg>"))
    assert (answer["Content-Type"], answer["Content-Disposition"][:11]) == ("image/svg+xml", "attachment;")
    assert answer["Content-Security-Policy"].startswith("sandbox; default-src 'none'")


@pytest.mark.parametrize("name", ["x.html", "x.png", "x.txt", "x.mp4"])
async def test_every_file_is_boxed_in(site: Site, name: str) -> None:
    answer = await site.get(await site.stored(name, b"GIF89a<script>"))
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Content-Security-Policy"].startswith("sandbox; default-src 'none'")
    assert answer["Cross-Origin-Resource-Policy"] == "same-origin"


@pytest.mark.parametrize(
    ("name", "kind"), [("x.png", "image/png"), ("x.webp", "image/webp"), ("x.json", "application/json")]
)
async def test_safe_types_are_shown(site: Site, name: str, kind: str) -> None:
    answer = await site.get(await site.stored(name, b"x"))
    assert (answer["Content-Type"], answer["Content-Disposition"][:7]) == (kind, "inline;")


async def test_a_name_cannot_end_the_header(site: Site) -> None:
    uploaded = await site.upload_raw(b'a\\"; filename=evil.html%0d%0aX-Bad: 1.txt', b"x")
    answer = await site.get(uploaded.json()[0])
    assert "X-Bad" not in answer.headers
    assert answer["Content-Disposition"].count('"') == 2


async def test_the_senders_type_does_not_count(site: Site) -> None:
    from django.core.files.uploadedfile import SimpleUploadedFile

    form = {"files": SimpleUploadedFile("x.bin", b"<script>", content_type="text/html")}
    (path,) = (await site.client.post("/upload", form)).json()
    assert (await site.get(path))["Content-Type"] == "application/octet-stream"
