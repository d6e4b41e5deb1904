"""Few decoders at work at once, whoever calls; and values that come in pieces."""

from __future__ import annotations

import threading
from collections.abc import AsyncIterator, Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import PIL.Image
import pytest
from django.test import override_settings

import blocks_app as gr
from blocks_app.exceptions import Error
from blocks_app.media import decoding, pixels
from queue_app.testing import PageUser


def test_only_so_many_decode_at_once_and_all_come_to_their_turn() -> None:
    most, lock, done = [0], threading.Lock(), threading.Barrier(8)

    def work(_: int) -> None:
        done.wait()
        with decoding.slot(), decoding.slot():
            with lock:
                most[0] = max(most[0], decoding.decoders.at_work)

    with override_settings(BLOCKS_DECODERS_AT_ONCE=2), ThreadPoolExecutor(8) as pool:
        list(pool.map(work, range(8)))
    assert most[0] <= 2
    assert decoding.decoders.at_work == 0


def test_who_waits_too_long_for_a_decoder_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pixels, "PATIENCE", 0.01)
    with override_settings(BLOCKS_DECODERS_AT_ONCE=1), ThreadPoolExecutor(1) as other:

        def refused() -> str:
            with pytest.raises(Error) as told, decoding.slot():
                pass
            return str(told.value)

        with decoding.slot():
            assert "Try again in a while" in other.submit(refused).result()


def test_a_picture_is_decoded_in_a_slot(tmp_path: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    PIL.Image.init()  # its modules make pictures as they are imported
    seen: list[int] = []
    load = PIL.Image.Image.load
    monkeypatch.setattr(PIL.Image.Image, "load", lambda image: seen.append(decoding.decoders.at_work) or load(image))
    place = tmp_path / "i.png"
    PIL.Image.new("RGB", (4, 4)).save(place)
    seen.clear()
    gr.Image(format="png").preprocess({"path": str(place)})
    assert seen and set(seen) == {1}


def test_decoded_bytes_count_like_pixels() -> None:
    with decoding.held(70_000_000):
        assert pixels.budget.held == 10_000_000
    assert pixels.budget.held == 0


class Letters(gr.Textbox):
    """Text that comes letter by letter and is told as one word at the end."""

    is_template = True

    @property
    def joins_pieces(self) -> bool:
        return True

    def piece(self, value: Any, before: list[Any]) -> Any:
        before.append(value)
        return list(before)

    def whole(self, before: list[Any]) -> Any:
        return "".join(before)


def plain() -> Iterator[str]:
    yield from "abc"


async def asynchronous() -> AsyncIterator[str]:
    for letter in "abc":
        yield letter


@pytest.mark.parametrize("function", [plain, asynchronous, lambda: plain()])
def test_what_a_generator_yields_are_pieces_and_its_end_is_the_whole(function: Callable[[], Any]) -> None:
    with gr.Blocks() as demo:
        out, start = Letters(), gr.Button()
        start.click(function, None, out)
    with PageUser(demo) as page:
        page.click(start)
        assert page.value(out) == "abc"
        page.click(start)
        assert page.value(out) == "abc"


def test_a_function_that_returns_gives_no_pieces() -> None:
    with gr.Blocks() as demo:
        out, start = Letters(), gr.Button()
        start.click(lambda: "abc", None, out)
    with PageUser(demo) as page:
        page.click(start)
        assert page.value(out) == "abc"
