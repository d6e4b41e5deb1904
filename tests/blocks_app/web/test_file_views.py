"""Upload and download over HTTP."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import RequestFactory

from blocks_app.files import file_data, filestore
from blocks_app.files.byte_ranges import UnsatisfiableRange, wanted_range
from blocks_app.web import file_views
from tests.security.site import Site


@pytest.mark.parametrize("prefix", ["", "gradio_api/"])
async def test_what_is_uploaded_is_served_again(site: Site, prefix: str) -> None:
    answer = await site.client.post(f"/{prefix}upload", {"files": SimpleUploadedFile("a b.txt", b"hello")})
    assert answer.status_code == 200
    (path,) = answer.json()
    for address in (f"/{prefix}file={path}", f"/{prefix}file/{path}"):
        served = await site.read(address)
        assert (served.status_code, served.body) == (200, b"hello")
    assert served["Content-Type"] == "text/plain; charset=utf-8"
    assert served["Content-Disposition"].startswith('inline; filename="a b.txt"')
    assert served["Content-Length"] == "5"


async def test_many_files_keep_their_order(site: Site) -> None:
    many = [SimpleUploadedFile(f"{i}.bin", bytes([i]) * i) for i in range(1, 6)]
    paths = (await site.client.post("/upload", {"files": many})).json()
    assert [path.split("/")[1] for path in paths] == [f"{i}.bin" for i in range(1, 6)]
    assert (await site.get(paths[4])).body == b"\5" * 5


async def test_files_in_other_fields_are_refused_rather_than_lost(site: Site) -> None:
    other = await site.client.post("/upload", {"other": SimpleUploadedFile("a", b"x")})
    assert other.status_code == 400 and "`files`" in other.json()["detail"]
    assert (await site.client.post("/upload", {"files": "text"})).status_code == 400
    plain = await site.client.post("/upload", b"x", content_type="text/plain")
    assert (plain.status_code, plain.json()) == (400, {"detail": "Invalid content type."})


async def test_the_limit_is_told_in_bytes(make_site: Callable[..., Site]) -> None:
    site = make_site(max_file_size=1024)
    assert (await site.upload("ok.bin", b"x" * 1024)).status_code == 200
    refused = await site.upload("big.bin", b"x" * 1025)
    assert (refused.status_code, refused["Content-Type"]) == (413, "text/plain; charset=utf-8")
    assert refused.content == b"File size exceeded maximum allowed size of 1024 bytes."


async def test_head_and_conditional_requests(site: Site) -> None:
    path = await site.stored("a.png", b"12345")
    head = await site.client.head(f"/file={path}")
    assert (head.status_code, head.content, head["Content-Length"]) == (200, b"", "5")
    again = await site.get(path, if_none_match=head["ETag"])
    assert again.status_code == 304
    stale = await site.get(path, range="bytes=1-2", if_range='"other"')
    assert (stale.status_code, stale.body) == (200, b"12345")


async def test_parts_of_a_large_file(site: Site, store: file_data.FileStore) -> None:
    content = bytes(range(256)) * 4096
    path = await site.stored("film.mp4", content)
    part = await site.get(path, range="bytes=300000-899999")
    assert (part.status_code, part["Content-Range"]) == (206, f"bytes 300000-899999/{len(content)}")
    assert part.body == content[300000:900000]


@pytest.mark.parametrize(
    ("header", "wanted"),
    [
        (None, (0, 10)),
        ("bytes=0-", (0, 10)),
        ("bytes=2-4", (2, 3)),
        ("bytes=-3", (7, 3)),
        ("bytes=-99", (0, 10)),
        ("bytes=8-99", (8, 2)),
        ("bytes=5-2", (0, 10)),
        ("bytes=0-1,4-5", (0, 10)),
        ("bytes=-", (0, 10)),
        ("lines=1-2", (0, 10)),
        ("bytes=1-2x", (0, 10)),
    ],
)
def test_ranges(header: Any, wanted: tuple[int, int]) -> None:
    assert wanted_range(header, 10) == wanted


@pytest.mark.parametrize("header", ["bytes=10-", "bytes=99-100", "bytes=-0"])
def test_ranges_behind_the_end(header: str) -> None:
    with pytest.raises(UnsatisfiableRange):
        wanted_range(header, 10)


def test_a_visitor_who_left_before_the_answer_leaves_no_file_open(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("a")
    record = filestore.RegisteredFile("i" * 22, "a.txt", "a.txt", 1, "text/plain", "", 0.0)
    content = (tmp_path / "a.txt").open("rb")
    response = file_views.send(RequestFactory().get("/"), record, lambda: content)
    assert not content.closed
    del response  # Django never had it: nobody calls close()
    assert content.closed
