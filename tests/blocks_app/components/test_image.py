"""Image: what a function gets, what it may return."""

from __future__ import annotations

import base64
import io
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


def sent(store: file_data.FileStore, picture: PIL.Image.Image, name: str = "i.png", **options: Any) -> dict[str, Any]:
    """A picture that a client has uploaded, as it then names it."""
    place = store.scratch(name)
    picture.save(place, **options)
    return {"path": store.save(place, name).path, "orig_name": name}


def read(data: Any, store: file_data.FileStore) -> PIL.Image.Image:
    record = store.find(data["path"])
    assert record is not None
    with PIL.Image.open(store.local_path(record)) as image:
        image.load()
        return image


def test_a_function_gets_numpy_pil_or_a_path(store: file_data.FileStore) -> None:
    payload = sent(store, PIL.Image.new("L", (6, 4), 7))
    array = gr.Image().preprocess(payload)
    assert (array.shape, array.dtype, array[0, 0].tolist()) == ((4, 6, 3), np.uint8, [7, 7, 7])
    picture = gr.Image(type="pil", image_mode="L").preprocess(payload)
    assert (picture.mode, picture.size) == ("L", (6, 4))
    path = gr.Image(type="filepath").preprocess(payload)
    assert Path(path).name == "i.png"
    assert gr.Image().preprocess(None) is None


def in_its_address(picture: PIL.Image.Image, kind: str = "jpeg") -> dict[str, Any]:
    content = io.BytesIO()
    picture.save(content, kind)
    return {"url": f"data:image/{kind};base64,{base64.b64encode(content.getvalue()).decode()}"}


def test_a_camera_sends_pictures_in_their_address(store: file_data.FileStore) -> None:
    payload = in_its_address(PIL.Image.new("RGB", (6, 4), (9, 9, 9)))
    assert (gr.Image().preprocess(payload) == 9).all()
    assert gr.Image(type="pil", image_mode="L").preprocess({**payload, "path": ""}).size == (6, 4)
    assert list(store.local.rglob("*.*")) == []  # nothing stays of them
    path = Path(gr.Image(type="filepath").preprocess({**payload, "orig_name": "../webcam.jpeg"}))
    with PIL.Image.open(path) as kept:
        assert (path.name, kept.size) == ("webcam.jpeg", (6, 4))
    assert gr.Image(type="filepath").postprocess(str(path)) is not None  # as an upload, it may be handed out


@pytest.mark.parametrize(
    "address",
    [
        "data:text/html;base64,PGI+",
        "data:image/svg+xml;base64,PHN2Zy8+",
        "data:image/png,raw",
        "data:",
        "data:image/png;base64,!!!",
        "data:image/png;base64,",
        "data:image/png;base64,aGVsbG8=",
        "data:image/jpeg;base64," + "A" * 22_000_000,
    ],
)
def test_what_is_no_picture_in_an_address_is_refused_in_words(store: file_data.FileStore, address: str) -> None:
    for kind in ("numpy", "filepath"):
        with pytest.raises(Error, match="Image"):
            gr.Image(type=kind).preprocess({"url": address})  # type: ignore[arg-type]


def test_a_picture_in_its_address_is_no_larger_than_files_may_be(store: file_data.FileStore) -> None:
    payload = in_its_address(PIL.Image.new("RGB", (60, 40)))
    size = len(base64.b64decode(payload["url"].partition(",")[2]))
    with file_data.use(file_data.FileContext(largest=size)):
        assert gr.Image().preprocess(payload) is not None
    with file_data.use(file_data.FileContext(largest=size - 3)), pytest.raises(Error, match="too large: .* bytes"):
        gr.Image().preprocess(payload)


def test_an_address_that_holds_a_picture_is_not_asked_for_beside_a_file(store: file_data.FileStore) -> None:
    with pytest.raises(Error, match="was not uploaded here"):
        gr.Image().preprocess({**in_its_address(PIL.Image.new("L", (1, 1))), "path": "x/y"})


def test_filepath_is_the_sent_file_unless_it_must_be_converted(store: file_data.FileStore) -> None:
    payload = sent(store, PIL.Image.new("RGB", (6, 4)))
    record = store.find(payload["path"])
    assert record is not None
    assert gr.Image(type="filepath").preprocess(payload) == str(store.local_path(record))
    gray = gr.Image(type="filepath", image_mode="L").preprocess(payload)
    with PIL.Image.open(gray) as image:
        assert (image.mode, Path(gray).name) == ("L", "i.png")


def test_a_photo_is_turned_upright(store: file_data.FileStore) -> None:
    exif = PIL.Image.Exif()
    exif[0x0112] = 6
    payload = sent(store, PIL.Image.new("RGB", (6, 4)), "p.jpeg", exif=exif)
    assert gr.Image().preprocess(payload).shape == (6, 4, 3)
    with PIL.Image.open(gr.Image(type="filepath").preprocess(payload)) as image:
        assert image.size == (4, 6)


@pytest.mark.parametrize("mode", ["1", "L", "P", "RGB", "RGBA", "CMYK", "YCbCr", "LAB", "HSV", "I", "F"])
def test_every_mode_arrives_and_returns(store: file_data.FileStore, mode: Any) -> None:
    image = gr.Image(image_mode=mode, type="pil")
    picture = image.preprocess(sent(store, PIL.Image.new("RGBA", (6, 4), (200, 10, 10, 255))))
    assert picture.mode == mode
    assert read(image.postprocess(picture), store).size == (6, 4)


@pytest.mark.parametrize("format", ["webp", "png", "jpeg", "jpg", "gif", "bmp", "tiff"])
def test_results_are_written_in_the_format(store: file_data.FileStore, format: str) -> None:
    data = gr.Image(format=format).postprocess(np.zeros((4, 6, 4), np.uint8))
    assert data is not None
    assert (data["orig_name"], data["size"]) == (f"image.{format}", None)
    assert data["path"].endswith(f"/image.{format}")
    assert read(data, store).size == (6, 4)


@pytest.mark.parametrize(
    ("array", "pixel"),
    [
        (np.full((2, 2), True), 255),
        (np.full((2, 2), 0.5), 128),
        (np.full((2, 2), 200, np.int64), 200),
        (np.full((2, 2, 1), 65535, np.uint16), 255),
    ],
)
def test_arrays_of_other_types(store: file_data.FileStore, array: Any, pixel: int) -> None:
    assert read(gr.Image(format="png").postprocess(array), store).getpixel((0, 0)) == pixel


@pytest.mark.parametrize("bad", [np.zeros(3), np.zeros((2, 2, 5)), np.full((2, 2), 255.0), np.full((2, 2), -1), "x"])
def test_what_is_no_picture_is_refused_in_words(store: file_data.FileStore, bad: Any) -> None:
    with pytest.raises(ValueError, match="picture|pixel values|no file|may not be handed out"):
        gr.Image(label="Photo").postprocess(bad)


def test_svg_stays_a_path_both_ways(store: file_data.FileStore, tmp_path: Path) -> None:
    drawing = tmp_path / "v.svg"
    drawing.write_text("<svg/>")
    data = gr.Image().postprocess(drawing)
    assert data is not None
    assert data["orig_name"] == "v.svg"
    assert Path(gr.Image().preprocess(data)).read_text() == "<svg/>"


def test_addresses_are_shown_not_fetched(store: file_data.FileStore) -> None:
    data = gr.Image().postprocess("https://example.com/x.png")
    assert data is not None
    assert (data["url"], data["path"]) == ("https://example.com/x.png",) * 2


def test_very_long_pictures_become_png(store: file_data.FileStore) -> None:
    data = gr.Image().postprocess(np.zeros((2, 17000), np.uint8))
    assert data is not None
    assert data["orig_name"] == "image.png"


def test_a_watermark_is_laid_over_the_corner(store: file_data.FileStore) -> None:
    mark = gr.WatermarkOptions(PIL.Image.new("RGB", (4, 4), "red"), "top-left")
    shown = read(gr.Image(format="png", watermark=mark).postprocess(PIL.Image.new("RGB", (30, 30))), store)
    assert (shown.getpixel((11, 11)), shown.getpixel((25, 25))) == ((255, 0, 0), (0, 0, 0))


def test_the_initial_picture_is_stored_once(store: file_data.FileStore) -> None:
    image = gr.Image(np.zeros((4, 4), np.uint8))
    first = image.initial_value()
    with file_data.use(file_data.FileContext(owner="user:1", url_prefix="http://other")):
        second = image.initial_value()
    assert second["path"] == first["path"]
    assert second["url"].startswith("http://other/file=")


def test_damaged_and_foreign_files_are_refused_in_words(store: file_data.FileStore) -> None:
    record = store.save(b"no picture", "x.png")
    with pytest.raises(Error, match='Image "Photo": this file is no picture'):
        gr.Image(label="Photo").preprocess({"path": record.path})


def test_the_props_know_both_spellings() -> None:
    old = gr.Image(show_download_button=False, mirror_webcam=False).props()
    assert (old["buttons"], old["webcam_options"]["mirror"]) == (["fullscreen"], False)
    new = gr.Image(buttons=["download"], webcam_options=gr.WebcamOptions(mirror=False)).props()
    assert (new["show_download_button"], new["mirror_webcam"]) == (True, False)
    assert gr.Image().props()["sources"] == ["upload", "webcam", "clipboard"]
    assert gr.Image(streaming=True).sources == ["webcam"]


@pytest.mark.parametrize(
    "wrong",
    [
        {"format": "exe"},
        {"type": "bytes"},
        {"image_mode": "X"},
        {"sources": ["moon"]},
        {"buttons": ["x"]},
        {"streaming": True, "sources": ["upload"]},
    ],
)
def test_wrong_declarations_fail_at_once(wrong: dict[str, Any]) -> None:
    with pytest.raises(DeclarationError, match="Image"):
        gr.Image(**wrong)


def test_what_streams_has_the_camera_alone() -> None:
    with gr.Blocks():
        camera = gr.Image()
        camera.stream(lambda picture: None, camera)
        assert camera.props()["sources"] == ["webcam"]
        with pytest.raises(DeclarationError, match="takes its pictures from the camera"):
            gr.Image(sources=["upload", "webcam"]).stream(lambda picture: None)
