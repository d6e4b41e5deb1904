"""T23: forms made to hurt a parser are answered fast, with 400 or less than they ask, and memory stays flat."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

import blocks_app as gr
from tests.security.live import Live
from tests.serving import served

PART = b'--b\r\nContent-Disposition: form-data; name="files"; filename="x"\r\n\r\nx\r\n'
NAMED = b'--b\r\nContent-Disposition: form-data; name="files"; filename="%s"\r\n\r\nx\r\n--b--\r\n'
MB = 1024 * 1024
FORMS: dict[str, bytes] = {
    "long boundary tail": b"--b" + b"-" * MB + b"\r\n" + PART + b"--b--\r\n",
    "1 MB file name": NAMED % (b"n" * MB),
    "escaped file name": NAMED % (b"\\" * MB),
    "100,000 headers": b"--b\r\n" + b"X-A: b\r\n" * 100_000 + b"\r\nx\r\n--b--\r\n",
    "one header of MBs": b"--b\r\nX-A: " + b"b" * (4 * MB) + b"\r\n\r\nx\r\n--b--\r\n",
    "100,000 parts": PART * 100_000 + b"--b--\r\n",
    "100,000 fields": b'--b\r\nContent-Disposition: form-data; name="a"\r\n\r\nx\r\n' * 100_000 + b"--b--\r\n",
    "preamble of MBs": b"p" * (8 * MB) + b"\r\n" + PART + b"--b--\r\n",
    "epilogue of MBs": PART + b"--b--\r\n" + b"e" * (8 * MB),
    "no end": PART,
    "empty": b"",
    "only boundaries": b"--b\r\n" * 200_000,
    "line ends only": b"\r\n" * (2 * MB),
    "base64 that is none": PART.replace(b"\r\n\r\n", b"\r\nContent-Transfer-Encoding: base64\r\n\r\n!!!", 1)
    + b"--b--\r\n",
    "semicolons": b"--b\r\nContent-Disposition: form-data" + b";" * MB + b"\r\n\r\nx\r\n--b--\r\n",
    "rfc 2231": b"--b\r\nContent-Disposition: form-data; name=files; filename*=utf-8''%ff%fe\r\n\r\nx\r\n--b--\r\n",
    "unknown charset": b"--b\r\nContent-Disposition: form-data; name=files; filename*=none''x\r\n\r\nx\r\n--b--\r\n",
}  # fmt: skip


@pytest.fixture(scope="module")
def live(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Live]:
    with gr.Blocks() as demo:
        gr.File()
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("GRADIO_TEMP_DIR", str(tmp_path_factory.mktemp("files")))
        with served(demo) as address:
            yield Live(address)


def memory() -> int:
    """Resident bytes of this process, in which the server runs too."""
    return int(Path("/proc/self/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")


@pytest.mark.parametrize("kind", FORMS)
def test_hostile_forms(live: Live, kind: str) -> None:
    before, begun = memory(), time.monotonic()
    answer = live.ask("upload", FORMS[kind], Content_Type="multipart/form-data; boundary=b")
    assert answer.status in (200, 400, 413), answer.body[:300]
    assert time.monotonic() - begun < 20  # they take hundredths of a second; this machine may be busy
    assert memory() - before < 64 * MB


@pytest.mark.parametrize(
    "kind",
    [
        "multipart/form-data",
        "multipart/form-data; boundary=",
        "multipart/form-data; boundary=" + "b" * 300,
        "multipart/form-data; boundary=\xff",
        "multipart/form-data; boundary*=utf-8''b",
        "multipart/mixed; boundary=b",
        "multipart/form-data; charset=none; boundary=b",
        ";;;",
    ],
)
def test_hostile_content_types(live: Live, kind: str) -> None:
    assert live.ask("upload", PART + b"--b--\r\n", Content_Type=kind).status in (200, 400)


@pytest.mark.parametrize(
    "head",
    [
        b"Content-Length: 5\r\nContent-Length: 6",
        b"Content-Length: -1",
        b"Content-Length: x",
        b"Content-Length: 5\r\nTransfer-Encoding: chunked",
        b"Transfer-Encoding: chunked, identity",
        b"X: " + b"h" * 100_000,
        b"X: y\r\n" * 100_000 + b"X: y",
    ],
)
def test_hostile_heads_end_the_request(live: Live, head: bytes) -> None:
    line = live.raw(b"POST /upload HTTP/1.1\r\nHost: localhost\r\n" + head + b"\r\n\r\n0\r\n\r\n")
    assert line == b"" or any(status in line for status in (b" 400", b" 413", b" 431")), line
    assert live.ask("config").status == 200


@pytest.mark.parametrize(
    "long", [b"GET /?" + b"a" * 20_000 + b" HTTP/1.1\r\n", b"GET / HTTP/1.1\r\nX: " + b"h" * 20_000]
)
def test_a_line_that_is_too_long_is_answered(live: Live, long: bytes) -> None:
    assert live.raw(long + b"\r\nHost: localhost\r\n\r\n").startswith(b"HTTP/1.1 431")
