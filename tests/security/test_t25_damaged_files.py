"""T25: what is damaged, cut short, disguised, or larger than it looks is told in a sentence, wherever it is decoded."""

from __future__ import annotations

import logging
import struct
import sys
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.test import override_settings

import blocks_app as gr
from blocks_app.exceptions import Error
from blocks_app.files import file_data
from queue_app.testing import PageUser
from tests.security import media_files as files
from tests.security.live import Live

Door = Callable[[Any], Any]
#: Megabytes by which no file here may make the process grow.
MOST = 400


def sent(content: bytes, name: str) -> dict[str, Any]:
    """A file that a visitor has uploaded, as a page then names it."""
    return {"path": file_data.default_store().save(content, name).path, "orig_name": name}


def of_pictures() -> Iterator[Door]:
    for options in (
        {},
        {"type": "pil"},
        {"type": "filepath"},
        {"image_mode": None},
        {"image_mode": "L", "type": "filepath"},
    ):
        yield gr.Image(**options).preprocess  # type: ignore[arg-type]
    for kind in ("numpy", "filepath"):
        yield lambda file, kind=kind: gr.Gallery(type=kind).preprocess([{"image": file}])
        yield lambda file, kind=kind: gr.ImageSlider(type=kind).preprocess([file, None])
        yield lambda file, kind=kind: gr.ImageEditor(type=kind).preprocess({"background": file, "layers": [file]})
    yield lambda file: gr.AnnotatedImage().preprocess({"image": file, "annotations": [{"image": file, "label": "a"}]})
    yield lambda file: gr.AnnotatedImage().postprocess((file, [((0, 0, 1, 1), "a")]))
    yield gr.Image(watermark=[[0.5]]).postprocess


def of_sounds() -> Iterator[Door]:
    yield gr.Audio(type="filepath", format=None).preprocess


def of_films() -> Iterator[Door]:
    yield lambda file: gr.Video().preprocess({"video": file})
    yield lambda file: gr.Video(max_length=100).preprocess({"video": file})
    yield gr.Video().postprocess
    yield lambda file: gr.Gallery().preprocess([{"video": file}])


def of_all() -> Iterator[Door]:
    yield gr.File().preprocess
    yield gr.File(type="binary").preprocess
    yield lambda file: gr.MultimodalTextbox().preprocess({"text": "", "files": [file]})
    yield lambda file: gr.Chatbot().preprocess([{"role": "user", "content": [{"type": "file", "file": file}]}])


def doors(kind: str) -> list[Door]:
    """What takes a file of this kind."""
    own = {**dict.fromkeys((*files.PICTURES, "svg"), of_pictures), **dict.fromkeys(files.SOUNDS, of_sounds),
           **dict.fromkeys(files.VIDEOS, of_films)}.get(kind, lambda: iter([gr.Model3D().preprocess]))  # fmt: skip
    return [*own(), *of_all()]


def said(door: Door, file: dict[str, Any]) -> str:
    """What a visitor is told; "" when the file is taken."""
    try:
        with file_data.use(file_data.FileContext()):
            door(file)
    except Error as error:
        assert ": " in str(error) and str(error).endswith("."), str(error)
        return str(error)
    return ""


@pytest.mark.parametrize("kind", [*files.PICTURES, "svg", *files.SOUNDS, *files.VIDEOS, *files.MODELS])
def test_what_is_damaged_cut_or_disguised_is_told_in_a_sentence(kind: str, store: file_data.FileStore) -> None:
    ways = doors(kind)
    whole = sent(files.whole(kind), f"a.{kind}")
    takes_it = [door for door in ways if not said(door, whole)]
    assert len(takes_it) >= len(ways) - (4 if kind == "svg" else 0)
    for what, content in files.spoiled(kind):
        file = sent(content, f"a.{kind}")
        told = [said(door, file) for door in ways]
        assert any(told) or not what.startswith(("another", "a page", "empty")), what


@pytest.mark.parametrize("kind", [kind for kind in files.SOUNDS if kind != "wav"])
def test_what_ffmpeg_cannot_read_is_told_in_a_sentence(kind: str, store: file_data.FileStore) -> None:
    whole = files.whole(kind)
    assert not said(gr.Audio().preprocess, sent(whole, f"a.{kind}"))
    said(gr.Audio().preprocess, sent(whole[: len(whole) // 2], f"a.{kind}"))
    said(gr.Audio(max_length=9, format=None).preprocess, sent(whole[:200] + bytes(range(256)) * 4, f"a.{kind}"))


def test_a_sound_that_does_not_say_how_long_it_is_is_measured(store: file_data.FileStore) -> None:
    streamed = sent(files.whole("flac"), "a.flac")  # its header was written before its end was known
    assert not said(gr.Audio(type="filepath", format=None, max_length=0.6).preprocess, streamed)
    assert "too long" in said(gr.Audio(type="filepath", format=None, max_length=0.3).preprocess, streamed)


# -- larger than it looks ----------------------------------------------------------------------------------------------


def zeros(megabytes: int) -> bytes:
    """So many of them, packed as PNG has it; made from one, of which the others are copies."""
    packer = zlib.compressobj()
    head = packer.compress(b"") + packer.flush(zlib.Z_FULL_FLUSH)
    one = packer.compress(bytes(1 << 20)) + packer.flush(zlib.Z_FULL_FLUSH)
    return head + one * megabytes + packer.flush()


def bitmap(width: int, height: int, packed: bytes) -> bytes:
    """A BMP of runs."""
    about = struct.pack("<IiiHHIIiiII", 40, width, height, 1, 8, 1, 0, 0, 0, 256, 0)
    return b"BM" + struct.pack("<IHHI", 0, 0, 0, 54 + 1024) + about + bytes(1024) + packed


def scans(count: int) -> bytes:
    """A JPEG that draws itself again and again."""
    content = files.picture("jpeg", 900, 900, progressive=True)
    last = content.rfind(b"\xff\xc4", 0, content.rfind(b"\xff\xda"))
    return content[:-2] + content[last:-2][:200] * count + b"\xff\xd9"


def tiff(count: int) -> bytes:
    """One with a note of so many numbers."""
    tags = [(256, 3, 1, 8), (257, 3, 1, 8), (258, 3, 1, 8), (259, 3, 1, 1), (262, 3, 1, 1), (273, 4, 1, 200),
            (277, 3, 1, 1), (278, 3, 1, 8), (279, 4, 1, 64), (700, 12, count, 300)]  # fmt: skip
    head = b"II*\0" + struct.pack("<IH", 8, len(tags)) + b"".join(struct.pack("<HHII", *tag) for tag in tags)
    return (head + bytes(4)).ljust(200, b"\0") + bytes(200)


def svg(declared: str, inside: str) -> bytes:
    """A drawing whose document declares texts."""
    return f'<?xml version="1.0"?>\n<!DOCTYPE svg [{declared}]>\n<svg xmlns="a"><text>{inside}</text></svg>'.encode()


NESTED = "".join(f'<!ENTITY l{at} "{f"&l{at - 1};" * 10 if at else "lol"}">' for at in range(10))
PLY = b"ply\nformat binary_little_endian 1.0\nelement vertex 4000000000\nproperty float x\nend_header\n"
REFUSED: dict[str, tuple[str, Callable[[], bytes]]] = {
    "pixels": ("png", lambda: files.png(40_000, 40_000)),
    "pixels of a gif": ("gif", lambda: b"GIF89a\xff\xff\xff\xff\0\0\0" + files.whole("gif")[13:]),
    "runs of a bitmap": ("bmp", lambda: bitmap(8300, 8300, b"\1\1\0\0" * 8300)),
    "runs in an icon": (
        "ico",
        lambda: (
            struct.pack("<HHHBBBBHHII", 0, 1, 1, 16, 16, 0, 0, 1, 8, 1064, 22)
            + bitmap(8300, 8300 * 2, b"\1\1\0\0")[14:]
        ),
    ),
    "numbers written as text": ("png", lambda: b"P3 8000 8000 255 " + b"1 " * 100),
    "scans": ("jpeg", lambda: scans(4000)),
    "entities in entities": ("svg", lambda: svg(NESTED, "&l9;")),
    "entities by number": ("svg", lambda: svg('<!ENTITY a "lol"><!ENTITY b "&#38;a;&#38;a;">', "&b;")),
    "parameters": ("svg", lambda: svg("<!ENTITY % a \"<!ENTITY b 'lol'>\">%a;", "&b;")),
    "a long entity": ("svg", lambda: svg(f'<!ENTITY a "{"lol" * 9000}">', "&a;" * 9000)),
    "an entity of a file": ("svg", lambda: svg('<!ENTITY a SYSTEM "file:///etc/passwd">', "&a;")),
    "channels": ("wav", lambda: files.wav(channels=65535)),
    "a rate": ("wav", lambda: files.wav(rate=4_000_000_000)),
    "a length": ("wav", lambda: files.wav(length=0xFFFF0000)),
    "a block": ("wav", lambda: files.wav(block=60_000)),
    "a day of flac": ("flac", lambda: files.whole("flac")[:21] + b"\xff" * 5 + files.whole("flac")[26:]),
    "points": ("ply", lambda: PLY + bytes(400)),
    "triangles": ("stl", lambda: bytes(80) + b"\xff\xff\xff\xff" + bytes(50)),
    "values": ("gltf", lambda: b'{"asset":{},"x":[' + b"0," * 2_000_000 + b"0]}"),
    "levels": ("gltf", lambda: b'{"asset":{},"x":' + b"[" * 100_000 + b"]" * 100_000 + b"}"),
}
#: Taken or refused, what does not belong to their pixels costs nothing.
TAKEN: dict[str, tuple[str, Callable[[], bytes]]] = {
    "a profile": ("png", lambda: files.png(8, 8, files.chunk(b"iCCP", b"x\0\0" + zeros(1024)), data=bytes(72))),
    "a text": ("png", lambda: files.png(8, 8, files.chunk(b"zTXt", b"x\0\0" + zeros(1024)), data=bytes(72))),
    "texts": ("png", lambda: files.png(8, 8, files.chunk(b"zTXt", b"x\0\0" + zeros(1)) * 100, data=bytes(72))),
    "frames": ("gif", lambda: files.gif(100_000)),
    "a comment": ("gif", lambda: files.gif(1)[:-1] + b"!\xfe" + (b"\xff" + bytes(255)) * 20_000 + b"\0;"),
    "a note": ("tiff", lambda: tiff(500_000_000)),
    "more pixels than told": (
        "png",
        lambda: files.png(8, 8, data=b"").replace(
            files.chunk(b"IDAT", zlib.compress(b"")), files.chunk(b"IDAT", zeros(1024))
        ),
    ),
}


@pytest.fixture
def growth() -> Iterator[Callable[[], float]]:
    """By how many megabytes the most memory of this test is above what it began with."""
    if sys.platform != "linux":
        yield lambda: 0.0
        return
    Path("/proc/self/clear_refs").write_text("5")
    before = peak()
    yield lambda: peak() - before


def peak() -> float:
    status = Path("/proc/self/status").read_text()
    return int(status.partition("VmHWM:")[2].split()[0]) / 1024


@pytest.mark.parametrize("name", REFUSED)
def test_a_file_that_would_grow_is_refused_by_what_it_says_of_itself(name: str, growth, store) -> None:
    kind, make = REFUSED[name]
    file = sent(make(), f"a.{kind}")
    own = doors(kind)[:-4] + ([gr.Audio().preprocess] if kind in files.SOUNDS else [])
    assert [number for number, door in enumerate(own) if not said(door, file)] == []
    assert growth() < MOST


@pytest.mark.parametrize("name", TAKEN)
def test_what_stands_beside_the_pixels_is_not_unpacked(name: str, growth, store) -> None:
    kind, make = TAKEN[name]
    file = sent(make(), f"a.{kind}")
    for door in doors(kind)[:-4:3]:
        said(door, file)
    assert growth() < MOST


def test_an_svg_of_a_program_that_declares_addresses_is_taken(store: file_data.FileStore) -> None:
    usual = '<!ENTITY ns_svg "http://www.w3.org/2000/svg"> <!ENTITY ns_link "http://www.w3.org/1999/xlink">'
    for content in (svg(usual, "&ns_svg;"), svg(usual, "x").decode().encode("utf-16"), b"<!-- drawn --> <svg/>"):
        assert not said(gr.Image().preprocess, sent(content, "a.svg"))


@override_settings(BLOCKS_MAX_IMAGE_PIXELS=10_000)
@pytest.mark.parametrize("how", [{}, {"subsampling": "4:4:4"}, {"frames": 3}])
def test_an_avif_cannot_hide_a_large_frame(how: dict[str, Any], store: file_data.FileStore) -> None:
    large, small = (files.picture("avif", side, side, **how) for side in (200, 90))
    place = large.index(b"ispe") + 8
    assert not said(gr.Image().preprocess, sent(small, "a.avif"))
    for size in ((90, 90), (200, 200)):
        told = large[:place] + struct.pack(">II", *size) + large[place + 8 :]
        assert "too many pixels" in said(gr.Image().preprocess, sent(told, "a.avif"))
    for at in range(8, 400, 11):  # what is wrong in its index is told, too
        said(gr.Image().preprocess, sent(small[:at] + b"\xff\xff" + small[at + 2 :], "a.avif"))


@override_settings(BLOCKS_MAX_IMAGE_PIXELS=100_000)
def test_usual_pictures_are_no_slow_ones(store: file_data.FileStore) -> None:
    for content in (files.picture("jpeg", 300, 300, progressive=True), files.picture("bmp", 300, 300)):
        assert not said(gr.Image(type="filepath").preprocess, sent(content, "a.jpeg"))


# -- through the queue, beside it, and as a program's request ----------------------------------------------------------


def gates() -> dict[str, tuple[gr.components.Component, Callable[[dict[str, Any]], Any]]]:
    """Components and how a page names a file in their value."""
    return {
        "jpeg": (gr.Image(label="jpeg"), lambda file: file),
        "png": (gr.ImageEditor(label="png"), lambda file: {"background": file, "layers": [], "composite": None}),
        "webp": (gr.Gallery(label="webp", type="numpy"), lambda file: [{"image": file, "caption": None}]),
        "tiff": (gr.ImageSlider(label="tiff"), lambda file: [file, file]),
        "gif": (gr.AnnotatedImage(label="gif"), lambda file: {"image": file, "annotations": []}),
        "wav": (gr.Audio(label="wav"), lambda file: file),
        "mp4": (gr.Video(label="mp4"), lambda file: {"video": file}),
        "glb": (gr.Model3D(label="glb"), lambda file: file),
    }


def test_every_way_in_tells_the_same_sentence(
    serve: Callable[..., Live], store: file_data.FileStore, caplog: pytest.LogCaptureFixture
) -> None:
    with gr.Blocks() as demo:
        taking = gates()
        buttons = {}
        for kind, (component, _) in taking.items():
            queued, direct = gr.Button(), gr.Button()
            queued.click(lambda value: None, component, None, api_name=f"queued_{kind}")
            direct.click(lambda value: None, component, None, api_name=f"direct_{kind}", queue=False)
            buttons[kind] = (queued, direct)
    live = serve(demo)
    told: dict[str, set[str]] = {kind: set() for kind in taking}
    with caplog.at_level(logging.ERROR), PageUser(demo) as page:
        for kind, (component, named) in taking.items():
            value = named(
                sent(files.whole(kind)[: -60 if kind in ("jpeg", "png", "webp", "tiff") else 11], f"a.{kind}")
            )
            page.set(component, value)
            for button in buttons[kind]:
                page.click(button)
            told[kind].update(str(error) for error in page.errors if str(error).split('"')[1] == kind)
            for name in ("queued", "direct"):
                answer = live.run(f"{name}_{kind}", value)
                assert answer.status == 500
                told[kind].add(answer.json["error"])
        assert len(page.errors) == 2 * len(taking)
    assert [len(each) for each in told.values()] == [1] * len(taking), told
    assert {record.exc_info[0] for record in caplog.records if record.exc_info} == {Error}
