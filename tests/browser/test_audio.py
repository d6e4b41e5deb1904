"""Audio in Chromium with its own microphone: the function gets the samples that the page has."""

from __future__ import annotations

import base64
import io
import os
import re
import threading
import wave
from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest
from playwright.sync_api import Locator, Page, expect

import blocks_app as gr
from tests.browser.conftest import AXE
from tests.serving import served

RATE = 8000
TONE = (np.sin(np.arange(RATE * 3) / 5) * 12000).astype("<i2")
got: dict[str, Any] = {}
heard_first = threading.Event()


def keep(sound: Any, name: str) -> str:
    got[name] = sound
    return "nothing" if sound is None else f"{len(sound[1])} samples"


def listen(piece: Any, heard: list[Any]) -> tuple[list[Any], str]:
    if piece is not None:
        heard = [*heard, piece[1]]
    got["pieces"] = heard
    return heard, f"{len(heard)} pieces"


def make() -> Iterator[Any]:
    for part in np.split(TONE, [5000, 5003, 12000]):
        yield RATE, part.reshape(-1, 1).repeat(2, axis=1)
    heard_first.wait(20)
    yield RATE, TONE.reshape(-1, 1).repeat(2, axis=1)


@pytest.fixture(scope="module")
def address(browser: Any, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    before, os.environ["GRADIO_TEMP_DIR"] = os.environ.get("GRADIO_TEMP_DIR"), str(tmp_path_factory.mktemp("files"))
    with gr.Blocks() as demo:
        given = gr.Audio(label="Given", waveform_options={"sample_rate": RATE})
        told = gr.Textbox(label="Told")
        given.change(lambda sound: keep(sound, "given"), given, told)
        spoken = gr.Audio(label="Spoken", sources="microphone")
        length = gr.Textbox(label="Length")
        spoken.stop_recording(lambda sound: keep(sound, "spoken"), spoken, length)
        live = gr.Audio(label="Live", sources="microphone", streaming=True)
        heard, count, end = gr.State([]), gr.Textbox(label="Count"), gr.Textbox(label="End")
        live.stream(listen, [live, heard], [heard, count], stream_every=0.1)
        live.stop_recording(lambda sound: keep(sound, "live"), live, end)
        made = gr.Audio(label="Made", streaming=True, autoplay=True, interactive=False)
        gr.Button("Make").click(make, None, made)
        shown = gr.Audio(
            (RATE, TONE), label="Shown", interactive=False, subtitles=[{"text": "Hi", "timestamp": [0, 9]}]
        )
        events = gr.Textbox(label="Events")
        log = gr.State([])
        for name in ("play", "pause", "stop"):
            note = lambda old, name=name: ([*old, name], " ".join([*old, name]))  # noqa: E731
            getattr(shown, name)(note, log, [log, events], concurrency_id="one", trigger_mode="multiple")
    with served(demo) as address:
        yield address
    if before is None:
        del os.environ["GRADIO_TEMP_DIR"]
    else:
        os.environ["GRADIO_TEMP_DIR"] = before


@pytest.fixture
def opened(page: Page, address: str) -> Page:
    page.context.grant_permissions(["microphone"])
    page.goto(address)
    return page


def accessible(page: Page) -> None:
    """No violation. Without rules that copy all styles of a page: its policy refuses that for those of a drawing."""
    page.evaluate(AXE)
    run = "async () => (await axe.run(document, {resultTypes: ['violations'], preload: false})).violations"
    assert [(each["id"], each["nodes"][0]["html"]) for each in page.evaluate(run)] == []


def block(page: Page, name: str) -> Locator:
    return page.locator("gr-audio", has=page.get_by_test_id(f"waveform-{name}"))


def tone() -> dict[str, Any]:
    target = io.BytesIO()
    with wave.open(target, "wb") as file:
        file.setparams((1, 2, RATE, 0, "NONE", ""))
        file.writeframes(TONE.tobytes())
    return {"name": "tone.wav", "mimeType": "audio/wav", "buffer": target.getvalue()}


def content(page: Page, sound: Locator) -> np.ndarray[Any, Any]:
    """The samples of the WAV that a player has."""
    text = sound.locator("audio").evaluate(
        """async (media) => {
          const bytes = new Uint8Array(await (await fetch(media.src)).arrayBuffer());
          return btoa(bytes.reduce((text, byte) => text + String.fromCharCode(byte), ""));
        }"""
    )
    with wave.open(io.BytesIO(base64.b64decode(text))) as file:
        return np.frombuffer(file.readframes(file.getnframes()), "<i2").reshape(-1, file.getnchannels())


def test_an_upload_is_drawn_trimmed_by_pointer_and_keyboard_and_reset(opened: Page) -> None:
    given = block(opened, "Given")
    given.locator("input[type=file]").set_input_files(tone())
    expect(opened.get_by_label("Told")).to_have_value("24000 samples")
    assert (got["given"][1] == TONE).all()
    expect(given.locator(".place:not(.plain)")).to_be_visible()  # wavesurfer has drawn it
    given.get_by_role("button", name="Trim audio to selection").click()
    start, end = (given.get_by_role("slider", name=f"{each} of the selection") for each in ("Start", "End"))
    start.press("Shift+ArrowRight")
    box = given.locator("gr-audio-trimming").bounding_box()
    assert box is not None
    end.hover()
    opened.mouse.down()
    opened.mouse.move(box["x"] + box["width"] * 2 / 3, box["y"] + 5)
    opened.mouse.up()
    accessible(opened)
    to = float(end.get_attribute("aria-valuenow") or 0)
    assert to == pytest.approx(2, abs=0.05)
    given.get_by_role("button", name="Trim", exact=True).click()
    expect(opened.get_by_label("Told")).to_have_value(f"{round(to * RATE) - RATE} samples")
    assert (got["given"][1] == TONE[RATE : round(to * RATE)]).all()
    given.get_by_role("button", name="Reset audio").click()
    expect(opened.get_by_label("Told")).to_have_value("24000 samples")
    given.get_by_role("button", name="Clear").click()
    expect(opened.get_by_label("Told")).to_have_value("nothing")


def test_a_recording_reaches_the_function_sample_by_sample(opened: Page) -> None:
    spoken = block(opened, "Spoken")
    spoken.get_by_role("button", name="Record").click()
    expect(spoken.get_by_role("meter", name="Level")).to_be_visible()
    expect(spoken.locator("time")).to_have_text("0:01")
    spoken.get_by_role("button", name="Pause").click()
    expect(spoken.get_by_role("button", name="Resume")).to_be_visible()
    accessible(opened)
    spoken.get_by_role("button", name="Resume").click()
    spoken.get_by_role("button", name="Stop").click()
    expect(spoken.locator("audio")).to_be_attached()
    expect(opened.get_by_label("Length")).not_to_have_value("")
    rate, samples = got["spoken"]
    assert (samples.reshape(len(samples), -1) == content(opened, spoken)).all()
    assert len(samples) >= rate and np.abs(samples).max() > 1000  # the microphone of Chromium beeps each second


def test_a_stream_arrives_in_order_and_whole_while_it_goes_on(opened: Page) -> None:
    live = block(opened, "Live")
    live.get_by_role("button", name="Record").click()
    expect(opened.get_by_label("Count")).to_have_value(re.compile("([3-9]|[0-9]{2,}) pieces"))  # while it goes on
    live.get_by_role("button", name="Stop").click()
    expect(opened.get_by_label("End")).not_to_have_value("")
    assert (np.concatenate(got["pieces"]) == got["live"][1]).all()


def test_what_is_shown_plays_with_subtitles_and_tells_of_it(opened: Page) -> None:
    shown = block(opened, "Shown")
    shown.get_by_role("button", name="Play", exact=True).click()
    expect(shown.locator(".subtitles")).to_have_text("Hi")
    shown.get_by_role("button", name="Pause").click()
    expect(opened.get_by_label("Events")).to_have_value("play pause")
    shown.get_by_role("slider", name="Position").press("End")
    shown.get_by_role("button", name="Play", exact=True).click()
    expect(opened.get_by_label("Events")).to_have_value("play pause play stop")
    assert (content(opened, shown)[:, 0] == TONE).all()


def test_what_a_generator_makes_plays_while_it_comes_and_is_seekable_in_the_end(opened: Page) -> None:
    made = block(opened, "Made")
    opened.get_by_role("button", name="Make").click()
    player = made.locator("audio")
    opened.wait_for_function("() => [...document.querySelectorAll('audio')].some((each) => each.currentTime > 0.2)")
    expect(player).to_have_attribute("src", re.compile("^blob:"))
    seen = player.evaluate("(media) => [media.buffered.length, media.buffered.end(0), media.error]")
    assert seen == [1, pytest.approx(3, abs=0.01), None]  # three seconds without a gap, and more may come
    heard_first.set()
    expect(made.get_by_role("link", name="Download")).to_be_visible()
    player.evaluate("(media) => media.pause()")
    expect(player).to_have_attribute("src", re.compile("file="))
    place = made.get_by_role("slider", name="Position")
    expect(place).to_have_attribute("aria-valuemax", "6")
    place.press("End")
    expect(place).to_have_attribute("aria-valuenow", "6")
    assert player.evaluate("(media) => [media.duration, media.seekable.end(0)]") == [6, 6]
    samples = content(opened, made)
    assert (samples[:, 1] == np.concatenate([TONE, TONE])).all()
