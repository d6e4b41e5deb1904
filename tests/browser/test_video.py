"""Video in Chromium: the fake camera is recorded, a film is played, sought and cut, and its subtitles are shown."""

from __future__ import annotations

import re
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

import blocks_app as gr
from blocks_app.files.file_data import SAMPLES
from blocks_app.media import video

FILMS = Path(__file__).parents[1] / "blocks_app" / "films"
PLAYER = "document.querySelector('video.player')"


UNTIL = """async () => {{
  for (const end = performance.now() + 60000; !({0});)
    if (performance.now() > end) throw new Error(`it never came: {0}`);
    else await new Promise((next) => setTimeout(next, 20));
}}"""


def until(page: Page, state: str) -> None:
    """Wait for what no locator can tell; the page's policy lets nobody compile conditions."""
    page.evaluate(UNTIL.format(state))


more = threading.Event()


@pytest.fixture(scope="module")
def address(browser) -> Iterator[str]:
    def look(path):
        film = video.header(Path(path))
        return f"{film.container} {film.width}x{film.height} {film.audio} {film.seconds:.1f}"

    def where(film: gr.Video):
        return f"at {film.playback_position}"

    def pieces():
        yield FILMS / "film.webm"
        assert more.wait(20)
        yield FILMS / "film.webm"

    with gr.Blocks() as demo:
        film = gr.Video(label="Film", elem_id="film")
        seen = gr.Textbox(label="Seen")
        told = gr.Textbox(label="Told")
        gr.Button("Look").click(look, film, seen)
        gr.Button("Where").click(where, film, seen)
        gr.Button("Show").click(lambda: (SAMPLES / "video.mp4", FILMS / "words.srt"), None, film)
        gr.Button("Old").click(lambda: FILMS / "fragments.mp4", None, film)
        stream = gr.Video(label="Stream", streaming=True, autoplay=True, interactive=False)
        ended = gr.Textbox(label="Ended")
        gr.Button("Stream it").click(pieces, None, stream)
        stream.end(lambda: "yes", None, ended)
        for event in (film.start_recording, film.stop_recording, film.play, film.end):
            event(lambda told, name=event.event.name: f"{told} {name}".strip(), told, told)
    yield demo.launch(prevent_thread_lock=True, quiet=True, allowed_paths=[str(FILMS)]).local_url
    demo.close(verbose=False)


@pytest.fixture
def film(page: Page, address: str) -> Page:
    page.goto(address)
    expect(page.get_by_test_id("source-select")).to_be_visible()
    return page


def test_the_camera_is_recorded_as_it_is_seen(film: Page, axe):
    film.get_by_role("button", name="Record video").click()
    film.get_by_role("button", name="Click to Access Webcam").click()
    expect(film.locator("gr-recorder video")).to_have_class("mirrored")
    until(film, "document.querySelector('gr-recorder video').videoWidth > 0")
    axe(film)
    film.get_by_role("button", name="start recording").click()
    expect(film.get_by_role("timer")).to_have_text("0:01")
    film.get_by_role("button", name="stop recording").click()
    until(film, f"{PLAYER}?.duration > 0.5 && {PLAYER}.duration < 60")
    film.get_by_role("button", name="Look").click()
    expect(film.get_by_label("Seen")).to_have_value(re.compile(r"^webm \d+x\d+ opus \d"))
    expect(film.get_by_label("Told")).to_have_value("start_recording stop_recording")


def test_a_film_is_played_sought_and_cut(film: Page, axe):
    film.get_by_role("button", name="Show").click()
    until(film, f"{PLAYER}?.readyState >= 2")
    axe(film)
    until(film, f"{PLAYER}.textTracks[0].cues?.[0]?.text === 'Hello'")
    film.evaluate(f"{PLAYER}.currentTime = 1.5")
    until(film, f"!{PLAYER}.seeking && {PLAYER}.currentTime === 1.5")
    film.get_by_role("button", name="Where").click()
    expect(film.get_by_label("Seen")).to_have_value("at 1.5")
    film.evaluate(f"{PLAYER}.muted = true, {PLAYER}.play()")
    expect(film.get_by_label("Told")).to_have_value("play end")
    film.get_by_role("button", name="Trim video").click()
    end = film.get_by_label("End of the cut")
    end.focus()
    for _ in range(10):
        film.keyboard.press("ArrowLeft")
    axe(film)
    film.get_by_role("button", name="Trim", exact=True).click()
    film.get_by_role("button", name="Look").click()
    expect(film.get_by_label("Seen")).to_have_value(re.compile(r"^mp4 160x90 aac 1.[456]$"))
    expect(film.get_by_role("button", name="Show the whole video")).to_be_visible()


def test_what_chromium_cannot_play_is_told(film: Page):
    film.locator("#film input[type=file]").set_input_files(
        {"name": "film.mp4", "mimeType": "video/mp4", "buffer": b"no film at all"}
    )
    expect(film.locator("#film").get_by_role("alert")).to_contain_text("This browser cannot play this video.")


def test_a_film_is_seen_while_its_pieces_come(film: Page):
    more.clear()
    film.get_by_role("button", name="Stream it").click()
    player = PLAYER.replace("video.player", "[data-testid=Stream-player]")
    until(film, f"{player}?.ended")  # the first piece, while the function still works on the second
    expect(film.get_by_label("Ended")).to_have_value("")
    more.set()
    expect(film.get_by_label("Ended")).to_have_value("yes")
    until(film, f"{player}.src.includes('video-stream.webm') && {player}.duration > 1.5")
