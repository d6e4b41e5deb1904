"""Video: what a function gets, what it may return, and what becomes of films that browsers do not play."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.test import override_settings

import blocks_app as gr
from blocks_app.exceptions import DeclarationError, Error
from blocks_app.files import file_data
from blocks_app.files.paths import InvalidPathError
from blocks_app.media import video
from queue_app.testing import PageUser

FILMS = Path(__file__).parents[1] / "films"
WITHOUT = override_settings(BLOCKS_FFMPEG="no-such-program")


@pytest.fixture(autouse=True)
def store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[file_data.FileStore]:
    monkeypatch.setenv("GRADIO_TEMP_DIR", str(tmp_path / "store"))
    with file_data.use(file_data.FileContext(allowed_paths=(str(FILMS),))):
        yield file_data.default_store()


def sent(name: str, **more: Any) -> dict[str, Any]:
    """A film that a client has uploaded, as it then names it."""
    return {"video": file_data.publish(FILMS / name), "subtitles": None, **more}


def shown(data: Any) -> video.Film:
    """The header of what the page is given."""
    return video.header(file_data.receive(data["video"], None).path)


def test_a_function_gets_the_path_of_what_was_sent() -> None:
    path = gr.Video().preprocess(sent("film.webm"))
    assert Path(path).read_bytes() == (FILMS / "film.webm").read_bytes()
    assert gr.Video().preprocess(sent("film.webm")["video"]).endswith("film.webm")  # newer clients send the file alone
    assert gr.Video().preprocess(None) is gr.Video().preprocess({"video": None}) is None


@pytest.mark.parametrize("length", [0, 100, 1000])
def test_a_damaged_film_is_refused_in_words(length: int, tmp_path: Path) -> None:
    (tmp_path / "film.mp4").write_bytes((FILMS / "ten_bits.mp4").read_bytes()[:length])
    with file_data.use(file_data.FileContext(allowed_paths=(str(tmp_path),))):
        data = file_data.publish(tmp_path / "film.mp4")
        with pytest.raises(Error, match='Video "Film": this file is no video that can be read: '):
            gr.Video(label="Film").preprocess(data)


def test_films_of_another_length_are_refused() -> None:
    assert gr.Video(min_length=0.5, max_length=2).preprocess(sent("recorded.webm"))
    with pytest.raises(Error, match="too long, it may be at most 0.5 seconds long"):
        gr.Video(max_length=0.5).preprocess(sent("film.webm"))
    with pytest.raises(Error, match="too short, it must be at least 3 seconds long"):
        gr.Video(min_length=3).preprocess(sent("film.webm"))
    assert gr.Video(max_length=0.6).preprocess(sent("film.webm", trim=[0.2, 0.7]))


def test_a_part_is_cut_out() -> None:
    film = video.header(Path(gr.Video().preprocess(sent("film.webm", trim=[0.2, 0.7]))))
    assert film.seconds == pytest.approx(0.5, abs=0.15)
    assert Path(gr.Video().preprocess(sent("film.webm", trim=[0, 99]))).stat().st_size == 3474  # all of it, as it is


@pytest.mark.parametrize("trim", [[1], "ab", [2, 1], [0, None], [True, 2], [0, float("nan")], [50, 60]])
def test_a_part_that_is_none_is_refused(trim: Any) -> None:
    with pytest.raises(Error, match="cut out"):
        gr.Video().preprocess(sent("film.webm", trim=trim))


def test_the_sound_is_taken_out_where_none_is_wanted() -> None:
    silent = gr.Video(include_audio=False).preprocess(sent("film.webm"))
    assert (video.header(Path(silent)).video, video.header(Path(silent)).audio) == ("vp9", None)
    assert gr.Video(sources=["webcam"]).include_audio is False
    same = gr.Video(include_audio=False).preprocess(sent("ten_bits.mp4"))  # which has none
    assert Path(same).read_bytes() == (FILMS / "ten_bits.mp4").read_bytes()


def test_films_become_the_wanted_kind_both_ways() -> None:
    component = gr.PlayableVideo()
    got = Path(component.preprocess(sent("film.webm")))
    assert (got.name, video.header(got).container, video.header(got).video) == ("film.mp4", "mp4", "h264")
    made = component.postprocess(FILMS / "film.webm")
    assert made["video"]["orig_name"] == "film.mp4"
    assert shown(made).plays


def test_what_browsers_do_not_play_becomes_mp4() -> None:
    with pytest.warns(UserWarning, match="browsers do not play this film"):
        made = gr.Video().postprocess(FILMS / "old.avi")
    assert (made["video"]["orig_name"], shown(made).plays) == ("old.mp4", True)
    assert gr.Video().postprocess(FILMS / "film.webm")["video"]["orig_name"] == "film.webm"


@WITHOUT
def test_without_ffmpeg_films_stay_as_they_are_and_what_cannot_be_is_told() -> None:
    assert gr.Video().postprocess(FILMS / "old.avi")["video"]["orig_name"] == "old.avi"
    assert "_cuts" not in gr.Video().props()
    needs = "needs ffmpeg, which is not installed on this server"
    with pytest.raises(Error, match=f"making a .mp4 of it {needs}"):
        gr.PlayableVideo().postprocess(FILMS / "film.webm")
    with pytest.raises(Error, match=f"cutting it {needs}"):
        gr.Video().preprocess(sent("film.webm", trim=[0, 0.5]))
    with pytest.raises(Error, match=f"taking its sound out {needs}"):
        gr.Video(include_audio=False).preprocess(sent("film.webm"))
    with pytest.raises(Error, match=f"a watermark {needs}"):
        gr.Video(watermark=file_data.SAMPLES / "image.png").postprocess(FILMS / "film.webm")


@pytest.mark.parametrize("position", ["top-left", "bottom-right", (3, 4)])
def test_a_watermark_is_laid_over_what_is_shown(position: Any) -> None:
    mark = gr.WatermarkOptions(file_data.SAMPLES / "image.png", position)
    made = gr.Video(watermark=mark).postprocess(FILMS / "fragments.mp4")
    assert (shown(made).width, shown(made).height) == (64, 36)
    assert "watermark" not in gr.Video(watermark=mark).props()


def test_subtitles_come_with_the_film_or_with_the_declaration(tmp_path: Path) -> None:
    text = FILMS / "words.srt"
    made = gr.Video().postprocess((FILMS / "film.webm", text))
    assert made["subtitles"]["orig_name"] == "subtitles.vtt"
    assert file_data.receive(made["subtitles"], None).path.read_text().startswith("WEBVTT\n\n00:00:00.000 -->")
    component = gr.Video(subtitles=[{"text": "Hello", "timestamp": [0, 1]}])
    assert "Hello" in file_data.receive(component.props()["subtitles"], None).path.read_text()
    assert component.props()["subtitles"]["path"] == component.props()["subtitles"]["path"]
    with pytest.raises(Error, match="subtitles are files such as"):
        gr.Video().postprocess((FILMS / "film.webm", FILMS / "film.webm"))
    with pytest.raises(InvalidPathError):
        gr.Video().postprocess((FILMS / "film.webm", "/etc/words.srt"))


def test_what_is_no_film_is_refused() -> None:
    for value in (None, "", (None, None), [None, None]):
        assert gr.Video().postprocess(value) is None
    with pytest.raises(Error, match="the path of a film is needed, not a int"):
        gr.Video().postprocess(5)
    with pytest.raises(Error, match="not 3 things"):
        gr.Video().postprocess(("a", "b", "c"))
    with pytest.raises(InvalidPathError):
        gr.Video().postprocess("/etc/passwd")
    address = "https://example.org/film.mp4"
    assert gr.Video().postprocess(address)["video"]["path"] == address


def test_samples_show_the_name_of_a_film() -> None:
    assert gr.Video().as_example((FILMS / "film.webm", FILMS / "words.srt"))["orig_name"] == "film.webm"
    assert gr.Video().as_example(None) is None


def test_what_a_function_got_may_be_given_back() -> None:
    again = gr.Video().postprocess(gr.Video().preprocess(sent("film.webm")))
    assert gr.Video().postprocess(again)["video"]["path"] == again["video"]["path"]


@pytest.mark.parametrize(
    ("options", "what"),
    [
        ({"format": "exe"}, "format='exe' cannot be written"),
        ({"sources": ["screen"]}, "sources=.* is unknown"),
        ({"sources": []}, "sources=.* is unknown"),
        ({"subtitles": "a.txt"}, "subtitles='a.txt' are no subtitles"),
        ({"subtitles": [{"text": "a"}]}, "has no text, or no timestamp"),
        ({"buttons": ["print"]}, 'buttons may hold "download", "share"'),
    ],
)
def test_a_declaration_that_means_nothing_is_refused(options: dict[str, Any], what: str) -> None:
    with pytest.raises(DeclarationError, match=what):
        gr.Video(**options)


def test_yielded_films_are_pieces_that_become_one() -> None:
    component, before = gr.Video(streaming=True), list[Any]()
    assert component.joins_pieces
    assert component.piece(None, before) is None
    one = component.piece(FILMS / "film.webm", before)
    assert (one["video"]["is_stream"], len(one["video"]["pieces"])) == (True, 1)
    two = component.piece(FILMS / "film.webm", before)
    assert (len(two["video"]["pieces"]), two["video"]["path"]) == (2, one["video"]["path"])
    whole = component.whole(before)
    assert (whole["video"]["orig_name"], whole["video"]["is_stream"]) == ("video-stream.webm", False)
    assert shown(whole).seconds == pytest.approx(2, abs=0.2)


def test_what_came_before_a_failure_is_one_film() -> None:
    def fails():
        yield FILMS / "film.webm"
        yield FILMS / "film.webm"
        raise gr.Error("The film has torn.")

    with gr.Blocks() as demo:
        film, start = gr.Video(streaming=True), gr.Button()
        start.click(fails, None, film)
    with PageUser(demo) as page:
        page.click(start)
        value = page.value(film)
        assert page.errors == ["The film has torn."]
    assert (value["video"]["orig_name"], value["video"]["is_stream"]) == ("video-stream.webm", False)


def test_pieces_of_other_kinds_stay_pieces_and_addresses_are_none() -> None:
    component, before = gr.Video(streaming=True), list[Any]()
    component.piece(FILMS / "film.webm", before)
    component.piece(FILMS / "fragments.mp4", before)
    whole = component.whole(before)
    assert (len(whole["video"]["pieces"]), whole["video"]["is_stream"]) == (2, False)
    with pytest.raises(Error, match="pieces of a film are files, not addresses"):
        component.piece("https://example.org/film.mp4", before)


@WITHOUT
def test_without_ffmpeg_pieces_stay_pieces() -> None:
    component, before = gr.Video(streaming=True), list[Any]()
    for _ in range(2):
        component.piece(FILMS / "film.webm", before)
    assert component.whole(before)["video"]["is_stream"] is False
