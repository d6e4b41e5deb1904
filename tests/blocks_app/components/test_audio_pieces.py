"""Audio that comes in pieces: what the page gets of each, and the one sound at the end."""

from __future__ import annotations

import asyncio
import struct
import threading
import wave
from collections.abc import AsyncIterator, Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from django.test import override_settings

import blocks_app as gr
from blocks_app.files import file_data
from blocks_app.media import audio as codec
from queue_app.testing import PageUser

RATE = 8000
TONE = (np.sin(np.arange(RATE) / 5) * 12000).astype(np.int16)
PARTS = np.split(TONE, [1000, 1001, 5000])
#: Silence: frames of 128 kbit/s at 44,100 samples a second; the first one tells how many there are.
FRAME = b"\xff\xfb\x90\xc0" + bytes(413)
XING = b"\xff\xfb\x90\xc0" + bytes(17) + b"Xing" + struct.pack(">II", 1, 3) + bytes(413 - 29)
TAG = b"ID3\x04\0\0\0\0\0\x05" + bytes(5)


@pytest.fixture(autouse=True)
def store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[file_data.FileStore]:
    monkeypatch.setenv("GRADIO_TEMP_DIR", str(tmp_path / "store"))
    yield file_data.default_store()


def local(wire: Any) -> Path:
    record = file_data.default_store().find(wire["path"])
    assert record is not None
    return file_data.default_store().local_path(record)


def read(wire: Any) -> tuple[int, Any]:
    with wave.open(str(local(wire))) as file:
        samples = np.frombuffer(file.readframes(file.getnframes()), "<i2").reshape(-1, file.getnchannels())
        return file.getframerate(), samples


def shown(function: Callable[..., Any], **options: Any) -> tuple[Any, list[Any]]:
    """What the page has in the end, and what it was told of failures."""
    with gr.Blocks() as demo:
        sound, start = gr.Audio(streaming=True, label="Song"), gr.Button()
        start.click(function, None, sound, **options)
    with PageUser(demo) as page:
        page.click(start)
        return page.value(sound), page.errors


def played(function: Callable[..., Any]) -> Any:
    """What the page has in the end, or what it was told of failures."""
    value, errors = shown(function)
    return errors or value


def arrays() -> Iterator[Any]:
    for part in PARTS:
        yield RATE, part


async def asynchronous() -> AsyncIterator[Any]:
    for part in PARTS:
        yield RATE, part
        await asyncio.sleep(0)


def contents() -> Iterator[bytes]:
    for part in PARTS:
        yield codec.wav(RATE, part)


def one_head() -> Iterator[bytes]:
    yield codec.wav(RATE, PARTS[0])
    for part in PARTS[1:]:
        yield part.astype("<i2").tobytes()


def paths() -> Iterator[str]:
    for part in PARTS:
        place = file_data.scratch("part.wav")
        place.write_bytes(codec.wav(RATE, part))
        yield str(place)


def with_nothing_between() -> Iterator[Any]:
    yield None
    for part in PARTS:
        yield RATE, part
        yield None
        yield gr.skip()


@pytest.mark.parametrize("function", [arrays, asynchronous, contents, one_head, paths, with_nothing_between])
def test_pieces_of_every_kind_are_one_sound_in_the_end(function: Callable[..., Any]) -> None:
    value = played(function)
    assert (value["is_stream"], value["orig_name"]) == (False, "audio.wav")
    rate, samples = read(value)
    assert rate == RATE and (samples[:, 0] == TONE).all()


def test_each_piece_is_a_file_of_its_own_and_floats_keep_their_loudness() -> None:
    sound, before = gr.Audio(streaming=True), []  # type: ignore[var-annotated]
    with file_data.use(file_data.FileContext()):
        assert sound.piece(None, before) is None
        first = sound.piece((RATE, np.full(100, 0.5)), before)
        second = sound.piece((RATE, np.full(50, 0.25)), before)
        assert first is not None and second is not None
        assert (first["is_stream"], first["type"]) == (True, "audio/wav")
        assert [len(each["pieces"]) for each in (first, second)] == [1, 2]
        assert second["pieces"][:1] == first["pieces"] and second["path"] == second["pieces"][1]["path"]
        assert [read(each)[1][0, 0] for each in second["pieces"]] == [16383, 8191]
        assert read(sound.whole(before))[1].shape == (150, 1)


def test_mp3_goes_on_as_it_is_without_what_would_be_a_gap() -> None:
    def mp3() -> Iterator[bytes]:
        yield TAG + XING + FRAME * 3
        yield TAG + FRAME * 2
        yield FRAME[:100]
        yield FRAME[100:]

    value = played(mp3)
    assert value["orig_name"] == "audio.mp3"
    assert local(value).read_bytes() == FRAME * 6


@pytest.mark.parametrize(
    "second, text",
    [
        ((RATE * 2, TONE), "have one rate and as many channels"),
        ((RATE, np.zeros((50, 2), np.int16)), "have one rate and as many channels"),
        ("https://example.org/a.wav", "not addresses"),
        (b"fLaC\x80\x00\x00\x22" + bytes(40), "is damaged"),
        (b"RIFF", "is no sound that can be read"),
    ],
)
def test_what_does_not_go_on_with_the_pieces_before_is_told(second: Any, text: str) -> None:
    def odd() -> Iterator[Any]:
        yield RATE, TONE
        yield second

    (error,) = played(odd)
    assert 'Audio "Song"' in str(error) and text in str(error)


def test_mp3_and_others_do_not_mix() -> None:
    def mixed() -> Iterator[Any]:
        yield FRAME * 3
        yield RATE, TONE

    assert "after MP3 more MP3 has to come" in str(played(mixed)[0])


def test_a_stream_that_never_ends_ends_at_the_limit() -> None:
    def endless() -> Iterator[Any]:
        while True:
            yield RATE, TONE

    with override_settings(BLOCKS_MAX_AUDIO_SAMPLES=RATE * 3):
        value, (error,) = shown(endless)
    assert "too many samples" in str(error)
    assert len(read(value)[1]) == RATE * 3


def test_a_function_that_returns_gives_one_file_also_when_it_could_stream() -> None:
    value = played(lambda: (RATE, TONE))
    assert value["is_stream"] is False and (read(value)[1][:, 0] == TONE).all()


def test_what_comes_after_the_whole_changes_nothing() -> None:
    """A function that is cancelled may be busy with its next piece, or with its end."""
    for first, more in (((RATE, TONE), (RATE, TONE)), (FRAME * 3, FRAME)):
        sound, before = gr.Audio(streaming=True), []  # type: ignore[var-annotated]
        with file_data.use(file_data.FileContext()):
            sound.piece(first, before)
            made = local(sound.whole(before)).read_bytes()
            sound.piece(more, before)
            assert local(sound.whole(before)).read_bytes() == made


def fails() -> Iterator[Any]:
    yield RATE, PARTS[0]
    yield RATE, PARTS[1]
    raise gr.Error("The singer is ill.")


async def fails_later() -> AsyncIterator[Any]:
    for part in PARTS[:2]:
        yield RATE, part
        await asyncio.sleep(0)
    raise gr.Error("The singer is ill.")


over = threading.Event()


def takes_too_long() -> Iterator[Any]:
    yield RATE, TONE[:1001]
    over.wait(20)


@pytest.mark.parametrize(
    "function, options, told",
    [
        (fails, {}, "The singer is ill."),
        (fails_later, {}, "The singer is ill."),
        (takes_too_long, {"time_limit": 1}, "time limit of 1 s"),
    ],
)
def test_what_came_before_a_failure_is_one_sound(function: Any, options: dict[str, Any], told: str) -> None:
    over.clear()
    value, (error,) = shown(function, **options)
    over.set()
    assert told in str(error)
    assert value["is_stream"] is False and "pieces" not in value
    assert (read(value)[1][:, 0] == TONE[:1001]).all()


def test_a_failure_before_the_first_piece_leaves_what_there_was() -> None:
    def silent() -> Iterator[Any]:
        raise gr.Error("Nothing.")
        yield

    assert shown(silent)[0] is None


@pytest.mark.parametrize("kind", ["plain", "async"])
def test_what_came_before_a_cancel_is_one_sound_though_the_function_is_busy(kind: str) -> None:
    gate, ended = threading.Event(), threading.Event()

    def sing() -> Iterator[Any]:
        try:
            yield RATE, PARTS[0]
            gate.wait(20)
            yield RATE, PARTS[1]
        finally:
            ended.set()

    async def sing_later() -> AsyncIterator[Any]:
        try:
            yield RATE, PARTS[0]
            await asyncio.sleep(20)
        finally:
            ended.set()

    with gr.Blocks() as demo:
        sound, start, stop = gr.Audio(streaming=True), gr.Button(), gr.Button()
        running = start.click(sing if kind == "plain" else sing_later, None, sound)
        stop.click(None, None, None, cancels=[running])
    with PageUser(demo) as page:
        page.click(start, wait=False)
        page.until(lambda: page.value(sound) is not None)
        assert page.value(sound)["is_stream"] is True
        page.click(stop)
        value = page.value(sound)
    assert value["is_stream"] is False and page.errors == []
    assert (read(value)[1][:, 0] == PARTS[0]).all()
    gate.set()
    assert ended.wait(10)
