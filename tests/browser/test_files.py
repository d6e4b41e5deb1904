"""Image and File in a real browser: chosen, dropped, pasted, photographed, shown and downloaded."""

from __future__ import annotations

import base64
import io
import os
import re
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import PIL.Image
import pytest
from playwright.sync_api import Page, expect

import blocks_app as gr
from blocks_app.files import file_data


@pytest.fixture(autouse=True, scope="module")
def _own_folder(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    before = os.environ.get("GRADIO_TEMP_DIR")
    os.environ["GRADIO_TEMP_DIR"] = str(tmp_path_factory.mktemp("files"))
    yield
    if before is None:
        del os.environ["GRADIO_TEMP_DIR"]
    else:
        os.environ["GRADIO_TEMP_DIR"] = before


def png(color: str = "red", size: tuple[int, int] = (40, 20)) -> bytes:
    target = io.BytesIO()
    PIL.Image.new("RGB", size, color).save(target, "PNG")
    return target.getvalue()


def a_picture(name: str = "cat.png") -> dict[str, object]:
    return {"name": name, "mimeType": "image/png", "buffer": png()}


def mirror_app() -> gr.Blocks:
    with gr.Blocks() as demo:
        before = gr.Image(label="Before")
        after = gr.Image(label="After", format="png")
        size = gr.Textbox(label="Size")
        before.change(lambda image: (image, "none" if image is None else f"{image.shape}"), before, [after, size])
    return demo


def loaded(page: Page, name: str) -> tuple[int, int]:
    """Width and height of the picture in the block with this label, once the browser has decoded it."""
    picture = page.locator(".block", has_text=name).get_by_test_id("detailed-image")
    expect(picture).to_be_visible()
    picture.evaluate("image => image.decode()")
    return tuple(picture.evaluate("image => [image.naturalWidth, image.naturalHeight]"))  # type: ignore[return-value]


def camera_runs(page: Page) -> None:
    page.locator("video").evaluate(
        "video => video.videoWidth || new Promise((done) => video.addEventListener('loadeddata', done, {once: true}))"
    )


def test_a_picture_goes_in_and_comes_out(page: Page, serve: Callable[..., str]) -> None:
    page.goto(serve(mirror_app()))
    expect(page.get_by_role("button", name="Drop Image Here - or - Click to Upload")).to_be_visible()
    page.locator("input[type=file]").set_input_files(a_picture())
    expect(page.get_by_label("Size")).to_have_value("(20, 40, 3)")
    assert loaded(page, "After") == (40, 20)
    page.get_by_role("button", name="Clear").click()
    expect(page.get_by_label("Size")).to_have_value("none")
    expect(page.get_by_role("button", name="Drop Image Here")).to_be_visible()


def test_a_picture_is_pasted_with_the_keyboard(page: Page, serve: Callable[..., str]) -> None:
    page.goto(serve(mirror_app()))
    page.get_by_role("button", name="Drop Image Here").focus()
    data = base64.b64encode(png()).decode()
    page.evaluate(
        """data => {
            const bytes = Uint8Array.from(atob(data), (c) => c.charCodeAt(0));
            const clipboardData = new DataTransfer();
            clipboardData.items.add(new File([bytes], "image.png", {type: "image/png"}));
            const event = new ClipboardEvent("paste", {clipboardData, bubbles: true, cancelable: true});
            document.activeElement.dispatchEvent(event);
        }""",
        data,
    )
    expect(page.get_by_label("Size")).to_have_value("(20, 40, 3)")


def test_a_picture_is_pasted_with_the_button(new_page: Callable[..., Page], serve: Callable[..., str]) -> None:
    page = new_page(permissions=["clipboard-read", "clipboard-write"])
    page.bring_to_front()
    page.goto(serve(mirror_app()))
    page.evaluate(
        """async data => {
            const bytes = Uint8Array.from(atob(data), (c) => c.charCodeAt(0));
            const blob = new Blob([bytes], {type: "image/png"});
            await navigator.clipboard.write([new ClipboardItem({"image/png": blob})]);
        }""",
        base64.b64encode(png()).decode(),
    )
    page.get_by_role("button", name="Paste from clipboard").click()
    expect(page.get_by_label("Size")).to_have_value("(20, 40, 3)")


def test_a_picture_is_dropped(page: Page, serve: Callable[..., str]) -> None:
    page.goto(serve(mirror_app()))
    transfer = page.evaluate_handle(
        """data => {
            const bytes = Uint8Array.from(atob(data), (c) => c.charCodeAt(0));
            const transfer = new DataTransfer();
            transfer.items.add(new File([bytes], "cat.png", {type: "image/png"}));
            return transfer;
        }""",
        base64.b64encode(png()).decode(),
    )
    page.locator(".drop-area").first.dispatch_event("drop", {"dataTransfer": transfer})
    expect(page.get_by_label("Size")).to_have_value("(20, 40, 3)")


def test_the_camera_takes_a_photo(page: Page, serve: Callable[..., str]) -> None:
    page.goto(serve(mirror_app()))
    page.get_by_role("button", name="Capture from camera").click()
    page.get_by_role("button", name="Click to Access Webcam").click()
    camera_runs(page)
    page.get_by_role("button", name="capture photo").click()
    expect(page.get_by_label("Size")).to_have_value("(1440, 1920, 3)")
    assert page.locator("video").count() == 0


def test_the_camera_streams_there_and_back_one_picture_at_a_time(page: Page, serve: Callable[..., str]) -> None:
    at_work = threading.Semaphore(1)
    got: set[object] = set()

    def turn(image: np.ndarray, count: int) -> tuple[np.ndarray, int, int]:
        got.add("alone" if at_work.acquire(blocking=False) else "beside another")
        got.add(image.shape)
        at_work.release()
        count += bool(image.any())  # before its first picture a camera may give darkness
        return image[:, ::-1], count, count

    with gr.Blocks() as demo:
        options = {"constraints": {"width": 640, "height": 480}}
        lens = gr.Image(sources=["webcam"], streaming=True, label="Camera", webcam_options=options)
        count, shown = gr.State(0), gr.Number(label="Pictures")
        back = gr.Image(label="Turned", interactive=False, format="jpeg")
        lens.stream(
            turn,
            [lens, count],
            [back, count, shown],
            stream_every=0.05,
            trigger_mode="multiple",
            concurrency_limit=None,
        )
    uploads: list[str] = []
    page.on("request", lambda request: uploads.append(request.url) if "/upload" in request.url else None)
    page.goto(serve(demo))
    page.get_by_role("button", name="Click to Access Webcam").click()
    camera_runs(page)
    page.get_by_role("button", name="start recording").click()
    expect(page.get_by_label("Pictures")).to_have_value(re.compile(r"[3-9]|\d\d+"))  # they come faster than we look
    page.get_by_role("button", name="stop recording").click()
    expect(page.get_by_role("button", name="start recording")).to_be_visible()
    picture = page.locator(".block", has_text="Turned").get_by_test_id("detailed-image")
    expect(picture).to_have_js_property("naturalWidth", 640)
    assert (got, uploads) == ({"alone", (480, 640, 3)}, [])
    page.goto("about:blank")  # the last pictures may still be on their way when the server stops


def test_a_click_selects_a_pixel(page: Page, serve: Callable[..., str]) -> None:
    def where(event: gr.SelectData) -> str:
        return f"{event.index}"

    with gr.Blocks() as demo:
        picture = gr.Image(np.zeros((50, 100, 3), np.uint8), label="Map", height=300)
        spot = gr.Textbox(label="Spot")
        picture.select(where, None, spot)
    page.goto(serve(demo))
    assert loaded(page, "Map") == (100, 50)
    picture = page.get_by_test_id("detailed-image")
    box = picture.bounding_box()
    assert box is not None
    picture.click(position={"x": box["width"] / 2, "y": box["height"] / 2})
    expect(page.get_by_label("Spot")).to_have_value(re.compile(r"\[(49|50), (24|25)\]"))


def test_svg_is_shown_and_runs_nothing(page: Page, serve: Callable[..., str], tmp_path: Path) -> None:
    drawing = tmp_path / "v.svg"
    drawing.write_text('<svg xmlns="http://www.w3.org/2000/svg" width="30" height="20"><script>alert(1)</script></svg>')
    with gr.Blocks() as demo:
        gr.Image(str(drawing), label="Drawing")
    page.goto(serve(demo))
    assert loaded(page, "Drawing") == (30, 20)


def file_app() -> gr.Blocks:
    def report(files: list[str] | None) -> tuple[str, str | None]:
        if not files:
            return "", None
        return ",".join(f"{Path(file).name}={Path(file).stat().st_size}" for file in files), files[0]

    with gr.Blocks() as demo:
        files = gr.File(label="Files", file_count="multiple", file_types=[".txt", ".csv"])
        report_box, first = gr.Textbox(label="Report"), gr.File(label="First")
        files.change(report, files, [report_box, first])
    return demo


def test_files_go_in_and_come_out(page: Page, serve: Callable[..., str]) -> None:
    page.goto(serve(file_app()))
    given = [{"name": f"{name}.txt", "mimeType": "text/plain", "buffer": name.encode()} for name in ("ä b", "two")]
    page.get_by_test_id("file-upload").set_input_files(given)
    expect(page.get_by_label("Report")).to_have_value("ä b.txt=4,two.txt=3")
    with page.expect_download() as download:
        page.locator(".block", has_text="First").get_by_role("link", name="Download ä b.txt").click()
    assert (download.value.suggested_filename, download.value.path().read_bytes()) == ("ä b.txt", "ä b".encode())
    page.get_by_role("button", name="Remove this file").first.click()
    expect(page.get_by_label("Report")).to_have_value("two.txt=3")
    page.get_by_role("button", name="Clear").click()
    expect(page.get_by_label("Report")).to_have_value("")


def test_the_wrong_type_and_too_much_are_told(page: Page, serve: Callable[..., str]) -> None:
    page.goto(serve(file_app(), max_file_size="1kb"))
    page.get_by_test_id("file-upload").set_input_files({"name": "a.exe", "mimeType": "", "buffer": b"x"})
    expect(page.get_by_test_id("toast-text")).to_have_text("a.exe: only .txt, .csv can be taken.")
    page.get_by_test_id("toast-close").click()
    big = {"name": "a.txt", "mimeType": "text/plain", "buffer": b"x" * 2000}
    page.get_by_test_id("file-upload").set_input_files(big)
    expect(page.get_by_test_id("toast-text")).to_have_text("a.txt is larger than 1 KB.")


def test_they_are_accessible(page: Page, serve: Callable[..., str], axe: Callable[[Page], None]) -> None:
    with gr.Blocks(title="Files") as demo:
        gr.Markdown("# Files")
        gr.Image(label="Empty picture", interactive=True)
        gr.Image(np.zeros((20, 20), np.uint8), label="Picture", interactive=False)
        gr.File(label="Empty file", interactive=True)
        gr.Files([gr.File().example_value()], label="Some files", interactive=True, allow_reordering=True)
        gr.File(label="Nothing", interactive=False)
    page.goto(serve(demo))
    loaded(page, "Picture")
    axe(page)


def test_an_upload_is_seen_to_travel_and_can_be_stopped(page: Page, serve: Callable[..., str], tmp_path: Path) -> None:
    (tmp_path / "big.txt").write_bytes(b"x" * 20_000_000)
    before = set(file_data.default_store().ids())
    page.goto(serve(file_app()))
    network = page.context.new_cdp_session(page)
    slow = {"offline": False, "latency": 0, "downloadThroughput": -1, "uploadThroughput": 200_000}
    network.send("Network.enable")
    network.send("Network.emulateNetworkConditions", slow)
    with page.expect_request(re.compile(r"/upload\?upload_id=[0-9a-f]{24}$")):
        page.get_by_test_id("file-upload").set_input_files(tmp_path / "big.txt")
    bar = page.get_by_role("progressbar", name="Upload progress")
    expect(page.get_by_text("Uploading big.txt…")).to_be_visible()
    page.wait_for_function("bar => bar.value > 0", arg=bar.element_handle())
    page.get_by_role("button", name="Cancel").click()
    expect(bar).to_have_count(0)
    network.send("Network.emulateNetworkConditions", {**slow, "uploadThroughput": -1})
    page.get_by_test_id("file-upload").set_input_files({"name": "a.txt", "mimeType": "", "buffer": b"abc"})
    expect(page.get_by_label("Report")).to_have_value("a.txt=3")
    stored = [file_data.default_store().get(each) for each in set(file_data.default_store().ids()) - before]
    assert {each.orig_name for each in stored if each is not None} == {"a.txt"}
