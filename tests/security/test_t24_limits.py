"""T24: uploads stop at the limit; those refused or broken off leave nothing."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import override_settings

from blocks_app.files import file_data
from tests.security.site import Site


def left(store: file_data.FileStore, temporary: Path) -> list[Path]:
    return [place for folder in (store.local, temporary) for place in folder.rglob("*") if place.is_file()]


async def test_refused_uploads_leave_nothing(
    make_site: Callable[..., Site], store: file_data.FileStore, tmp_path: Path
) -> None:
    site, temporary = make_site(max_file_size=1000), tmp_path / "parts"
    temporary.mkdir()
    with override_settings(FILE_UPLOAD_TEMP_DIR=str(temporary)):
        many = [SimpleUploadedFile("ok.bin", b"x" * 900), SimpleUploadedFile("big.bin", b"x" * 200_000)]
        assert (await site.client.post("/upload", {"files": many})).status_code == 413
        assert left(store, temporary) == []


async def test_an_upload_that_breaks_off_leaves_nothing(site: Site, store: file_data.FileStore, tmp_path: Path) -> None:
    temporary = tmp_path / "parts"
    temporary.mkdir()
    half = b'--b\r\nContent-Disposition: form-data; name="files"; filename="x"\r\n\r\nhalf of it'
    with override_settings(FILE_UPLOAD_TEMP_DIR=str(temporary)):
        answer = await site.client.post("/upload", half, content_type="multipart/form-data; boundary=b")
        assert (answer.status_code, answer.json() if answer.status_code == 200 else None) in [(200, []), (400, None)]
        assert left(store, temporary) == []


async def test_too_many_files_are_refused(site: Site, store: file_data.FileStore, tmp_path: Path) -> None:
    with override_settings(DATA_UPLOAD_MAX_NUMBER_FILES=3):
        many = [SimpleUploadedFile("x", b"x") for _ in range(4)]
        assert (await site.client.post("/upload", {"files": many})).status_code == 400
    assert left(store, tmp_path / "none") == []


@pytest.mark.parametrize("boundary", ["", "x" * 300])
async def test_bad_boundaries_are_400(site: Site, boundary: str) -> None:
    assert (await site.upload_raw(b"x", b"x", boundary)).status_code == 400
