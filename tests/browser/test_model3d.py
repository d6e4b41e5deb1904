"""Model3D in Chromium: a model is drawn under the strict policy, turned by keyboard and uploaded."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator

import PIL.Image
import pytest
from playwright.sync_api import Page, expect

import blocks_app as gr
from blocks_app.files.file_data import SAMPLES
from tests.serving import served


@pytest.fixture(scope="module")
def address(browser) -> Iterator[str]:
    with gr.Blocks() as demo:
        model = gr.Model3D(
            SAMPLES / "model.glb", label="Gem", elem_id="gem", clear_color=(1, 1, 1, 1), interactive=True
        )
        seen = gr.Textbox(label="Seen")
        model.upload(lambda path: path.rpartition("/")[2], model, seen)
    with served(demo) as address:
        yield address


def test_a_model_is_drawn_turned_and_given(page: Page, address: str):
    page.goto(address)
    view = page.get_by_test_id("model3d-view")
    expect(view).to_have_attribute("aria-label", "Gem, model.glb: 16 triangles")
    expect(view).to_have_attribute("data-camera", re.compile(r"^90 75 "))
    seen_of_it(page, 500)
    view.focus()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowUp")
    expect(view).to_have_attribute("data-camera", re.compile(r"^97.5 67.5 "))
    page.keyboard.press("Home")
    page.keyboard.press("+")
    expect(view).to_have_attribute("data-camera", re.compile(r"^90 75 "))
    triangle = b"v 0 0 0\nv 1 0 0\nv 0 1 0\nf 1 2 3\n"
    page.get_by_role("button", name="Clear").click()
    page.locator("#gem input[type=file]").set_input_files(
        {"name": "triangle.obj", "mimeType": "model/obj", "buffer": triangle}
    )
    expect(page.get_by_label("Seen")).to_have_value("triangle.obj")
    expect(view).to_have_attribute("aria-label", "Gem, triangle.obj: 1 triangle")


def test_without_webgl_a_still_picture_is_seen(page: Page, address: str):
    page.add_init_script(
        "const get = HTMLCanvasElement.prototype.getContext;"
        "HTMLCanvasElement.prototype.getContext = function (kind, ...more) {"
        "  return kind.startsWith('webgl') ? null : get.call(this, kind, ...more); };"
    )
    page.goto(address)
    expect(page.locator("#gem [role=status]")).to_have_text(re.compile("no WebGL"))
    expect(page.get_by_role("img", name="Gem, model.glb: 16 triangles")).to_be_visible()
    seen_of_it(page, 500)
    block = page.locator("#gem").bounding_box()
    assert block is not None and block["height"] == pytest.approx(400, abs=5)


def seen_of_it(page: Page, least: int) -> None:
    """Wait until so many pixels are the model's, on its white ground."""
    for _ in range(500):
        shown = PIL.Image.open(io.BytesIO(page.locator("#gem canvas").screenshot())).convert("L")
        if sum(shown.histogram()[:250]) >= least:
            return
        page.wait_for_timeout(20)
    raise AssertionError("Nothing of the model is seen.")
