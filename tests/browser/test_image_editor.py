"""ImageEditor in Chromium: one page, on which is drawn as a visitor would."""

from __future__ import annotations

import base64
import io
import re
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import PIL.Image
import pytest
from playwright.sync_api import Locator, Page, expect

import blocks_app as gr
from tests.serving import served

got: list[dict[str, Any]] = []

UPLOADS = re.compile(r"/upload\?")
#: Pixels that the page shows of the sheet with this id: of its background, its layers and all of them together.
PIXELS = """(id) => {
  const {picture} = document.getElementById(id);
  const {width, height} = picture.state;
  const read = ({canvas}) => [...canvas.getContext("2d").getImageData(0, 0, width, height).data];
  return [read(picture.ground), ...picture.state.layers.map(({sheet}) => read(sheet)), read(picture.composite)];
}"""


def sheets() -> gr.Blocks:
    """An editor whose drawing is sent by a button, and one with a background that the app gives."""

    def take(drawing: dict[str, Any]) -> str:
        got.append(drawing)
        return f"{len(got)} taken"

    with gr.Blocks(title="Sheets") as demo:
        layers = gr.LayerOptions(layers=["Low", "High"])
        brush = gr.Brush(4, ["#cc3232", ("#3270cc", 0.5)], color_mode="fixed")
        sheet = gr.ImageEditor(
            label="Sheet",
            elem_id="sheet",
            canvas_size=(80, 60),
            layers=layers,
            brush=brush,
            transforms=["crop", "resize"],
            webcam_options=gr.WebcamOptions(constraints={"width": 160, "height": 120}),
        )
        answer = gr.Textbox(label="Answer")
        gr.Button("Send").click(take, sheet, answer)
        shown = gr.ImageEditor(label="Shown", elem_id="shown", interactive=False)
        gr.Button("Show").click(lambda: np.full((30, 40, 3), 90, np.uint8), None, shown)
    return demo


@pytest.fixture(scope="module")
def url(browser) -> Iterator[str]:
    with served(sheets()) as address:
        yield address


@pytest.fixture
def sheet(page: Page, url: str) -> Locator:
    page.goto(url)
    editor = page.locator("#sheet")
    expect(editor.get_by_role("button", name="Draw button")).to_be_visible()
    return editor


def press(editor: Locator, name: str) -> None:
    editor.get_by_role("button", name=name, exact=True).click()


def stroke(editor: Locator, *points: tuple[float, float]) -> None:
    """Draws through points that are given as parts of the sheet's width and height."""
    box = editor.locator(".paper").bounding_box()
    assert box is not None
    mouse = editor.page.mouse
    for at, (x, y) in enumerate(points):
        mouse.move(box["x"] + x * box["width"], box["y"] + y * box["height"], steps=3)
        if not at:
            mouse.down()
    mouse.up()


def sent(page: Page) -> dict[str, Any]:
    """What the function gets when the drawing is sent now."""
    expected = f"{len(got) + 1} taken"
    page.get_by_role("button", name="Send").click()
    expect(page.get_by_label("Answer")).to_have_value(expected)
    return got[-1]


def shown_pixels(page: Page) -> list[np.ndarray]:
    return [np.array(each, np.uint8) for each in page.evaluate(PIXELS, "sheet")]


def assert_same(drawing: dict[str, Any], pixels: list[np.ndarray]) -> None:
    pictures = [drawing["background"], *drawing["layers"], drawing["composite"]]
    assert len(pictures) == len(pixels)
    for picture, seen in zip(pictures, pixels, strict=True):
        assert np.array_equal(picture.ravel(), seen)


def test_the_function_gets_the_pixels_that_the_page_shows(sheet: Locator, page: Page) -> None:
    assert sent(page) == {"background": None, "layers": [], "composite": None}
    press(sheet, "Draw button")
    stroke(sheet, (0.2, 0.2), (0.8, 0.3))
    press(sheet, "Color #3270cc, 50 % opaque")
    press(sheet, "Show Layers")
    press(sheet, "Low")
    stroke(sheet, (0.5, 0.1), (0.5, 0.9), (0.4, 0.5), (0.7, 0.5))
    press(sheet, "Erase button")
    stroke(sheet, (0.5, 0.6), (0.6, 0.6))
    pixels = shown_pixels(page)
    drawing = sent(page)
    assert_same(drawing, pixels)
    assert set(np.unique(drawing["layers"][0][:, :, 3])) >= {0, 128}
    assert (drawing["background"] == 255).all()
    press(sheet, "Undo")
    press(sheet, "Undo")
    press(sheet, "Redo")
    assert_same(sent(page), shown_pixels(page))


def test_a_drawing_survives_a_reload_and_a_lost_connection(sheet: Locator, page: Page, complaints: list[str]) -> None:
    press(sheet, "Draw button")
    stroke(sheet, (0.1, 0.5), (0.9, 0.5))
    pixels = shown_pixels(page)
    page.evaluate("document.getElementById('sheet').drawing.written")
    page.reload()
    expect(sheet.get_by_role("button", name="Clear canvas")).to_be_enabled()
    expected = f"{len(got) + 1} taken"
    page.route(UPLOADS, lambda route: route.abort())
    page.get_by_role("button", name="Send").click()
    expect(sheet.get_by_text("No connection.")).to_be_visible()
    page.unroute(UPLOADS)
    expect(page.get_by_label("Answer")).to_have_value(expected)
    assert_same(got[-1], pixels)
    complaints[:] = [each for each in complaints if "ERR_FAILED" not in each]
    press(sheet, "Clear canvas")
    page.evaluate("document.getElementById('sheet').drawing.written")
    page.reload()
    expect(sheet.get_by_role("button", name="Clear canvas")).to_be_disabled()
    assert sent(page)["composite"] is None


def test_a_picture_is_pasted_cut_and_scaled(sheet: Locator, page: Page) -> None:
    target = io.BytesIO()
    picture = np.random.default_rng(1).integers(0, 255, (40, 50, 4), np.uint8)
    picture[:, :, 3] = 255
    PIL.Image.fromarray(picture).save(target, "PNG")
    sheet.locator(".stage").focus()
    page.evaluate(
        """(data) => {
          const bytes = Uint8Array.from(atob(data), (each) => each.charCodeAt(0));
          const clipboardData = new DataTransfer();
          clipboardData.items.add(new File([bytes], "p.png", {type: "image/png"}));
          document.activeElement.dispatchEvent(new ClipboardEvent("paste", {clipboardData, bubbles: true}));
        }""",
        base64.b64encode(target.getvalue()).decode(),
    )
    expect(sheet.get_by_role("application", name="50 by 40 pixels")).to_be_visible()
    assert np.array_equal(sent(page)["background"], picture)
    press(sheet, "Crop")
    sheet.get_by_label("Left", exact=True).fill("10")
    sheet.get_by_label("Width", exact=True).fill("20")
    press(sheet, "Cut out")
    expect(sheet.get_by_role("application", name="20 by 40 pixels")).to_be_visible()
    assert np.array_equal(sent(page)["background"], picture[:, 10:30])
    press(sheet, "Resize")
    sheet.get_by_label("Width", exact=True).fill("40")
    expect(sheet.get_by_label("Height", exact=True)).to_have_value("80")
    sheet.locator("form").get_by_role("button", name="Resize").click()
    expect(sheet.get_by_role("application", name="40 by 80 pixels")).to_be_visible()
    assert [each.shape for each in sent(page)["layers"]] == [(80, 40, 4)] * 2


def test_every_state_is_accessible_and_fits_a_dark_phone(new_page: Callable[..., Page], url: str, axe) -> None:
    page = new_page(viewport={"width": 390, "height": 844}, color_scheme="dark", has_touch=True)
    page.goto(url)
    sheet = page.locator("#sheet")
    expect(sheet.get_by_role("button", name="Drop Image Here - or - Click to Upload")).to_be_visible()
    page.get_by_role("button", name="Show", exact=True).click()
    expect(page.locator("#shown").get_by_test_id("detailed-image")).to_be_visible()
    axe(page)
    press(sheet, "Show Layers")
    for name in ("Draw button", "Crop", "Resize"):
        press(sheet, name)
        axe(page)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), "it scrolls sideways"


def test_a_picture_of_the_camera_is_drawn_upon(sheet: Locator, page: Page) -> None:
    press(sheet, "Capture from camera")
    sheet.get_by_role("button", name="Click to Access Webcam").click()
    sheet.locator("gr-camera video").evaluate(
        "video => video.videoWidth || new Promise((done) => video.addEventListener('loadeddata', done, {once: true}))"
    )
    press(sheet, "capture photo")
    expect(sheet.locator("gr-camera")).to_have_count(0)
    press(sheet, "Draw button")
    stroke(sheet, (0.2, 0.2), (0.8, 0.3))
    pixels = shown_pixels(page)
    drawing = sent(page)
    assert_same(drawing, pixels)
    assert drawing["background"].shape == (120, 160, 4)
    assert len(np.unique(drawing["background"].reshape(-1, 4), axis=0)) > 10  # it is no plain sheet
