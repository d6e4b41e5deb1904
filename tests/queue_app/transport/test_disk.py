"""A disk that is full, can only be read or has lost a folder: each endpoint says so, and what needs none goes on."""

from __future__ import annotations

import errno
import os
import tempfile
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from typing import Any

import httpx
import pytest
from django.core.files.storage import FileSystemStorage
from django.test import override_settings

import blocks_app as gr
from queue_app.operations import health
from tests.serving import served

FULL = (507, "The server's disk is full. Try again later.")
READ_ONLY = (503, "The server's disk can only be read at the moment. Try again later.")
CLOSED = (503, "The server may not use its own files. Its operator finds why in the log.")
MISSING = (503, "A folder of the server is missing. Its operator finds which one in the log.")
BUSY = (503, "The server has too many files open. Try again in a moment.")
FAULTS = {
    errno.ENOSPC: FULL,
    errno.EDQUOT: FULL,
    errno.EROFS: READ_ONLY,
    errno.EACCES: CLOSED,
    errno.ENOENT: MISSING,
    errno.EMFILE: BUSY,
}


def made() -> str:
    """Path of a file that a function has written."""
    with tempfile.NamedTemporaryFile("w", delete=False) as file:
        file.write("made")
    return file.name


@pytest.fixture(scope="module")
def url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with gr.Blocks() as demo:
        text, file = gr.Textbox(), gr.File()
        text.change(lambda value: value, text, text, api_name="echo")
        text.change(made, None, file, api_name="make")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("GRADIO_TEMP_DIR", str(tmp_path_factory.mktemp("files")))
        with served(demo) as address:
            yield address


def upload(url: str, content: bytes = b"abc", **headers: str) -> tuple[int, Any]:
    answer = httpx.post(f"{url}upload", files={"files": ("a.txt", content)}, headers=headers)
    parsed = answer.json()
    return answer.status_code, parsed if isinstance(parsed, list) else parsed["detail"]


def run(url: str, name: str, *data: Any) -> tuple[int, Any]:
    answer = httpx.post(f"{url}run/{name}", json={"data": list(data)})
    parsed = answer.json()
    return answer.status_code, parsed.get("data") or parsed["error"]


@pytest.mark.parametrize("fault", FAULTS, ids=errno.errorcode.get)
def test_a_storage_that_takes_nothing(url: str, fault: int, monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(*args: Any) -> str:
        raise OSError(fault, os.strerror(fault), "/secret/place")

    with monkeypatch.context() as patch:
        patch.setattr(FileSystemStorage, "_save", fails)
        assert upload(url) == FAULTS[fault]
        assert run(url, "make") == (500, FAULTS[fault][1])
        assert run(url, "echo", "a") == (200, ["a"])
        assert httpx.get(url).status_code == httpx.get(f"{url}info").status_code == 200
        assert health.problems() == [f"The storage of files does not work: {FAULTS[fault][1]}"]
    assert (upload(url)[0], run(url, "make")[0], health.problems()) == (200, 200, [])


@pytest.mark.parametrize("fault", FAULTS, ids=errno.errorcode.get)
def test_no_room_for_a_body_that_comes(url: str, fault: int, monkeypatch: pytest.MonkeyPatch) -> None:
    class Fails:
        def write(self, data: bytes) -> int:
            raise OSError(fault, os.strerror(fault), "/secret/place")

        def close(self) -> None:
            raise OSError(fault, os.strerror(fault), "/secret/place")

    with monkeypatch.context() as patch:
        patch.setattr("twisted.web.http._getContentFile", lambda length: Fails() if length else BytesIO())
        assert upload(url, b"x" * 300_000) == FAULTS[fault]
        answer = httpx.post(f"{url}run/echo", json={"data": ["x" * 200_000]})
        assert (answer.status_code, answer.json()["detail"]) == FAULTS[fault]
        assert httpx.get(f"{url}config").status_code == 200
    assert upload(url)[0] == 200


def test_the_folder_for_temporary_files_is_gone(url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as patch:
        patch.setattr(tempfile, "tempdir", str(tmp_path / "nothing"))
        answer = httpx.post(f"{url}run/echo", json={"data": ["x" * 200_000]})
        assert (answer.status_code, answer.json()["detail"]) == MISSING
        assert run(url, "echo", "a") == (200, ["a"])
        assert health.problems() == [f"The folder for temporary files does not work: {MISSING[1]}"]
    assert run(url, "echo", "a" * 200_000)[0] == 200


def test_the_folder_of_files_cannot_be_made(url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A file is where the folder should be: what root is not stopped by permissions from."""
    (tmp_path / "plain").write_text("in the way")
    with monkeypatch.context() as patch:
        patch.setenv("GRADIO_TEMP_DIR", str(tmp_path / "plain" / "files"))
        assert upload(url)[0] == 503
        assert run(url, "echo", "a") == (200, ["a"])
        assert httpx.get(f"{url}file={'a' * 22}/x").status_code == 404
    assert upload(url)[0] == 200


@override_settings(BLOCKS_DISK_RESERVE=10**18)
def test_a_full_disk_refuses_uploads_and_nothing_else(url: str) -> None:
    assert upload(url) == FULL
    assert run(url, "echo", "a") == (200, ["a"])


def test_a_file_that_cannot_be_opened_at_the_moment(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(*args: Any) -> Any:
        raise OSError(errno.EMFILE, "Too many open files", "/secret/place")

    path = upload(url)[1][0]
    with monkeypatch.context() as patch:
        patch.setattr("blocks_app.files.filestore.open_plain", fails)
        answer = httpx.get(f"{url}file={path}")
        assert (answer.status_code, answer.json()["detail"]) == BUSY
    assert httpx.get(f"{url}file={path}").content == b"abc"
