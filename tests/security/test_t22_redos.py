"""T22: every pattern and validator that sees a visitor's text takes time in proportion to it, at most."""

from __future__ import annotations

import contextlib
import re
import time
from collections.abc import Callable
from importlib import import_module
from typing import Any

import pytest

import blocks_app as gr
from blocks_app.files import paths
from blocks_app.files.byte_ranges import UnsatisfiableRange, wanted_range
from queue_app.uploads.upload_meter import UploadMeter, boundary_of
from tests.security.live import Live
from tests.security.sources import trees

LONG = 100_000
EVIL = [
    "a" * LONG, " " * LONG, "/" * LONG, "\\" * LONG, "." * LONG, "%2e" * (LONG // 3), "a/" * (LONG // 2),
    "=" * LONG, '"' * LONG, "bytes=" + "0-1," * (LONG // 4), "bytes=" + "9" * LONG, "\x00" * LONG,
    "http://" + "a." * (LONG // 2), "con." * (LONG // 4), "-" * LONG + "!", "a" * LONG + "\n", "\u0301" * LONG,
    "multipart/form-data; boundary=" + "b" * LONG, "filename=\"" + "\\" * LONG, "<" * LONG, "$" * LONG + "x",
]  # fmt: skip


def patterns() -> list[tuple[str, re.Pattern[Any]]]:
    """Every compiled pattern at the top of a module of the server."""
    found = []
    for file in trees():
        if "management" in file or "migrations" in file or file.endswith(("__main__.py", "project/asgi.py")):
            continue
        module = import_module(file.removesuffix(".py").replace("/", ".").removesuffix(".__init__"))
        found += [(f"{file}: {name}", each) for name, each in vars(module).items() if isinstance(each, re.Pattern)]
    return found


VALIDATORS: dict[str, Callable[[str], object]] = {
    "safe_name": paths.safe_name,
    "base_name": paths.base_name,
    "split_file_path": paths.split_file_path,
    "is_web_address": paths.is_web_address,
    "boundary_of": boundary_of,
}


def fast(action: Callable[[], object]) -> bool:
    """Whether it is quick; the best of five, because other programs run too. Catastrophic patterns take minutes."""
    best = 1e9
    for _ in range(5):
        begun = time.thread_time()
        action()
        best = min(best, time.thread_time() - begun)
        if best < 0.05:
            return True
    return False


def test_patterns_are_fast() -> None:
    found = patterns()
    assert len(found) > 10
    for name, pattern in found:
        for evil in EVIL:
            text = evil.encode() if isinstance(pattern.pattern, bytes) else evil
            for search in (pattern.match, pattern.fullmatch):
                assert fast(lambda search=search, text=text: search(text)), (name, evil[:30])  # type: ignore[misc]


@pytest.mark.parametrize("name", VALIDATORS)
def test_validators_are_fast(name: str) -> None:
    for evil in EVIL:
        assert fast(lambda evil=evil: VALIDATORS[name](evil)), evil[:30]  # type: ignore[misc]


def test_ranges_are_fast() -> None:
    def parse(text: str) -> None:
        with contextlib.suppress(UnsatisfiableRange):
            wanted_range(text, 1000)

    for evil in EVIL:
        assert fast(lambda evil=evil: parse(evil)), evil[:30]  # type: ignore[misc]


def test_counting_an_upload_is_fast() -> None:
    for evil in [*EVIL, "--b" * (LONG // 3), "--b\r\n" * (LONG // 5), '--b\r\nfilename="' * (LONG // 20)]:
        assert fast(lambda evil=evil: UploadMeter("multipart/form-data; boundary=b", None, 10).feed(evil.encode()))  # type: ignore[misc]


def test_numbers_of_thousands_of_digits_are_no_numbers(serve: Callable[..., Live]) -> None:
    with gr.Blocks() as demo:
        gr.Textbox()
    live = serve(demo)
    digits = "9" * 5000
    live.post("queue/join", {"data": [], "fn_index": 0, "session_hash": "s"})
    assert live.ask("queue/data?session_hash=s", Last_Event_ID=digits).status == 200
    assert live.ask(f"queue/poll?session_hash=s&hello=1&after={digits}").status == 200
    assert live.ask("file=x/y", Range=f"bytes={digits}-").status == 404
