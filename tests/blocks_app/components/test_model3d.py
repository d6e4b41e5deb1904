"""Model3D: what a function gets, what it may return, and which files are refused before a page tries to draw them."""

from __future__ import annotations

import base64
import json
import struct
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import blocks_app as gr
from blocks_app.exceptions import DeclarationError, Error
from blocks_app.files import file_data
from blocks_app.files.paths import InvalidPathError

GLB = (file_data.SAMPLES / "model.glb").read_bytes()
TRIANGLE = b"v 0 0 0\nv 1 0 0\nv 0 1 0\nf 1 2 3\n"


@pytest.fixture(autouse=True)
def store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("GRADIO_TEMP_DIR", str(tmp_path / "store"))
    with file_data.use(file_data.FileContext(allowed_paths=(str(tmp_path),))):
        yield


def gltf(**content: Any) -> bytes:
    return json.dumps({"asset": {"version": "2.0"}, **content}).encode()


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.glb", GLB),
        ("a.GLB", GLB),
        ("a.gltf", gltf(buffers=[{"uri": "data:application/octet-stream;base64,AAAA", "byteLength": 3}])),
        ("a.obj", TRIANGLE),
        ("a.stl", b"solid a\nfacet normal 0 0 1\nendsolid"),
        ("b.stl", b"\0" * 80 + struct.pack("<I", 1) + b"\0" * 50),
        ("a.ply", b"ply\nformat ascii 1.0\n"),
        ("a.splat", b"\0" * 64),
    ],
)
def test_a_function_gets_the_path_of_a_model(name: str, content: bytes, tmp_path: Path) -> None:
    (tmp_path / name).write_bytes(content)
    assert Path(gr.Model3D().preprocess(file_data.publish(tmp_path / name)) or "").read_bytes() == content


@pytest.mark.parametrize(
    ("name", "content", "what"),
    [
        ("a.glb", b"", "it is empty"),
        ("a.glb", b"<html>" * 9, "it does not begin like one"),
        ("a.glb", GLB[:-1], "it ends too early"),
        ("a.glb", GLB[:4] + b"\1" + GLB[5:], "it is of another version"),
        ("a.gltf", b"{", "it is no JSON"),
        ("a.gltf", b"[" * 100_000, "it is no JSON"),
        ("a.gltf", b"[]", "it has no asset"),
        ("a.gltf", gltf(buffers=[{"uri": "http://example.org/a.bin"}]), "parts of it lie in other files"),
        ("a.gltf", gltf(images=[{"uri": "../secret.png"}], buffers=5), "parts of it lie in other files"),
        ("a.obj", b"\x89PNG", "no line of it is one of OBJ"),
        ("a.stl", b"\0" * 80 + struct.pack("<I", 2**31), "it ends too early"),
        ("a.stl", b"solid", "it ends too early"),
        ("a.ply", b"polygon", "it does not begin like one"),
        ("a.splat", b"\0" * 33, "it ends too early"),
        ("a.usdz", b"PK", ".usdz is another kind"),
        ("a", b"PK", "a name without an ending is another kind"),
    ],
)
def test_what_is_no_model_is_refused_in_words(name: str, content: bytes, what: str, tmp_path: Path) -> None:
    (tmp_path / name).write_bytes(content)
    with pytest.raises(Error, match=f'Model3D "Gem": this file is no model that can be shown: {what}'):
        gr.Model3D(label="Gem").preprocess(file_data.publish(tmp_path / name))


def test_a_function_returns_a_path_or_an_address(tmp_path: Path) -> None:
    (tmp_path / "a.obj").write_bytes(TRIANGLE)
    shown = gr.Model3D().postprocess(tmp_path / "a.obj")
    assert shown is not None
    assert (shown["orig_name"], shown["size"]) == ("a.obj", None)
    address = "https://example.org/a.glb"
    assert gr.Model3D().postprocess(address)["path"] == address  # type: ignore[index]
    assert gr.Model3D().postprocess(None) is gr.Model3D().postprocess("") is None
    assert gr.Model3D().as_example("models/a.obj") == "a.obj"
    with pytest.raises(InvalidPathError):
        gr.Model3D().postprocess("/etc/passwd")
    with pytest.raises(Error, match="the path of a model is needed, not a int"):
        gr.Model3D().postprocess(5)


def test_parts_that_lie_beside_a_model_are_put_into_it(tmp_path: Path) -> None:
    folder = tmp_path / "model"
    (folder / "pictures").mkdir(parents=True)
    (folder / "a b.bin").write_bytes(b"abcde")
    (folder / "pictures/skin.jpg").write_bytes(b"JPEG!")
    text = gltf(
        buffers=[{"uri": "a%20b.bin"}, {"uri": "data:;base64," + base64.b64encode(b"fgh").decode()}],
        bufferViews=[{"buffer": 0, "byteLength": 5}, {"buffer": 1, "byteOffset": 1, "byteLength": 2}],
        images=[{"uri": "pictures/skin.jpg"}],
    )
    (folder / "gem.gltf").write_bytes(text)
    shown = gr.Model3D().postprocess(folder / "gem.gltf")
    assert shown is not None and shown["orig_name"] == "gem.glb"
    path = Path(gr.Model3D().preprocess(shown) or "")
    content = path.read_bytes()
    size = struct.unpack_from("<I", content, 12)[0]
    made, data = json.loads(content[20 : 20 + size]), content[28 + size :]
    assert (data, made["buffers"]) == (b"abcde\0\0\0fgh\0JPEG!\0\0\0", [{"byteLength": 20}])
    assert [view["byteOffset"] for view in made["bufferViews"]] == [0, 9, 12]
    assert made["images"] == [{"bufferView": 2, "mimeType": "image/jpeg"}]
    assert len(content) == struct.unpack_from("<I", content, 8)[0]


@pytest.mark.parametrize(
    "uri", ["../secret.bin", "/etc/passwd", "none.bin", "http://example.org/a.bin", "link.bin", "."]
)
def test_only_what_lies_beside_a_model_is_read(uri: str, tmp_path: Path) -> None:
    folder = tmp_path / "model"
    folder.mkdir()
    (tmp_path / "secret.bin").write_bytes(b"secret")
    (folder / "link.bin").symlink_to(tmp_path / "secret.bin")
    (folder / "a.gltf").write_bytes(gltf(buffers=[{"uri": uri}]))
    with pytest.raises(Error, match="does not lie beside it|it is damaged"):
        gr.Model3D().postprocess(folder / "a.gltf")


@pytest.mark.parametrize(
    "options",
    [
        {"display_mode": "shiny"},
        {"clear_color": (1, 2)},
        {"camera_position": (1, 2, "x")},
        {"camera_position": "abc"},
        {"zoom_speed": 0},
        {"pan_speed": float("nan")},
    ],
)
def test_a_declaration_that_means_nothing_is_refused(options: dict[str, Any]) -> None:
    with pytest.raises(DeclarationError, match=f"Model3D: {next(iter(options))}"):
        gr.Model3D(**options)
    shown = gr.Model3D().props()
    assert (shown["clear_color"], shown["camera_position"]) == ([0, 0, 0, 0], [None, None, None])
