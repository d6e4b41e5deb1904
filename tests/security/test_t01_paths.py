"""T1, T2: nothing that a client sends is ever a path of the server."""

from __future__ import annotations

import os
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import blocks_app as gr
from blocks_app.exceptions import Error
from blocks_app.files import file_data
from blocks_app.files.paths import safe_name, split_file_path
from tests.security.site import Site

PATHS = [
    "..", "../../etc/passwd", "%2e%2e/%2e%2e/etc/passwd", "..%2f..%2fetc%2fpasswd", "//etc/passwd", "/etc/passwd",
    "/x/../etc/passwd", "/etc/passwd/..", "etc/passwd%00.png", "file:///etc/passwd", "file:/etc/passwd",
    "~/.ssh/id_rsa", "/proc/self/environ", "http://127.0.0.1/", "https://example.org/x", "./manage.py", ".", "", "?",
]  # fmt: skip
WINDOWS = [
    "\\\\host\\share\\x", "//host/share/x", "C:\\windows\\win.ini", "C:/windows/win.ini", "c:win.ini", "..\\..\\x",
    "/windows/win.ini", "x:ads", "con", "NUL", "aux.txt", "x.txt.", "x.txt ", "\\\\?\\C:\\x", "X.TXT",
]  # fmt: skip


@pytest.mark.parametrize("path", PATHS + WINDOWS)
async def test_no_address_serves_a_path(site: Site, path: str) -> None:
    real = await site.stored("x.txt", b"stored")
    for address in (f"/file={path}", f"/file/{path}", f"/gradio_api/file={path}", f"/file={real.split('/')[0]}/{path}"):
        answer = await site.client.get(address)
        assert answer.status_code in (301, 400, 404), address


@pytest.mark.parametrize("path", PATHS + WINDOWS)
def test_no_payload_names_a_path(store: file_data.FileStore, path: str) -> None:
    with file_data.use(file_data.FileContext()):
        for component in (gr.File(), gr.Image()):
            for payload in ({"path": path}, {"path": path, "meta": {"_type": "gradio.FileData"}, "url": path}, path):
                with pytest.raises(Error):
                    component.preprocess(payload)


@pytest.mark.parametrize("name", PATHS + WINDOWS)
async def test_uploaded_names_stay_in_their_folder(site: Site, store: file_data.FileStore, name: str) -> None:
    answer = await site.upload_raw(name.encode(), b"x")
    assert answer.status_code in (200, 400)
    for path in answer.json() if answer.status_code == 200 else ():
        record = store.find(path)
        assert record is not None
        assert store.local_path(record).parent.parent == store.local


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=200, deadline=None)
@given(st.text(max_size=60))
def test_any_name_lands_in_the_folder_of_its_id(name: str) -> None:
    safe = safe_name(name)
    assert os.path.realpath(f"/store/id/{safe}") == f"/store/id/{safe}"
    assert split_file_path("A" * 22 + "/" + safe) is not None
    assert safe_name(safe) == safe


@pytest.mark.parametrize(
    "value", [3, True, [], ["x"], {}, {"path": None}, {"path": ["x"]}, {"url": "/x"}, {"meta": {}}]
)
def test_other_values_are_refused_in_words(store: file_data.FileStore, value: Any) -> None:
    with file_data.use(file_data.FileContext()), pytest.raises(Error, match="File takes an uploaded file"):
        gr.File().preprocess(value)
