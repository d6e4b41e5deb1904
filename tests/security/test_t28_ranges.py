"""T28: whatever Range says, the answer is 200, 206 or 416, and its length is right."""

from __future__ import annotations

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from blocks_app.files.byte_ranges import UnsatisfiableRange, wanted_range
from tests.security.site import Site

FIXED = ["bytes=1337--", "bytes=--5", "bytes=0-0", "bytes=-0", "bytes=9-", "bytes=0-99", "bytes=8-9",
         "bytes=3-" + "9" * 20, "bytes=0-1,2-3", "bytes=,", "bytes",
         "bytes=" + "9" * 400 + "-", "bytes=-" + "9" * 18, "bytes=0-" + "0-0," * 2000, "none"]  # fmt: skip


async def test_no_range_fails(site: Site) -> None:
    path = await site.stored("x.bin", b"123456789")
    pick = random.Random(3)
    tried = FIXED + [f"bytes={''.join(pick.choices('0123456789-, ', k=8))}" for _ in range(40)]
    for header in tried:
        answer = await site.get(path, range=header)
        assert answer.status_code in (200, 206, 416), header
        if answer.status_code == 206:
            assert len(answer.body) == int(answer["Content-Length"])
        elif answer.status_code == 416:
            assert answer["Content-Range"] == "bytes */9"


near = st.integers(0, 40).map(str) | st.just("")


@given(
    st.text(max_size=30)
    | st.from_regex(r"bytes=\d{0,22}-\d{0,22}", fullmatch=True)
    | st.builds("bytes={}-{}".format, near, near),
    st.integers(0, 30) | st.integers(0, 10**12),
)
def test_every_range_lies_in_the_file(header: str, size: int) -> None:
    try:
        first, length = wanted_range(header, size)
    except UnsatisfiableRange:
        return
    assert 0 <= first <= first + length <= size


@pytest.mark.parametrize("size", [0, 1])
def test_empty_and_tiny_files(size: int) -> None:
    assert wanted_range(None, size) == (0, size)
