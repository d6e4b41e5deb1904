"""Large pictures: refused before they are decoded, decoded one after another, and not copied without need."""

from __future__ import annotations

import gc
import io
import struct
import threading
import time
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from django.test import override_settings
from PIL import Image

import blocks_app as gr
from blocks_app.exceptions import Error
from blocks_app.files import file_data
from blocks_app.media import image as codec
from blocks_app.media import pixels
from queue_app.testing import PageUser


def saved(folder: Path, picture: Image.Image, name: str, **how: Any) -> Path:
    place = folder / name
    picture.save(place, **how)
    return place


def colours(mode: str, width: int = 1200, height: int = 900) -> Image.Image:
    x, y = np.meshgrid(np.arange(width), np.arange(height))
    made = Image.fromarray(np.dstack([x % 256, y % 256, (x + y) % 256]).astype(np.uint8))
    if mode == "I;16":
        return Image.fromarray(((x + y) * 7 % 65536).astype(np.uint16))
    return made.convert(mode)


@pytest.mark.parametrize("wanted", ["RGB", "L", "RGBA", "CMYK", "1", "F", None])
@pytest.mark.parametrize(
    ("mode", "name"),
    [("P", "a.png"), ("1", "a.png"), ("I;16", "a.png"), ("LA", "a.png"), ("CMYK", "a.jpg"), ("RGB", "a.tiff")],
)
def test_strips_make_the_same_array_as_the_whole(tmp_path: Path, mode: str, name: str, wanted: Any) -> None:
    place = saved(tmp_path, colours(mode), name)
    made = codec.decode_array(codec.load(place, "Image"), wanted, "Image")
    whole = Image.open(place)
    expected = np.array(codec.to_mode(whole, wanted) if wanted else whole)
    assert made.dtype == expected.dtype and np.array_equal(made, expected)
    assert made.flags.writeable


def test_a_turned_picture_is_upright(tmp_path: Path) -> None:
    note = Image.Exif()
    note[0x0112] = 6
    place = saved(tmp_path, colours("RGB"), "turned.jpg", exif=note)
    assert codec.decode_array(codec.load(place, "Image"), "RGB", "Image").shape == (1200, 900, 3)
    assert codec.decode(codec.load(place, "Image"), None, "Image").size == (900, 1200)


def test_of_several_frames_the_first_is_taken(tmp_path: Path) -> None:
    frames = [Image.new("L", (40, 30), shade) for shade in (10, 200)]
    for name in ("a.gif", "a.tiff", "a.webp"):
        place = saved(tmp_path, frames[0], name, save_all=True, append_images=frames[1:])
        assert abs(int(codec.decode_array(codec.load(place, "Image"), "L", "Image").mean()) - 10) < 3


def test_an_icon_cannot_hide_a_large_picture(tmp_path: Path) -> None:
    inner = io.BytesIO()
    Image.new("1", (9000, 9000)).save(inner, "PNG")
    head = struct.pack("<HHHBBBBHHII", 0, 1, 1, 16, 16, 0, 0, 1, 32, len(inner.getvalue()), 22)
    (tmp_path / "a.ico").write_bytes(head + inner.getvalue())
    with pytest.raises(Error, match="too many pixels: 70,000,000 are allowed"):
        codec.load(tmp_path / "a.ico", "Image")


@pytest.mark.parametrize("name", ["a.png", "a.jpg", "a.webp", "a.gif", "a.tiff", "a.bmp"])
def test_what_is_cut_or_spoiled_is_told_in_words(tmp_path: Path, name: str) -> None:
    whole = saved(tmp_path, colours("RGB", 200, 150), name).read_bytes()
    for cut in (whole[: len(whole) // 2], whole[:30], whole[:60] + b"\xff" * 40 + whole[100:], b"", whole[:1]):
        (tmp_path / name).write_bytes(cut)
        try:
            codec.decode_array(codec.load(tmp_path / name, "Image"), "RGB", "Image")
        except Error as error:
            assert "damaged" in str(error) or "no picture" in str(error) or "too many pixels" in str(error)


def test_large_pictures_are_held_one_after_another_whoever_calls(tmp_path: Path) -> None:
    place, held, most = saved(tmp_path, Image.new("1", (1500, 1000)), "a.png"), [], [0]
    lock = threading.Lock()

    def look(array: Any) -> str:
        with lock:
            held.append(array)
            most[0] = max(most[0], len(held))
        time.sleep(0.05)
        with lock:
            held.pop()
        return str(array.shape)

    with gr.Blocks() as demo:
        picture, out, queued, direct = gr.Image(), gr.Textbox(), gr.Button(), gr.Button()
        queued.click(look, picture, out, concurrency_limit=None, trigger_mode="multiple")
        direct.click(look, picture, out, queue=False, trigger_mode="multiple")
    with override_settings(BLOCKS_IMAGE_PIXELS_AT_ONCE=3_500_000):
        with PageUser(demo) as one, PageUser(demo) as two:
            for page in (one, two):
                with file_data.use(file_data.FileContext()):
                    wire = picture.postprocess(place)
                page.set(picture, wire)
            for _ in range(3):
                for page in (one, two):
                    page.click(queued, wait=False)
                    page.click(direct, wait=False)
            for page in (one, two):
                page.wait()
                assert page.errors == [] and page.value(out) == "(1000, 1500, 3)"
    assert most[0] <= 2
    gc.collect()
    assert pixels.budget.held == 0


def test_who_finds_no_room_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pixels, "PATIENCE", 0.05)
    first, second = pixels.Holding(), pixels.Holding()
    first.add(80_000_000)
    with pytest.raises(Error, match="too many large pictures"):
        second.add(80_000_000)
    first.add(80_000_000)  # its own do not stand in its way while nobody else holds any
    with pytest.raises(Error, match="too many pixels together: 200,000,000"):
        first.add(80_000_000)
    first.release()
    second.add(80_000_000)
    del first, second
    assert pixels.budget.held == 0


def test_a_direct_call_from_python_holds_only_while_it_decodes(store: file_data.FileStore, tmp_path: Path) -> None:
    place = saved(tmp_path, Image.new("1", (1500, 1000)), "a.png")
    assert codec.decode_array(codec.load(place, "Image"), "L", "Image").shape == (1000, 1500)
    assert pixels.budget.held == 0


def test_floats_become_pixels_without_large_copies() -> None:
    values = np.linspace(0, 1, 3000 * 50 * 3).reshape(3000, 50, 3)
    assert np.array_equal(codec.to_bytes(values, "Image"), (np.clip(values, 0, 1) * 255 + 0.5).astype(np.uint8))
    assert codec.to_bytes(np.zeros((0, 3)), "Image").shape == (0, 3)


def test_a_picture_counts_as_what_its_decoder_takes(tmp_path: Path) -> None:
    counted = {}
    for name in ("a.png", "a.webp", "a.gif", "a.tiff", "a.bmp", "a.jpg"):
        holding = pixels.Holding()
        token = pixels.current.set(holding)
        try:
            codec.decode_array(codec.load(saved(tmp_path, colours("RGB"), name), "Image"), "RGB", "Image")
            counted[name] = holding.pixels
        finally:
            pixels.current.reset(token)
            holding.release()
    assert counted.pop("a.webp") > 2 * 1200 * 900 and set(counted.values()) == {1200 * 900}


@override_settings(BLOCKS_MAX_IMAGE_PIXELS=2_000_000)
def test_a_format_that_is_slow_to_read_may_have_fewer_pixels(tmp_path: Path) -> None:
    codec.load(saved(tmp_path, Image.new("L", (1000, 1000)), "a.png"), "Image").close()
    with pytest.raises(Error, match="666,666 are allowed"):
        codec.load(saved(tmp_path, Image.new("L", (1000, 1000)), "a.jp2"), "Image")
