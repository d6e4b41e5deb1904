"""Headers of films, read without decoding anything; subtitles; and ffmpeg, which is told what it is given."""

from __future__ import annotations

import json
import struct
from pathlib import Path

import pytest
from django.test import override_settings

from blocks_app.exceptions import Error
from blocks_app.files.file_data import SAMPLES
from blocks_app.media import decoding, ffmpeg, pixels, subtitles, video

FILMS = Path(__file__).parent / "films"


@pytest.mark.parametrize(
    ("name", "container", "codecs", "seconds", "size", "plays"),
    [
        ("film.webm", "webm", ("vp9", "opus"), 1, (64, 36), True),
        ("recorded.webm", "webm", ("vp8", "opus"), 1.1, (64, 36), True),  # it does not say how long it is
        ("fragments.mp4", "mp4", ("h264", "aac"), 1.2, (64, 36), True),
        ("ten_bits.mp4", "mp4", ("h264", None), 1, (64, 36), False),
        ("old.avi", "avi", ("fmp4", "unknown"), 1, (64, 36), False),
        ("film.ogv", "ogg", ("theora", "vorbis"), 1, (64, 36), False),
        ("sound.mp4", "mp4", (None, "aac"), 1, (None, None), False),
    ],
)
def test_a_header_tells_what_a_film_is(name, container, codecs, seconds, size, plays) -> None:
    film = video.header(FILMS / name)
    assert (film.container, (film.video, film.audio), (film.width, film.height)) == (container, codecs, size)
    assert film.seconds == pytest.approx(seconds, abs=0.15)
    assert film.plays is plays


def test_the_sample_plays_in_browsers() -> None:
    film = video.header(SAMPLES / "video.mp4")
    assert (film.video, film.audio, film.width, film.height, film.plays) == ("h264", "aac", 160, 90, True)
    assert film.seconds == pytest.approx(2, abs=0.1)


@pytest.mark.parametrize("name", ["film.webm", "recorded.webm", "fragments.mp4", "old.avi", "film.ogv", "ten_bits.mp4"])
def test_a_film_that_is_cut_short_is_told_or_read_and_never_more(name: str, tmp_path: Path) -> None:
    whole, place = (FILMS / name).read_bytes(), tmp_path / name
    for length in (0, 1, 7, 11, 40, 100, len(whole) // 2, len(whole) - 1):
        place.write_bytes(whole[:length])
        try:
            video.header(place)
        except video.Damaged as error:
            assert str(error)


@pytest.mark.parametrize("name", ["film.webm", "recorded.webm", "fragments.mp4", "old.avi", "film.ogv", "ten_bits.mp4"])
def test_a_film_with_wrong_bytes_is_told_or_read_and_never_more(name: str, tmp_path: Path) -> None:
    whole, place = (FILMS / name).read_bytes(), tmp_path / name
    for at in range(0, min(len(whole), 1500), 17):
        for wrong in (b"\xff", b"\0"):
            place.write_bytes(whole[:at] + wrong * 3 + whole[at + 3 :])
            try:
                video.header(place)
            except video.Damaged as error:
                assert str(error)


@pytest.mark.parametrize(
    ("content", "what"),
    [
        (b"", "it is empty"),
        (b"\x89PNG\r\n\x1a\n", "it is a picture"),
        (b"PK\3\4", "it is an archive"),
        (b"#EXTM3U\nhttp://example.org/secret", "it is a list of other files"),
        (b"<html>", "it begins like none"),
        (struct.pack(">I4s4sI", 16, b"ftyp", b"isom", 0), "its index is missing"),
        (struct.pack(">I4s4sII4s", 16, b"ftyp", b"isom", 0, 2**31, b"moov"), "it ends too early"),
        (b"\x1a\x45\xdf\xa3\x80\x18\x53\x80\x67\xff", "its list of tracks is missing"),
        (b"\x1a\x45\xdf\xa3" + b"\x01" + b"\xff" * 7, "its parts make no sense"),
        (b"OggS" + b"\0" * 30, "nothing is known in it"),
    ],
)
def test_what_is_no_film_is_refused_in_words(content: bytes, what: str, tmp_path: Path) -> None:
    (tmp_path / "film.mp4").write_bytes(content)
    with pytest.raises(Error, match=f"Video: this file is no video that can be read: {what}"):
        video.read(tmp_path / "film.mp4", "Video")


def test_a_film_that_claims_a_gigabyte_of_parts_is_not_read_for_ever(tmp_path: Path) -> None:
    nested = b"\x1a\x45\xdf\xa3\x80" + b"\x18\x53\x80\x67\xff" * 3000
    (tmp_path / "film.webm").write_bytes(nested)
    with pytest.raises(video.Damaged):
        video.header(tmp_path / "film.webm")


def test_frames_and_seconds_have_limits() -> None:
    with override_settings(BLOCKS_MAX_VIDEO_PIXELS=1000), pytest.raises(Error, match="64 x 36 pixels are too large"):
        video.read(FILMS / "film.webm", "Video")
    with override_settings(BLOCKS_MAX_VIDEO_SECONDS=0), pytest.raises(Error, match="is 1 seconds long: 0 seconds are"):
        video.read(FILMS / "film.webm", "Video")
    with pytest.raises(Error, match="there are no pictures in this file"):
        video.read(FILMS / "sound.mp4", "Video")


SRT = (
    "\ufeff1\r\n00:00:01,000 --> 00:00:02,500\r\n<b>Hello</b>\r\nworld --> now\r\n\r\n\r\n"
    "2\r\n1:02:03,4 --> 1:02:04\r\n{\\an8}<font color=red>Übung</font>\r\n"
)
VTT = "WEBVTT\n\n00:00:01.000 --> 00:00:02.500\n<b>Hello</b>\nworld → now\n\n01:02:03.400 --> 01:02:04.000\nÜbung\n"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "cp1252"])
def test_subrip_becomes_webvtt_in_every_encoding(encoding: str, tmp_path: Path) -> None:
    text = SRT if encoding == "utf-8" else SRT.lstrip("\ufeff")
    (tmp_path / "a.SRT").write_bytes(text.encode(encoding))
    assert subtitles.to_vtt(tmp_path / "a.SRT") == VTT


def test_subtitles_are_files_or_lists(tmp_path: Path) -> None:
    told = [{"text": "Hello", "timestamp": [0, 2.5]}]
    (tmp_path / "a.json").write_text(json.dumps(told))
    assert subtitles.to_vtt(told) == subtitles.to_vtt(tmp_path / "a.json")
    assert subtitles.to_vtt(told) == "WEBVTT\n\n00:00:00.000 --> 00:00:02.500\nHello\n"
    (tmp_path / "a.vtt").write_text(VTT)
    assert subtitles.to_vtt(tmp_path / "a.vtt") == VTT


@pytest.mark.parametrize(
    ("given", "what"),
    [
        ([{"text": "a"}], "subtitle 0 has no text, or no timestamp"),
        ([{"text": "a", "timestamp": [2, 1]}], "subtitle 0 ends before it starts"),
        ([{"text": "a", "timestamp": "12"}], "a pair of seconds"),
        ("a.txt", "subtitles are files such as .srt, .vtt, .json, not 'a.txt'"),
        ("hello", "subtitles are files"),
        ("no.srt", "there are no subtitles in 'no.srt'"),
        ("no.vtt", "do not begin with WEBVTT"),
        ("no.json", "are no JSON"),
    ],
)
def test_what_are_no_subtitles_is_told(given, what: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    for name in ("no.srt", "no.vtt", "no.json"):
        Path(name).write_text("something else")
    with pytest.raises(ValueError, match=what):
        subtitles.to_vtt(given)


def test_ffmpeg_converts_what_it_is_told_and_opens_nothing_else(tmp_path: Path) -> None:
    ffmpeg.convert(FILMS / "old.avi", "avi", tmp_path / "new.mp4", ["-c:v", "libx264", "-pix_fmt", "yuv420p"], "Video")
    assert video.header(tmp_path / "new.mp4").plays
    (tmp_path / "list.mp4").write_text(f"ffconcat version 1.0\nfile {FILMS / 'old.avi'}\n")
    with pytest.raises(Error, match="Video: the file is damaged"):
        ffmpeg.convert(tmp_path / "list.mp4", "mp4", tmp_path / "other.mp4", [], "Video")
    assert not (tmp_path / "other.mp4").exists()


@override_settings(BLOCKS_FFMPEG="no-such-program")
def test_without_ffmpeg_that_is_said(tmp_path: Path) -> None:
    assert ffmpeg.find() is None
    with pytest.raises(Error, match="converting this file needs ffmpeg, which is not installed"):
        ffmpeg.convert(FILMS / "old.avi", "avi", tmp_path / "new.mp4", [], "Video")


@override_settings(BLOCKS_DECODERS_AT_ONCE=1)
def test_conversions_wait_for_other_decoders(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pixels, "PATIENCE", 0.0)
    assert decoding.decoders.begin()
    try:
        with pytest.raises(Error, match="The server is working on too many"):
            ffmpeg.convert(FILMS / "old.avi", "avi", tmp_path / "new.mp4", [], "Video")
    finally:
        decoding.decoders.end()
