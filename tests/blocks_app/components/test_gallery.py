"""Gallery: what a function gets, what it may return."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import PIL.Image
import pytest

import blocks_app as gr
from blocks_app.exceptions import DeclarationError, Error
from blocks_app.files import file_data


@pytest.fixture
def store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[file_data.FileStore]:
    monkeypatch.setenv("GRADIO_TEMP_DIR", str(tmp_path / "store"))
    with file_data.use(file_data.FileContext()):
        yield file_data.default_store()


def sent(store: file_data.FileStore, picture: PIL.Image.Image, name: str = "i.png") -> dict[str, Any]:
    """A picture that a client has uploaded, as it then names it."""
    place = store.scratch(name)
    picture.save(place)
    return {"path": store.save(place, name).path, "orig_name": name}


def test_a_function_gets_pairs_of_picture_and_caption(store: file_data.FileStore) -> None:
    red = sent(store, PIL.Image.new("RGB", (6, 4), "red"))
    film = {"path": store.save((file_data.SAMPLES / "video.mp4").read_bytes(), "a.mp4").path}
    payload = [{"image": red, "caption": "Red"}, {"video": film, "caption": None}, {"image": red}]
    [(array, red_name), (video, none), _] = gr.Gallery(type="numpy").preprocess(payload) or []
    assert (array.shape, array[0, 0].tolist(), red_name, none) == ((4, 6, 3), [255, 0, 0], "Red", None)
    assert Path(video).read_bytes() == (file_data.SAMPLES / "video.mp4").read_bytes()
    [(picture, _)] = gr.Gallery(type="pil").preprocess([{"image": red}]) or []
    assert picture.size == (6, 4)
    [(path, _)] = gr.Gallery().preprocess([{"image": red}]) or []
    assert Path(path).name == "i.png"


@pytest.mark.parametrize("payload", [None, []])
def test_nothing_is_none(payload: Any) -> None:
    assert gr.Gallery().preprocess(payload) is None
    assert gr.Gallery().postprocess(payload) == []


def test_a_palette_is_given_as_colours(store: file_data.FileStore) -> None:
    few = sent(store, PIL.Image.new("RGB", (3, 2), (0, 153, 0)).convert("P"))
    [(array, _)] = gr.Gallery(type="numpy").preprocess([{"image": few}]) or []
    assert array[0, 0].tolist() == [0, 153, 0]


def test_a_function_returns_pictures_in_every_form(store: file_data.FileStore, tmp_path: Path) -> None:
    path = tmp_path / "a b.png"
    PIL.Image.new("RGB", (4, 3), "red").save(path)
    film = tmp_path / "v.mp4"
    film.write_bytes(b"film")
    address = "https://example.org/clip.webm?size=2"
    forms = [np.zeros((3, 4)), PIL.Image.open(path), str(path), path, (str(path), "One"), [str(film), "Two"], address]
    shown = gr.Gallery(format="png").postprocess(forms)
    assert [(*item,)[0] for item in shown] == ["image"] * 5 + ["video"] * 2
    assert [item["caption"] for item in shown] == [None] * 4 + ["One", "Two", None]
    assert [item["image"]["orig_name"] for item in shown[:4]] == ["image.png", "image.png", "a b.png", "a b.png"]
    assert shown[6]["video"]["url"] == address
    assert gr.Gallery().postprocess(shown) == shown
    assert len(gr.Gallery().postprocess(np.zeros((3, 8, 8, 3)))) == 3


@pytest.mark.parametrize(
    "wrong", ["a.png", {"a": 1}, 3, np.zeros((4, 4)), [None], [3], [("a.png",)], [{"image": None, "caption": "x"}]]
)
def test_what_is_no_list_of_pictures_is_refused_in_words(store: file_data.FileStore, wrong: Any) -> None:
    with pytest.raises(Error, match='Gallery "Shots": (a list|each item)'):
        gr.Gallery(label="Shots").postprocess(wrong)


@pytest.mark.parametrize("wrong", ["x", {}, [3], [{"caption": "x"}], [{"image": "https://example.org/a.png"}]])
def test_what_a_client_must_not_send_is_refused_in_words(store: file_data.FileStore, wrong: Any) -> None:
    with pytest.raises(Error, match='Gallery "Shots"'):
        gr.Gallery(label="Shots").preprocess(wrong)


def test_what_is_no_picture_and_what_is_of_another_type_is_refused(store: file_data.FileStore) -> None:
    text = {"image": {"path": store.save(b"text", "a.txt").path}}
    with pytest.raises(Error, match=r"'a.txt' is of another type. It takes image, video"):
        gr.Gallery().preprocess([text])
    disguised = {"image": {"path": store.save(b"text", "a.png").path}}
    with pytest.raises(Error, match="this file is no picture"):
        gr.Gallery().preprocess([disguised])
    with pytest.raises(Error, match=r"It takes \.jpg"):
        gr.Gallery(file_types=["jpg"]).preprocess([disguised])


def test_pictures_that_are_too_large_together_are_refused_before_one_is_decoded(
    store: file_data.FileStore, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.BLOCKS_IMAGE_PIXELS_AT_ONCE = 500
    small = {"image": sent(store, PIL.Image.new("L", (20, 10)))}
    gallery = gr.Gallery(type="numpy")
    assert len(gallery.preprocess([small, small]) or []) == 2
    monkeypatch.setattr(PIL.Image.Image, "load", lambda _: pytest.fail("decoded"))
    with pytest.raises(Error, match="too many pixels together: 500 are allowed"):
        gallery.preprocess([small] * 3)
    assert len(gr.Gallery().preprocess([small] * 30) or []) == 30


@pytest.mark.parametrize(
    "wrong",
    [
        {"format": "exe"},
        {"type": "bytes"},
        {"columns": 0},
        {"columns": []},
        {"rows": "two"},
        {"object_fit": "big"},
        {"selected_index": -1},
        {"sources": ["moon"]},
        {"buttons": ["x"]},
        {"file_types": "image"},
        {"height": -1},
    ],
)
def test_wrong_declarations_fail_at_once(wrong: dict[str, Any]) -> None:
    with pytest.raises(DeclarationError, match="Gallery"):
        gr.Gallery(**wrong)


def test_the_props_know_both_spellings() -> None:
    old = gr.Gallery(show_download_button=False, show_share_button=True).props()
    assert (old["buttons"], old["show_share_button"]) == (["share", "fullscreen"], True)
    new = gr.Gallery(buttons=["download"]).props()
    assert (new["show_download_button"], new["show_share_button"]) == (True, False)
