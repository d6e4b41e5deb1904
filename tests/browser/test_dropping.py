"""Files, links and texts that are dragged onto the page, as the browser itself does it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from PIL import Image
from playwright.sync_api import Page, expect

import blocks_app as gr


def drop(page: Page, selector: str, data: dict[str, Any]) -> None:
    """Drag something over the middle of an element and let it go."""
    expect(page.locator("#blocks-root")).not_to_have_attribute("aria-busy", "true")  # the page listens
    box = page.locator(selector).first.bounding_box()
    assert box
    place = {"x": box["x"] + box["width"] / 2, "y": box["y"] + box["height"] / 2}
    mouse = page.context.new_cdp_session(page)
    for kind in ("dragEnter", "dragOver", "drop"):
        mouse.send("Input.dispatchDragEvent", {"type": kind, **place, "data": {"dragOperationsMask": 1, **data}})
    mouse.detach()


def files(*paths: Path) -> dict[str, Any]:
    return {"items": [], "files": [str(path) for path in paths]}


@pytest.fixture
def pictures(tmp_path: Path) -> list[Path]:
    made = [tmp_path / f"{name}.png" for name in ("first", "second")]
    for width, path in enumerate(made, 10):
        Image.new("RGB", (width, 20)).save(path)
    return made


def test_a_picture_takes_the_place_of_another(serve, page: Page, pictures: list[Path]) -> None:
    with gr.Blocks() as demo:
        picture, size = gr.Image(label="Photo", elem_id="photo"), gr.Textbox(label="Size")
        picture.upload(lambda pixels: str(pixels.shape), picture, size)
    page.goto(serve(demo))
    drop(page, "#photo", files(pictures[0]))
    expect(page.get_by_label("Size")).to_have_value("(20, 10, 3)")
    drop(page, "#photo img", files(pictures[1]))
    expect(page.get_by_label("Size")).to_have_value("(20, 11, 3)")
    expect(page.locator("#photo gr-drop-area")).to_be_hidden()


def test_files_are_dropped_onto_what_is_there(serve, page: Page, pictures: list[Path]) -> None:
    with gr.Blocks() as demo:
        one = gr.File(label="One", elem_id="one")
        many = gr.File(label="Many", elem_id="many", file_count="multiple")
        gr.Button("Go").click(lambda *_: None, [one, many])
    page.goto(serve(demo))
    for path in pictures:
        for name in ("one", "many"):
            drop(page, f"#{name}", files(path))
            expect(page.locator(f"#{name} td.filename[title='{path.name}']")).to_be_visible()
    assert [page.locator(f"#{name} tr.file").count() for name in ("one", "many")] == [1, 2]


@pytest.mark.parametrize("target", [".md h1", "#out", "#text textarea", "#off", "footer"])
def test_what_is_dropped_beside_a_target_never_leaves_the_page(
    serve, page: Page, pictures: list[Path], target: str
) -> None:
    with gr.Blocks() as demo:
        gr.Markdown("# Title")
        gr.Image(label="Out", elem_id="out", interactive=False)
        gr.Textbox(label="Text", elem_id="text", interactive=True, lines=2, max_lines=3)
        gr.File(label="Off", elem_id="off", interactive=False)
    address = serve(demo)
    page.goto(address)
    page.evaluate("window.kept = []; addEventListener('dragover', (event) => kept.push(event.defaultPrevented))")
    drop(page, target, files(pictures[0]))
    if target != "#text textarea":
        drop(page, target, {"items": [{"mimeType": "text/uri-list", "data": "https://example.org/"}]})
    assert page.evaluate("kept") and all(page.evaluate("kept")) and page.url.rstrip("/") == address.rstrip("/")


def test_texts_and_links_are_dropped_into_fields(serve, page: Page) -> None:
    with gr.Blocks() as demo:
        gr.Textbox(label="Text", elem_id="text", interactive=True)
    page.goto(serve(demo))
    drop(page, "#text textarea, #text input", {"items": [{"mimeType": "text/plain", "data": "words"}]})
    expect(page.get_by_label("Text")).to_have_value("words")
