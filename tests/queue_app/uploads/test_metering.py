"""An upload is counted while it comes, whatever the pieces in which it comes."""

from __future__ import annotations

from typing import Any

import pytest

from queue_app.uploads import upload_progress
from queue_app.uploads.upload_meter import UploadMeter
from queue_app.uploads.upload_progress import ReceivedBytes

KIND = "multipart/form-data; boundary=b-b"


def part(name: str, content: bytes, more: str = "") -> bytes:
    head = f'--b-b\r\nContent-Disposition: form-data; name="files"; filename="{name}"\r\n{more}\r\n'
    return head.encode() + content + b"\r\n"


def taken(body: bytes, step: int, limit: int | None = 1000) -> int | None:
    """After how many bytes it was refused; None when it passed."""
    meter = UploadMeter(KIND, None, limit)
    for start in range(0, len(body), step):
        if not meter.admits(body[start : start + step]):
            return start + step
    return None


@pytest.mark.parametrize("step", [1, 7, 100, 10_000])
def test_the_limit_is_exact_to_a_byte(step: int) -> None:
    assert taken(part("a", b"x" * 1000) + part("b", b"\r\n-" * 333) + b"--b-b--\r\n", step) is None
    assert taken(part("a", b"x" * 1000) + part("b", b"x" * 1001) + b"--b-b--\r\n", step) is not None
    assert taken(part("a", b"\r\n" * 501) + b"--b-b--\r\n", step) is not None


def test_it_stops_within_a_boundary_of_the_limit() -> None:
    begun = len(part("a", b"")) - 2
    stopped = taken(part("a", b"x" * 100_000), 1)
    assert stopped is not None and begun + 1000 < stopped <= begun + 1000 + len("\r\n--b-b") + 1


def test_a_part_that_announces_too_much_is_refused_before_it_comes() -> None:
    assert taken(part("a", b"", "Content-Length: 1001\r\n"), 10_000) is not None
    assert taken(part("a", b"", "Content-Length: 1000\r\n"), 10_000) is None


def test_long_headers_and_what_follows_the_end_do_no_harm() -> None:
    assert taken(b"--b-b\r\n" + b"x" * 900, 50) is None
    assert taken(part("a", b"x") + b"--b-b--\r\n" + b"y" * 5000, 50) is None
    assert taken(part("a", b"x" * 5000) + b"--b-b--", 50, limit=None) is None


async def test_progress_names_the_file_that_comes() -> None:
    progress = ReceivedBytes()
    meter = UploadMeter(KIND, None, None, progress)
    first, second = part("one%20.txt", b"x" * 10), part("two.txt", b"x" * 20) + b"--b-b--\r\n"
    for piece in (first[:50], first[50:], second):
        meter.feed(piece)
    meter.close()
    assert await progress.next_reports() == [("", 50), ("one .txt", len(first) - 50), ("two.txt", len(second))]


def test_a_body_of_nothing_but_boundaries_costs_no_more_than_another() -> None:
    """Counted in searches, not in seconds: each byte is looked at a fixed number of times."""
    seen = 0

    class Counted(bytes):
        def find(self, *args: Any) -> int:  # type: ignore[override]
            nonlocal seen
            found = super().find(*args)
            seen += (found if found >= 0 else len(self)) - args[1]
            return found

        def __radd__(self, other: bytes) -> Counted:
            return Counted(bytes(other) + bytes(self))

    body = b"--b-b\r\n\r\n" * 20_000
    UploadMeter(KIND, None, 1000).feed(Counted(body))
    assert seen < 3 * len(body)


async def test_of_very_many_uploads_the_oldest_ends_for_whoever_waits_for_it() -> None:
    keys = [(f"upload {number}", "anna") for number in range(upload_progress.KEPT + 1)]
    oldest, *_, latest = [upload_progress.begin(key) for key in keys]
    try:
        assert (oldest.done, latest.done) == (True, False)
        assert [await upload_progress.find(key, 0) for key in (keys[0], keys[-1])] == [None, latest]
    finally:
        for key in keys:
            upload_progress.forget(key)
