"""AnnotatedImage: regions of a picture, drawn as pictures of their own."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from django.test import override_settings
from PIL import Image

import blocks_app as gr
from blocks_app.files import file_data

BASE = np.zeros((20, 30, 3), np.uint8)


def drawn(region: Any, base: Any = BASE, **options: Any) -> np.ndarray[Any, Any]:
    shown = gr.AnnotatedImage(**options).postprocess((base, [(region, "cat")]))
    assert shown is not None
    assert shown["annotations"][0]["label"] == "cat"
    return np.array(Image.open(shown["annotations"][0]["image"]["path"]))


def test_a_box_is_half_transparent_with_an_edge() -> None:
    made = drawn((2, 3, 15, 14))
    assert made.shape == (20, 30, 4)
    assert list(made[8, 8]) == [255, 0, 0, 127]
    assert list(made[3, 2]) == list(made[13, 14]) == [255, 0, 0, 255]
    assert made[14, 15, 3] == made[2, 2, 3] == 0


def test_a_box_may_reach_beyond_the_picture() -> None:
    made = drawn((-5, 10, 90, 90))
    assert list(made[19, 29]) == [255, 0, 0, 127]
    assert made[10, 15, 3] == 255


@pytest.mark.parametrize("kind", [float, bool, np.uint8, np.float32, int])
def test_a_mask_is_as_opaque_as_it_is_sure(kind: Any) -> None:
    mask = np.zeros((20, 30), kind)
    mask[4, 5] = 1
    made = drawn(mask, color_map={"cat": "#00ff80"})
    assert list(made[4, 5]) == [0, 255, 128, 255]
    assert made[:, :, 3].sum() == 255


def test_uncertain_pixels_shine_through() -> None:
    assert drawn(np.full((20, 30), 0.5))[0, 0, 3] == 127


@pytest.mark.parametrize(
    ("region", "text"),
    [
        (np.zeros((5, 5)), "5 x 5 does not fit a picture of 30 x 20"),
        (np.full((20, 30), 2.0), "between 0 and 1"),
        (np.full((20, 30), np.nan), "between 0 and 1"),
        ((1, 2, 3), "corners"),
        (None, "corners"),
    ],
)
def test_what_is_no_region_is_told(region: Any, text: str) -> None:
    with pytest.raises(gr.Error, match=text):
        drawn(region)


@pytest.mark.parametrize("wrong", [BASE, "picture.png", (BASE,), (BASE, [(1, 2, 3)]), (BASE, 3)])
def test_what_is_no_annotated_picture_is_told(wrong: Any) -> None:
    with pytest.raises(gr.Error, match="a picture and a list"):
        gr.AnnotatedImage().postprocess(wrong)


def test_a_color_must_be_one() -> None:
    with pytest.raises(gr.Error, match="no colour"):
        drawn((0, 0, 5, 5), color_map={"cat": "loud"})


def test_a_picture_elsewhere_is_not_fetched() -> None:
    mask = np.ones((4, 4))
    shown = gr.AnnotatedImage().postprocess(("https://example.org/a.png", [(mask, "cat")]))
    assert shown is not None and shown["image"]["url"] == "https://example.org/a.png"
    with pytest.raises(gr.Error, match="not fetched"):
        drawn((0, 0, 5, 5), base="https://example.org/a.png")


def test_a_turned_photograph_has_the_size_that_is_seen(tmp_path: Path) -> None:
    note = Image.Exif()
    note[0x0112] = 6
    Image.new("RGB", (30, 20)).save(tmp_path / "turned.jpg", exif=note)
    assert drawn((0, 0, 5, 5), base=tmp_path / "turned.jpg").shape == (30, 20, 4)


@pytest.fixture
def served(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("GRADIO_TEMP_DIR", str(tmp_path / "store"))
    with file_data.use(file_data.FileContext()):
        yield


@pytest.mark.usefixtures("served")
def test_a_function_gets_paths_and_may_hand_them_back() -> None:
    component = gr.AnnotatedImage()
    sent = component.postprocess((BASE, [((0, 0, 5, 5), "cat")]))
    given = component.preprocess(sent)
    assert given is not None
    for path in (given[0], given[1][0][0]):
        with Image.open(path) as picture:
            assert picture.size == (30, 20)
    assert given[1][0][1] == "cat"
    again = component.postprocess(given)
    assert again is not None and sent is not None
    assert [each["label"] for each in again["annotations"]] == ["cat"]
    assert again["image"]["path"] == sent["image"]["path"]


@pytest.mark.parametrize("wrong", ["x", {}, {"image": None, "annotations": []}, {"image": 1, "annotations": [3]}])
def test_a_client_must_send_files_that_lie_here(wrong: Any) -> None:
    with pytest.raises(gr.Error, match="AnnotatedImage"):
        gr.AnnotatedImage().preprocess(wrong)


@pytest.mark.usefixtures("served")
def test_the_first_value_is_stored_once() -> None:
    component = gr.AnnotatedImage((BASE, [((0, 0, 5, 5), "cat")]))
    first, second = component.initial_value(), component.initial_value()
    assert first == second


@override_settings(BLOCKS_MAX_IMAGE_PIXELS=100)
def test_a_picture_of_too_many_pixels_is_refused(tmp_path: Path) -> None:
    Image.new("RGB", (30, 20)).save(tmp_path / "large.png")
    with pytest.raises(gr.Error, match="too many pixels"):
        drawn((0, 0, 5, 5), base=tmp_path / "large.png")
