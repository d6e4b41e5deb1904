"""Audio: what a function gets, what it may return, and what is refused."""

from __future__ import annotations

import struct
import wave
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from django.test import override_settings

import blocks_app as gr
from blocks_app.exceptions import DeclarationError, Error
from blocks_app.files import file_data
from blocks_app.media import audio_headers, ffmpeg, pixels
from queue_app.testing import PageUser


@pytest.fixture
def store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[file_data.FileStore]:
    monkeypatch.setenv("GRADIO_TEMP_DIR", str(tmp_path / "store"))
    with file_data.use(file_data.FileContext()):
        yield file_data.default_store()


def wav(samples: Any, rate: int = 8000, channels: int = 1, width: int = 2, kind: int = 1) -> bytes:
    """A WAV of numbers that are already as wide as they have to be."""
    body = samples if isinstance(samples, bytes) else np.asarray(samples).tobytes()
    about = struct.pack("<IHHIIHH", 16, kind, channels, rate, rate * channels * width, channels * width, width * 8)
    chunks = b"WAVEfmt " + about + b"LIST" + struct.pack("<I", 3) + b"abc\0" + b"data" + struct.pack("<I", len(body))
    return b"RIFF" + struct.pack("<I", len(chunks) + len(body)) + chunks + body


TONE = (np.sin(np.arange(800) / 3) * 20000).astype("<i2")


def sent(store: file_data.FileStore, content: bytes, name: str = "a.wav") -> dict[str, Any]:
    return {"path": store.save(content, name).path, "orig_name": name}


def read(data: Any, store: file_data.FileStore) -> tuple[int, Any]:
    record = store.find(data["path"])
    assert record is not None
    with wave.open(str(store.local_path(record))) as file:
        samples = np.frombuffer(file.readframes(file.getnframes()), "<i2").reshape(-1, file.getnchannels())
        return file.getframerate(), samples


def test_a_function_gets_the_very_samples(store: file_data.FileStore) -> None:
    rate, samples = gr.Audio().preprocess(sent(store, wav(TONE)))
    assert (rate, samples.dtype, samples.shape) == (8000, np.int16, (800,))
    assert (samples == TONE).all()
    rate, samples = gr.Audio().preprocess(sent(store, wav(TONE, 44100, 2)))
    assert (rate, samples.shape) == (44100, (400, 2))
    assert (samples.ravel() == TONE).all()
    assert gr.Audio().preprocess(None) is None


@pytest.mark.parametrize(
    "content, expected",
    [
        (wav(bytes([0, 128, 255]), width=1), [-32768, 0, 32512]),
        (wav(bytes([9, 0, 1, 9, 255, 127, 9, 0, 128]), width=3), [256, 32767, -32768]),
        (wav(np.array([1 << 16, -(1 << 31)], "<i4"), width=4), [1, -32768]),
        (wav(np.array([0, 0.5, -1, 2, np.nan], "<f4"), width=4, kind=3), [0, 16383, -32767, 32767, 0]),
        (wav(np.array([0.5], "<f8"), width=8, kind=3), [16383]),
        (wav(b""), []),
    ],
)
def test_every_width_of_a_wav_becomes_16_bits(store: file_data.FileStore, content: bytes, expected: list[int]) -> None:
    samples = gr.Audio().preprocess(sent(store, content))[1]
    assert (samples.dtype, samples.tolist()) == (np.int16, expected)


def test_a_wav_whose_length_was_not_known_is_read_to_its_end(store: file_data.FileStore) -> None:
    content = wav(TONE).replace(struct.pack("<I", len(TONE) * 2), b"\xff\xff\xff\xff")
    assert (gr.Audio().preprocess(sent(store, content))[1] == TONE).all()


def test_a_path_is_that_of_the_sent_file_where_it_is_of_the_kind(store: file_data.FileStore) -> None:
    payload = sent(store, wav(TONE), "my.wav")
    path = gr.Audio(type="filepath").preprocess(payload)
    assert Path(path).name == "my.wav" and Path(path).read_bytes() == wav(TONE)
    other = gr.Audio(type="filepath").preprocess(sent(store, wav(TONE), "my.mp3"))
    assert Path(other).name == "my.wav"
    kept = gr.Audio(type="filepath", format=None).preprocess(sent(store, MP3, "my.mp3"))
    assert Path(kept).read_bytes() == MP3


def mp3_frames(count: int) -> bytes:
    """Silence: frames of 128 kbit/s at 44,100 samples a second."""
    frame = b"\xff\xfb\x90\xc0" + bytes(413)
    return frame * count


MP3 = mp3_frames(20)


def aiff(frames: int) -> bytes:
    about = struct.pack(">hIhHQ", 1, frames, 16, 16383 + 12, 8000 << (63 - 12))
    chunks = b"AIFFCOMM" + struct.pack(">I", 18) + about + b"SSND" + struct.pack(">I", frames * 2 + 8) + bytes(8)
    return b"FORM" + struct.pack(">I", len(chunks)) + chunks + bytes(frames * 2)


def flac(frames: int, rate: int = 44100, channels: int = 2) -> bytes:
    packed = rate << 44 | (channels - 1) << 41 | 15 << 36 | frames
    return b"fLaC\x80\x00\x00\x22" + bytes(10) + packed.to_bytes(8, "big") + bytes(16 + 60)


def ogg(ticks: int) -> bytes:
    def page(granule: int, body: bytes) -> bytes:
        return b"OggS\0\0" + struct.pack("<qIIIB", granule, 1, 0, 0, 1) + bytes([len(body)]) + body

    return page(0, b"OpusHead\x01\x02\0\0" + struct.pack("<I", 48000) + bytes(3)) + page(ticks, b"sound")


def mp4(length: int) -> bytes:
    film = b"mvhd" + bytes(12) + struct.pack(">II", 1000, length) + bytes(80)
    inside = struct.pack(">I", len(film) + 4) + film
    return (
        struct.pack(">I4s4sI", 16, b"ftyp", b"M4A ", 0)
        + struct.pack(">I4s", len(inside) + 8, b"moov")
        + inside
        + struct.pack(">I4s", 8, b"mdat")
    )


@pytest.mark.parametrize(
    "content, container, rate, channels, seconds",
    [
        (wav(TONE), "wav", 8000, 1, 0.1),
        (MP3, "mp3", 44100, 1, 20 * 1152 / 44100),
        (b"ID3\x04\0\0\0\0\x01\x00" + bytes(128) + MP3, "mp3", 44100, 1, 20 * 1152 / 44100),
        (flac(44100), "flac", 44100, 2, 1),
        (ogg(96000), "ogg", 48000, 2, 2),
        (aiff(4000), "aiff", 8000, 1, 0.5),
        (mp4(1500), "mp4", 1000, None, 1.5),
        (
            (b"\xff\xf1\x50\x80\x02\x1f\xfc" + bytes(9)) * 2,
            "aac",
            44100,
            2,
            None,
        ),
        (b"\x1a\x45\xdf\xa3" + bytes(20), "webm", None, None, None),
    ],
)
def test_headers_tell_kind_and_length(
    tmp_path: Path, content: bytes, container: str, rate: int | None, channels: int | None, seconds: float | None
) -> None:
    place = tmp_path / "sound"
    place.write_bytes(content)
    found = audio_headers.read(place)
    assert found is not None
    assert (found.container, found.rate, found.channels) == (container, rate, channels)
    assert found.seconds == (None if seconds is None else pytest.approx(seconds, rel=0.02))


WHOLE = {"wav": wav(TONE), "mp3": MP3, "flac": flac(44100), "ogg": ogg(96000), "aiff": aiff(4000), "m4a": mp4(1500)}


@pytest.mark.parametrize("kind", sorted(WHOLE))
def test_damaged_and_truncated_files_are_told_in_a_sentence(
    store: file_data.FileStore, kind: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ffmpeg, "find", lambda: None)
    whole = WHOLE[kind]
    for content in (whole[:10], whole[:20], whole[:40], whole[: len(whole) // 2], whole[:12] + bytes(len(whole) - 12)):
        for options in ({}, {"type": "filepath"}, {"type": "filepath", "format": None}):
            try:
                gr.Audio(label="Voice", **options).preprocess(sent(store, content, f"a.{kind}"))  # type: ignore[arg-type]
            except Error as error:
                assert str(error).startswith('Audio "Voice": ') and str(error).endswith(".")


@pytest.mark.parametrize(
    "content",
    [b"", b"hello", b"<html><script>", b"\x89PNG\r\n\x1a\n" + bytes(900), bytes(5000), b"\xff" * 5000, b"RIFF"],
)
def test_what_is_no_sound_is_refused(store: file_data.FileStore, content: bytes) -> None:
    for options in ({}, {"type": "filepath", "format": None}):
        with pytest.raises(Error, match=r"no sound that can be read|is damaged"):
            gr.Audio(**options).preprocess(sent(store, content, "a.wav"))  # type: ignore[arg-type]


def test_a_truncated_wav_is_not_taken_for_a_short_one(store: file_data.FileStore) -> None:
    with pytest.raises(Error, match="a part of it is missing"):
        gr.Audio().preprocess(sent(store, wav(TONE)[:-100]))


def test_other_kinds_need_ffmpeg_and_say_so(store: file_data.FileStore, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ffmpeg, "find", lambda: None)
    for options in ({}, {"type": "filepath"}):
        with pytest.raises(Error, match="needs ffmpeg, which is not installed on this server"):
            gr.Audio(**options).preprocess(sent(store, MP3, "a.mp3"))  # type: ignore[arg-type]
    with pytest.raises(Error, match="needs ffmpeg"):
        gr.Audio(format="mp3").postprocess((8000, TONE))
    with pytest.raises(Error, match="measuring the length of this file needs ffmpeg"):
        gr.Audio(type="filepath", format=None, max_length=1).preprocess(sent(store, b"\x1a\x45\xdf\xa3" + bytes(20)))


def test_length_is_bounded_by_the_header_alone(store: file_data.FileStore) -> None:
    payload = sent(store, wav(TONE))
    with pytest.raises(Error, match=r"too short: it needs at least 0\.2 seconds"):
        gr.Audio(min_length=0.2).preprocess(payload)
    with pytest.raises(Error, match=r"too long: it may have at most 0\.05 seconds"):
        gr.Audio(max_length=0.05).preprocess(payload)
    gr.Audio(min_length=0.05, max_length=0.2).preprocess(payload)


def no_decoding(*_: object, **__: object) -> None:
    raise AssertionError("nothing is decoded")


@pytest.mark.parametrize(
    "setting, text",
    [
        ({"BLOCKS_MAX_AUDIO_SECONDS": 0}, "too long: 0 seconds"),
        ({"BLOCKS_MAX_AUDIO_SAMPLES": 799}, "too many samples: 799"),
        ({"BLOCKS_MAX_AUDIO_CHANNELS": 0}, "has 1 channels; 0 are allowed"),
        ({"BLOCKS_MAX_AUDIO_RATE": 7999}, "has 8,000 samples a second; 7,999 are allowed"),
    ],
)
def test_limits_hold_before_anything_is_decoded(
    store: file_data.FileStore, setting: dict[str, int], text: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    payload = sent(store, wav(TONE))
    monkeypatch.setattr(np, "fromfile", no_decoding)
    with override_settings(**setting), pytest.raises(Error, match=text):
        gr.Audio().preprocess(payload)


def test_a_small_file_that_says_it_is_long_takes_no_memory(
    store: file_data.FileStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ffmpeg, "convert", no_decoding)
    monkeypatch.setattr(ffmpeg, "find", lambda: "ffmpeg")
    with pytest.raises(Error, match="too long"):
        gr.Audio().preprocess(sent(store, flac(1 << 35), "a.flac"))
    with pytest.raises(Error, match="too many samples"):
        gr.Audio().preprocess(sent(store, flac(44100 * 7200), "a.flac"))


def test_what_a_function_holds_counts_until_it_ends(store: file_data.FileStore) -> None:
    seen: list[int] = []
    with gr.Blocks() as demo:
        sound, start = gr.Audio(), gr.Button()
        start.click(lambda given: seen.append(pixels.budget.held), sound, queue=False)
    with PageUser(demo) as page:
        page.set(sound, sent(store, wav(np.zeros(8_000_000, "<i2"))))
        page.click(start)
    assert seen == [-(-16_000_000 // 7)]
    assert pixels.budget.held == 0


@pytest.mark.parametrize(
    "array, expected",
    [
        (np.array([0, 5, -7], np.int16), [0, 5, -7]),
        ([0, 5, -7], [0, 5, -7]),
        (np.array([1, -1], np.int8), [256, -256]),
        (np.array([0, 255], np.uint8), [-32768, 32767]),
        (np.array([0, 65535], np.uint16), [-32768, 32767]),
        (np.array([65536, -65536], np.int32), [1, -1]),
        (np.array([0, 0.1, -0.2]), [0, 16383, -32767]),
        (np.array([0, 0.5], np.float32), [0, 32767]),
        (np.zeros(3, np.float16), [0, 0, 0]),
        (np.array([np.nan, 1, np.inf]), [0, 32767, 32767]),
        (np.array([]), []),
    ],
)
def test_arrays_become_a_wav_of_16_bits(store: file_data.FileStore, array: Any, expected: list[int]) -> None:
    data: Any = gr.Audio().postprocess((8000, array))
    assert (data["orig_name"], data["size"], data["is_stream"]) == ("audio.wav", None, False)
    rate, samples = read(data, store)
    assert (rate, samples.ravel().tolist()) == (8000, expected)


def test_channels_may_stand_in_columns_or_in_rows(store: file_data.FileStore) -> None:
    for array in (np.ones((100, 2), np.int16), np.ones((2, 100), np.int16)):
        assert read(gr.Audio().postprocess((8000, array)), store)[1].shape == (100, 2)


@pytest.mark.parametrize(
    "value, text",
    [
        ((8000, np.zeros((2, 3, 4))), r"an array of shape \(2, 3, 4\) is no sound"),
        ((8000, np.zeros((20, 30))), "is no sound"),
        ((8000, np.array(["x"])), "is no sound"),
        ((8000, np.array([True])), "an array of bool is no sound"),
        ((0, TONE), "samples a second, from 1"),
        (("fast", TONE), "samples a second, from 1"),
        ((float("inf"), TONE), "samples a second, from 1"),
        (5, "a sound is a pair of samples a second and an array"),
        ((1, 2, 3), "a sound is a pair"),
    ],
)
def test_what_is_no_sound_is_no_result(store: file_data.FileStore, value: Any, text: str) -> None:
    with pytest.raises(ValueError, match=text):
        gr.Audio().postprocess(value)


def test_paths_content_and_addresses_are_handed_out(store: file_data.FileStore) -> None:
    place = store.scratch("b.mp3")
    place.write_bytes(MP3)
    made: Any = gr.Audio().postprocess(place)
    assert made["orig_name"] == "b.mp3"
    named: Any = gr.Audio().postprocess(wav(TONE))
    assert named["path"].endswith("/audio.wav")
    assert gr.Audio().postprocess("https://example.org/a.mp3")["path"] == "https://example.org/a.mp3"  # type: ignore[index]
    assert gr.Audio().postprocess(None) is None


@pytest.mark.parametrize(
    "options, text",
    [
        ({"sources": ["camera"]}, "sources='camera' is unknown"),
        ({"type": "bytes"}, "type='bytes' is unknown"),
        ({"format": "exe"}, "format='exe' is unknown"),
        ({"streaming": True, "sources": ["upload"]}, "streaming=True needs the microphone"),
        ({"waveform_options": {"colour": "red"}}, "waveform_options has 'colour'"),
        ({"waveform_options": {"skip_length": 0}}, "skip_length from 0 to 100"),
        ({"min_length": -1}, "min_length is a number of seconds"),
        ({"subtitles": [{"text": "x"}]}, "subtitle 0 has no text, or no timestamp"),
        ({"buttons": ["copy"]}, "buttons may hold"),
    ],
)
def test_options_that_mean_nothing_are_refused(options: dict[str, Any], text: str) -> None:
    with pytest.raises(DeclarationError, match=text):
        gr.Audio(**options)


def test_a_microphone_is_an_audio_that_is_recorded() -> None:
    assert gr.Mic is gr.Microphone
    assert gr.Microphone().props()["sources"] == gr.Audio(streaming=True).props()["sources"] == ["microphone"]
    with gr.Blocks() as demo, pytest.raises(DeclarationError, match="needs the microphone"):
        gr.Audio(sources=["upload"]).stream(lambda: None)
    assert demo.blocks


def test_options_for_the_browser_are_plain_and_subtitles_are_webvtt() -> None:
    look = gr.WaveformOptions(waveform_color="#123456", skip_length=2)
    said = [{"text": "Hello", "timestamp": [0, 1.5]}]
    props = gr.Audio(waveform_options=look, subtitles=said, loop=True, playback_position=2).props()
    assert props["waveform_options"]["waveform_color"] == "#123456"
    assert props["subtitles"] == "WEBVTT\n\n00:00:00.000 --> 00:00:01.500\nHello\n"
    assert (props["loop"], props["playback_position"]) == (True, 2)


def every_event(sound: gr.Audio) -> list[Callable[..., Any]]:
    return [sound.change, sound.clear, sound.play, sound.pause, sound.stop, sound.start_recording,
            sound.pause_recording, sound.stop_recording, sound.upload, sound.input]  # fmt: skip


def test_its_events_can_be_listened_to() -> None:
    with gr.Blocks() as demo:
        sound = gr.Audio()
        for event in every_event(sound):
            event(lambda: None)
    assert len(demo.fns) == 10


def test_other_kinds_are_read_and_written_by_ffmpeg(store: file_data.FileStore) -> None:
    made: Any = gr.Audio(format="mp3").postprocess((8000, np.tile(TONE, 20)))
    assert made["orig_name"] == "audio.mp3"
    rate, samples = gr.Audio(min_length=1, max_length=3).preprocess(made)
    assert rate == 8000 and len(samples) == pytest.approx(16000, abs=4000) and np.abs(samples).max() > 5000
    path = gr.Audio(type="filepath").preprocess(made)
    with wave.open(path) as file:
        assert (file.getframerate(), file.getsampwidth()) == (8000, 2)
    record = store.find(made["path"])
    assert record is not None
    broken = store.local_path(record).read_bytes()[:600] + bytes(3000)
    with pytest.raises(Error, match="damaged|needs ffmpeg|too short"):
        gr.Audio(min_length=1).preprocess(sent(store, broken, "a.mp3"))


def aiff(samples: Any) -> bytes:
    """An AIFF with 8,000 samples a second."""
    about = struct.pack(">4sIhIhHQ", b"COMM", 18, 1, len(samples), 16, 0x400B, 0xFA << 56)
    body = struct.pack(">4sIII", b"SSND", 8 + len(samples) * 2, 0, 0) + np.asarray(samples).astype(">i2").tobytes()
    return struct.pack(">4sI4s", b"FORM", 4 + len(about) + len(body), b"AIFF") + about + body


def test_what_browsers_do_not_play_becomes_what_they_do(store: file_data.FileStore) -> None:
    wide = wav(TONE / 32768.0, width=8, kind=3)
    made = {"old.aiff": aiff(TONE), "wide.wav": wide} if ffmpeg.find() else {"wide.wav": wide}
    for name, content in made.items():
        place = store.scratch(name)
        place.write_bytes(content)
        with pytest.warns(UserWarning, match='Audio "Song": browsers do not play this sound. It becomes WAV'):
            shown = gr.Audio(label="Song").postprocess(place)
        assert shown is not None and shown["orig_name"] == f"{place.stem}.wav"
        rate, samples = read(shown, store)
        assert rate == 8000 and abs(samples[:, 0] - TONE.astype(int)).max() <= 1
        assert gr.Audio().postprocess(shown) == shown  # what was shown is not looked at again


def test_what_cannot_be_converted_is_shown_as_it_is(
    store: file_data.FileStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ffmpeg, "find", lambda: None)
    for name, content in {"old.aiff": aiff(TONE), "no.aiff": b"FORM....AIFF", "no.xyz": b"nothing"}.items():
        place = store.scratch(name)
        place.write_bytes(content)
        shown = gr.Audio().postprocess(place)
        assert shown is not None and shown["orig_name"] == name
