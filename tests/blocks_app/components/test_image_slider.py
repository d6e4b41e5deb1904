"""ImageSlider: what a function gets, what it may return."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import PIL.Image
import pytest

import blocks_app as gr
from blocks_app.exceptions import DeclarationError, Error
from tests.blocks_app.components.test_gallery import sent, store

__all__ = ["store"]


def test_a_function_gets_two_pictures(store: Any) -> None:
    red = sent(store, PIL.Image.new("RGB", (6, 4), "red"))
    first, second = gr.ImageSlider().preprocess([red, None]) or (None, None)
    assert (first.shape, second) == ((4, 6, 3), None)
    path, again = gr.ImageSlider(type="filepath").preprocess([red, red]) or ("", "")
    assert Path(path).name == "i.png" and path == again
    assert gr.ImageSlider(type="pil", image_mode="L").preprocess([red, red])[0].mode == "L"  # type: ignore[index]
    assert gr.ImageSlider().preprocess(None) is None


def test_a_function_returns_two_pictures_in_every_form(store: Any, tmp_path: Path) -> None:
    path = str(tmp_path / "a.png")
    PIL.Image.new("RGB", (4, 3)).save(path)
    array = np.zeros((3, 4, 3), np.uint8)

    def names(value: Any) -> list[str | None]:
        return [each and each["orig_name"] for each in gr.ImageSlider(format="png").postprocess(value) or ()]

    assert names((path, array)) == ["a.png", "image.png"]
    assert names(np.stack([array, array])) == names(PIL.Image.open(path)) == names(array) == ["image.png"] * 2
    assert names(path) == ["a.png", "a.png"]
    assert names([path]) == names((path, None)) == ["a.png", None]
    assert names(("https://example.org/b.png", None)) == ["b.png", None]
    assert gr.ImageSlider().postprocess(None) is None


@pytest.mark.parametrize("wrong", [3, [1, 2, 3], [], ("a", 3)])
def test_what_is_no_pair_is_refused_in_words(store: Any, wrong: Any) -> None:
    with pytest.raises(ValueError if wrong == ("a", 3) else Error):
        gr.ImageSlider().postprocess(wrong)


@pytest.mark.parametrize("wrong", ["x", {}, [None], [1, 2], [{"path": "https://example.org/a.png"}, None]])
def test_what_a_client_must_not_send_is_refused_in_words(store: Any, wrong: Any) -> None:
    with pytest.raises(Error, match='ImageSlider "Both"'):
        gr.ImageSlider(label="Both").preprocess(wrong)


@pytest.mark.parametrize(
    "wrong", [{"slider_position": 101}, {"slider_position": "middle"}, {"max_height": -1}, {"type": "x"}]
)
def test_wrong_declarations_fail_at_once(wrong: dict[str, Any]) -> None:
    with pytest.raises(DeclarationError, match="ImageSlider"):
        gr.ImageSlider(**wrong)
