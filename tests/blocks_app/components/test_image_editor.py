"""ImageEditor: what a function gets of a drawing, what it may return, and what may be declared."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from django.test import override_settings
from PIL import Image

import blocks_app as gr
from blocks_app.exceptions import DeclarationError
from blocks_app.files import file_data


@pytest.fixture
def store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[file_data.FileStore]:
    monkeypatch.setenv("GRADIO_TEMP_DIR", str(tmp_path / "store"))
    with file_data.use(file_data.FileContext()):
        yield file_data.default_store()


def sent(store: file_data.FileStore, picture: Image.Image, name: str = "i.png") -> dict[str, Any]:
    """A picture that a client has uploaded, as it then names it."""
    place = store.scratch(name)
    picture.save(place)
    return {"path": store.save(place, name).path, "orig_name": name}


def drawing(store: file_data.FileStore) -> dict[str, Any]:
    """A green sheet with a red layer that is half there, and a composite without anything on its left."""
    layer, composite = Image.new("RGBA", (6, 4)), Image.new("RGBA", (6, 4))
    layer.paste((255, 0, 0, 128), (3, 0, 6, 4))
    composite.paste((200, 0, 0, 255), (3, 0, 6, 4))
    return {
        "background": sent(store, Image.new("RGB", (6, 4), "green"), "sheet.png"),
        "layers": [sent(store, layer, "layer.png")],
        "composite": sent(store, composite, "composite.png"),
        "id": None,
    }


def test_a_function_gets_all_pictures_as_arrays(store: file_data.FileStore) -> None:
    got = gr.ImageEditor().preprocess(drawing(store))
    assert got is not None
    assert [got["background"].shape, got["layers"][0].shape, got["composite"].shape] == [(4, 6, 4)] * 3
    assert got["background"][0, 0].tolist() == [0, 128, 0, 255]
    assert got["layers"][0][0, 5].tolist() == [255, 0, 0, 128]
    assert got["composite"][0, 0].tolist() == [0, 0, 0, 0]


def test_without_transparency_white_is_below_but_not_below_layers(store: file_data.FileStore) -> None:
    got = gr.ImageEditor(image_mode="RGB", type="pil").preprocess(drawing(store))
    assert got is not None
    assert (got["composite"].getpixel((0, 0)), got["composite"].getpixel((5, 0))) == ((255, 255, 255), (200, 0, 0))
    assert (got["layers"][0].getpixel((0, 0)), got["layers"][0].getpixel((5, 0))) == ((0, 0, 0), (255, 0, 0))


def size_of(picture: Any) -> tuple[int, int]:
    if isinstance(picture, str):
        with Image.open(picture) as opened:
            return opened.size
    return picture.size if isinstance(picture, Image.Image) else picture.shape[1::-1]


@pytest.mark.parametrize("mode", ["1", "L", "P", "RGB", "RGBA", "CMYK", "YCbCr", "LAB", "HSV", "I", "F"])
def test_every_mode_arrives_in_every_type(store: file_data.FileStore, mode: Any) -> None:
    value = drawing(store)
    kinds: tuple[Any, ...] = ("numpy", "pil", "filepath")
    for kind in kinds:
        got = gr.ImageEditor(image_mode=mode, type=kind).preprocess(value)
        assert got is not None
        sizes = [size_of(picture) for picture in (got["background"], got["composite"], *got["layers"])]
        assert sizes == [(6, 4)] * 3


def test_a_path_is_the_sent_file_where_that_will_do(store: file_data.FileStore) -> None:
    value = drawing(store)
    got = gr.ImageEditor(type="filepath").preprocess(value)
    assert got is not None
    record = store.find(value["composite"]["path"])
    assert record is not None and got["composite"] == str(store.local_path(record))
    with Image.open(got["background"]) as sheet:
        assert (sheet.mode, Path(got["background"]).name) == ("RGBA", "sheet.png")
    photo = sent(store, Image.new("RGB", (6, 4), "green"), "photo.jpeg")
    got = gr.ImageEditor(type="filepath").preprocess({"background": photo})
    assert got is not None and Path(got["background"]).name == "photo.png"


def test_what_is_missing_is_none_and_no_layers(store: file_data.FileStore) -> None:
    nothing = {"background": None, "layers": [], "composite": None}
    assert gr.ImageEditor().preprocess(None) is None
    for value in ({}, nothing, {**nothing, "id": "x"}, {"layers": None}):
        assert gr.ImageEditor().preprocess(value) == nothing
    value = {**drawing(store), "background": None}
    got = gr.ImageEditor().preprocess({**value, "layers": [None, *value["layers"]]})
    assert got is not None and got["background"] is None and len(got["layers"]) == 1


def test_every_picture_is_cut_to_the_crop_size(store: file_data.FileStore) -> None:
    wide = Image.new("RGB", (40, 10), "red")
    wide.paste("blue", (15, 0, 25, 10))
    got = gr.ImageEditor(crop_size=(20, 20)).preprocess({"background": sent(store, wide)})
    assert got is not None
    assert got["background"].shape == (20, 20, 4)
    assert got["background"][10, 2].tolist() == got["background"][10, 17].tolist() == [0, 0, 255, 255]


@pytest.mark.parametrize(
    "wrong", ["x", 5, [], {"layers": "x"}, {"layers": [3]}, {"background": {"path": "/etc/passwd"}}]
)
def test_a_client_must_send_pictures_that_lie_here(store: file_data.FileStore, wrong: Any) -> None:
    with pytest.raises(gr.Error, match='ImageEditor "Sheet"'):
        gr.ImageEditor(label="Sheet").preprocess(wrong)


def test_what_is_no_picture_is_refused_in_words(store: file_data.FileStore) -> None:
    bad = {"path": store.save(b"no picture", "x.png").path}
    with pytest.raises(gr.Error, match="no picture that can be read"):
        gr.ImageEditor().preprocess({**drawing(store), "layers": [bad]})


def test_pixels_are_counted_from_the_headers_before_any_is_decoded(store: file_data.FileStore) -> None:
    small, large = sent(store, Image.new("L", (10, 10))), sent(store, Image.new("L", (40, 30)))
    with override_settings(BLOCKS_MAX_IMAGE_PIXELS=1000), pytest.raises(gr.Error, match="too many pixels: 1,000"):
        gr.ImageEditor().preprocess({"background": small, "layers": [large]})
    with (
        override_settings(BLOCKS_IMAGE_PIXELS_AT_ONCE=1000),
        pytest.raises(gr.Error, match="1,100 pixels together, at most 1,000"),
    ):
        gr.ImageEditor().preprocess({"background": small, "layers": [small] * 9, "composite": small})
    with pytest.raises(gr.Error, match="at most 100"):
        gr.ImageEditor().preprocess({"layers": [small] * 101})


def test_one_picture_becomes_background_and_composite(store: file_data.FileStore, tmp_path: Path) -> None:
    Image.new("RGB", (6, 4)).save(tmp_path / "a.png")
    for picture in (np.zeros((4, 6, 3), np.uint8), Image.new("L", (6, 4)), tmp_path / "a.png", str(tmp_path / "a.png")):
        with file_data.use(file_data.FileContext(allowed_paths=(str(tmp_path),))):
            shown = gr.ImageEditor().postprocess(picture)
        assert shown is not None
        assert list(shown) == ["background", "layers", "composite", "id"]
        assert shown["background"] == shown["composite"] and shown["background"]["size"] is None
        assert (shown["layers"], shown["id"]) == ([], None)


def test_a_function_may_return_what_it_got_in_whole_or_in_part(store: file_data.FileStore) -> None:
    editor = gr.ImageEditor(format="png")
    got = editor.preprocess(drawing(store))
    assert got is not None
    again = editor.preprocess(editor.postprocess(got))
    assert again is not None
    assert np.array_equal(again["layers"][0], got["layers"][0])
    assert np.array_equal(again["composite"], got["composite"])
    only = editor.postprocess({"background": got["background"], "layers": None})
    assert only is not None and (only["layers"], only["composite"]) == ([], None)
    wire = drawing(store)
    assert editor.postprocess(wire)["layers"][0]["path"] == wire["layers"][0]["path"]  # type: ignore[index]


@pytest.mark.parametrize("wrong", [5, b"x", [1], {"layers": "x"}, {"layers": 3}])
def test_what_is_neither_picture_nor_drawing_is_told(wrong: Any) -> None:
    with pytest.raises(gr.Error, match="ImageEditor: (a picture|layers)"):
        gr.ImageEditor().postprocess(wrong)


def test_the_first_value_is_stored_once(store: file_data.FileStore) -> None:
    editor = gr.ImageEditor({"background": np.zeros((4, 6, 3), np.uint8), "layers": [np.zeros((4, 6, 4), np.uint8)]})
    first = editor.initial_value()
    with file_data.use(file_data.FileContext(owner="user:1", url_prefix="http://other")):
        second = editor.initial_value()
    assert second["layers"][0]["path"] == first["layers"][0]["path"]
    assert second["background"]["url"].startswith("http://other/file=")


def test_the_templates_differ_as_in_gradio() -> None:
    black = {"default_size": "auto", "colors": ["#000000"], "default_color": "#000000", "color_mode": "fixed"}
    sources = {cls.__name__: cls().props()["sources"] for cls in (gr.Sketchpad, gr.Paint, gr.ImageMask)}
    assert sources == {"Sketchpad": [], "Paint": [], "ImageMask": ["upload", "webcam", "clipboard"]}
    assert gr.Sketchpad().props()["brush"] == gr.ImageMask().props()["brush"] == black
    assert gr.Paint().props()["brush"] == gr.ImageEditor().props()["brush"]
    assert gr.Sketchpad(brush=gr.Brush(colors=["red"])).props()["brush"]["colors"] == ["red"]
    with gr.Blocks() as demo:
        gr.Dataset(components=["sketchpad", "imagemask", "paint", "imageeditor"], samples=[])
    assert {each["type"] for each in demo.get_config_file()["components"]} == {"dataset"}


def test_both_eras_say_the_same() -> None:
    old = gr.ImageEditor(show_download_button=False, mirror_webcam=False, layers=False).props()
    new = gr.ImageEditor(
        buttons=["fullscreen"], webcam_options=gr.WebcamOptions(mirror=False), layers=gr.LayerOptions(disabled=True)
    ).props()
    assert {**old, "layers": new["layers"]} == new
    assert old["layers"] == {"allow_additional_layers": True, "layers": ["Layer 1"], "disabled": True}


def test_colors_and_sizes_of_a_brush() -> None:
    assert (
        gr.Brush(colors="red").colors == ["red"] and gr.Brush(default_color="auto").default_color == "rgb(204, 50, 50)"
    )
    assert gr.Brush(colors=("red", 0.5)).default_color == ("red", 0.5)
    assert gr.Brush(colors=["red", ("blue", 1)], default_size="12").colors == ["red", ("blue", 1.0)]
    assert gr.Eraser().default_size == "auto" and gr.Brush(3, ["#000"], "#111", "fixed").default_color == "#111"
    assert gr.ImageEditor(brush=False, eraser=False).props()["brush"] is False


@pytest.mark.parametrize(
    "wrong",
    [
        lambda: gr.ImageEditor(format="exe"),
        lambda: gr.ImageEditor(type="bytes"),  # type: ignore[arg-type]
        lambda: gr.ImageEditor(image_mode="X"),  # type: ignore[arg-type]
        lambda: gr.ImageEditor(sources=["moon"]),  # type: ignore[list-item]
        lambda: gr.ImageEditor(transforms=["twist"]),  # type: ignore[list-item]
        lambda: gr.ImageEditor(crop_size="wide"),
        lambda: gr.ImageEditor(crop_size="0:1"),
        lambda: gr.ImageEditor(canvas_size=(0, 5)),
        lambda: gr.ImageEditor(canvas_size="12"),  # type: ignore[arg-type]
        lambda: gr.ImageEditor(brush="red"),  # type: ignore[arg-type]
        lambda: gr.ImageEditor(buttons=["x"]),  # type: ignore[list-item]
        lambda: gr.Brush(default_size=0),
        lambda: gr.Brush(colors=[5]),  # type: ignore[list-item]
        lambda: gr.Brush(colors=[("red", 2)]),
        lambda: gr.Brush(color_mode="some"),  # type: ignore[arg-type]
        lambda: gr.Brush(colors=[]),
        lambda: gr.LayerOptions(layers="one"),  # type: ignore[arg-type]
    ],
)
def test_wrong_declarations_fail_at_once(wrong: Any) -> None:
    with pytest.raises(DeclarationError, match="ImageEditor|Brush|LayerOptions"):
        wrong()
