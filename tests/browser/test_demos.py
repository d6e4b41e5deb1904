"""Every demo is opened and used as a visitor would."""

from __future__ import annotations

import re
import subprocess
import sys
import wave
from contextlib import closing
from pathlib import Path

import numpy as np
import PIL.Image
import PIL.ImageDraw
import PIL.ImageFont
import pytest
from playwright.sync_api import Page, expect

from tests.conftest import FLAGS, chromium

ROOT = Path(__file__).resolve().parents[2]
#: What axe says of the same page may differ with its colours and its width in these rules alone.
LOOKS = ("color-contrast", "link-in-text-block", "scrollable-region-focusable", "aria-hidden-focus")
NAMES = sorted(file.stem for file in (ROOT / "demos").glob("*.py") if not file.stem.startswith("_"))


@pytest.fixture
def demo(page: Page, gallery: str, request) -> Page:
    """The page of the demo that the test is named after: `test_hello` opens `hello`."""
    name = request.function.__name__.removeprefix("test_")
    page.goto(f"{gallery}{name}/")
    return page


def click(page: Page, name: str) -> None:
    page.get_by_role("button", name=name, exact=True).click()


def test_hello(demo):
    demo.get_by_label("Name").fill("Bob")
    click(demo, "Run")
    expect(demo.get_by_label("Greeting")).to_have_value("Welcome to Gradio, Bob!")
    expect(demo).to_have_title("Hello")


def test_chained(demo, complaints):
    click(demo, "Count and judge")
    expect(demo.get_by_label("Verdict")).to_have_value("A short note.")
    expect(demo.get_by_label("History")).to_have_value("3 words")
    demo.get_by_label("Text").fill("")
    click(demo, "Count and judge")
    expect(demo.get_by_test_id("toast-text")).to_have_text("Write something first.")
    expect(demo.get_by_label("Verdict")).to_have_value("No verdict")
    expect(demo.get_by_label("History")).to_have_value("3 words\n0 words")
    complaints.forgive("Write something first.")


def test_streaming(demo):
    click(demo, "Tell me")
    story = demo.get_by_label("Story")
    expect(story).to_have_value(re.compile("^Once upon a time"))
    seen = story.input_value()
    expect(story).to_have_value(re.compile("could read along\\.$"))
    assert len(seen) < len(story.input_value())


def test_progress(demo):
    demo.get_by_label("number input for Loaves").fill("3")
    click(demo, "Bake")
    expect(demo.get_by_test_id("status-tracker").filter(has_text=re.compile("[123]/3 loaves")).first).to_be_visible()
    expect(demo.get_by_label("Tray")).to_have_value("Loaf 1\nLoaf 2\nLoaf 3")
    expect(demo.get_by_test_id("toast-body")).to_contain_text("The bread is ready.")


def test_cancel(demo):
    click(demo, "Start")
    now = demo.get_by_label("Now")
    expect(now).to_have_value(re.compile("[3-9]"))
    click(demo, "Stop")
    note = demo.get_by_label("Clean-up")
    while "Stopped at" not in note.input_value():  # it ends when it has slept
        click(demo, "Was it cleaned up?")
        expect(note).not_to_have_value("")
        demo.wait_for_timeout(50)
    stood = now.input_value()
    demo.wait_for_timeout(600)
    assert now.input_value() == stood


def test_appointment(demo, axe):
    start = demo.get_by_label("Start")
    start.fill("some day")
    start.press("Enter")
    expect(demo.get_by_role("alert").get_by_text("Write a date such as")).to_be_visible()
    axe(demo)
    start.fill("2031-07-01 08:00")
    start.press("Enter")
    expect(demo.get_by_text("Tuesday, 01 July 2031, 08:00 CEST")).to_be_visible()
    expect(start).to_have_value("2031-07-01 08:00:00")
    demo.get_by_label("Colour").fill("#00ff00")
    click(demo, "Book")
    expect(demo.locator("b[style*='#00ff00']")).to_be_visible()


def test_parser(demo):
    code = demo.get_by_role("textbox", name="Python")
    code.click()
    demo.keyboard.press("Control+A")
    demo.keyboard.insert_text("2 ** 10")
    demo.keyboard.press("Tab")
    click(demo, "Read")
    tree = demo.get_by_role("textbox", name="Syntax tree")
    expect(tree).to_contain_text("op=Pow()")
    expect(tree).to_have_attribute("aria-readonly", "true")


def test_parameters(demo, axe):
    click(demo, "Open all")
    expect(demo.get_by_text("= None").first).to_be_visible()
    axe(demo)
    demo.get_by_label("Function").fill("wrap")
    demo.get_by_role("option", name="wrap").click()
    expect(demo.locator("#param-width")).to_contain_text("= 70")


def test_plots(demo):
    expect(demo.get_by_test_id("altair").nth(2).locator(".mark-rect.role-mark path").first).to_be_visible()
    picture = demo.get_by_role("img", name="How much they differ")
    before = picture.get_attribute("src")
    demo.get_by_role("radio", name="Rome").check()
    expect(picture).not_to_have_attribute("src", before)


def test_batch(demo):
    shouts = demo.get_by_role("button", name="Shout")
    expect(shouts).to_have_count(3)
    shouts.evaluate_all("(buttons) => buttons.forEach((button) => button.click())")  # while the first one runs
    expect(demo.get_by_label("Answer one")).to_have_value("ONE! (with 0 others)")
    expect(demo.get_by_label("Answer two")).to_have_value("TWO! (with 1 others)")
    expect(demo.get_by_label("Answer three")).to_have_value("THREE! (with 1 others)")


def test_todo(demo, complaints):
    task = demo.get_by_label("New task")
    for text in ("Water the plants", "Sleep"):
        task.fill(text)
        click(demo, "Add")
        expect(demo.get_by_label(text)).to_be_visible()
    expect(demo.get_by_text("2 to do")).to_be_visible()
    demo.get_by_label("Sleep").check()
    click(demo, "Remove the ticked ones")
    expect(demo.get_by_label("Sleep")).to_have_count(0)
    expect(demo.get_by_text("1 to do")).to_be_visible()
    task.fill(" ")
    task.press("Enter")
    expect(demo.get_by_test_id("toast-text")).to_have_text("Type a task first.")
    complaints.forgive("Type a task first.")


def test_two_pages(demo, axe):
    demo.get_by_role("radio", name="Plum").check()
    click(demo, "Add")
    expect(demo.get_by_text("1 in the basket")).to_be_visible()
    axe(demo)
    demo.get_by_role("link", name="Basket").click()
    expect(demo.get_by_text("Total: 0.20")).to_be_visible()
    axe(demo)


def test_translated(demo, gallery, axe):
    for language, direction, greet, hello, footer in (
        ("de", "ltr", "Grüßen", "Hallo, Ada!", "Einstellungen"),
        ("ar", "rtl", "تحية", "مرحبًا، Ada!", "الإعدادات"),
    ):
        demo.context.add_cookies([{"name": "django_language", "value": language, "url": gallery}])
        demo.reload()
        demo.get_by_role("textbox").first.fill("Ada")
        click(demo, greet)
        expect(demo.get_by_role("textbox").nth(1)).to_have_value(hello)
        expect(demo.locator("footer")).to_contain_text(footer)
        assert demo.evaluate("getComputedStyle(document.body).direction") == direction
        axe(demo)


def test_api_only(demo, gallery, axe):
    expect(demo.get_by_role("heading", name="For programs")).to_be_visible()
    axe(demo)
    call = demo.request.post(f"{gallery}api_only/gradio_api/call/v2/area", data={"width": 2, "height": 3})
    answer = demo.request.get(f"{gallery}api_only/gradio_api/call/v2/area/{call.json()['event_id']}")
    assert answer.text().split() == ["event:", "complete", "data:", "[6]"]
    demo.get_by_role("link", name="Use via API").click()
    expect(demo.get_by_text("/countdown").first).to_be_visible()


def test_loaded(demo, axe):
    demo.get_by_label("Name").fill("Ada")
    click(demo, "Run")
    expect(demo.get_by_label("Greeting", exact=True)).to_have_value("Welcome to Gradio, Ada!")
    axe(demo)


def test_deep_links(demo):
    demo.get_by_role("radio", name="Oslo").check()
    click(demo, "Plan it")
    expect(demo.get_by_role("heading", name="3 days in Oslo")).to_be_visible()
    demo.context.grant_permissions(["clipboard-read", "clipboard-write"])
    click(demo, "Copy a link")
    expect(demo.get_by_role("button", name="Link copied!")).to_be_visible()
    demo.goto(demo.evaluate("navigator.clipboard.readText()"))
    expect(demo.get_by_role("heading", name="3 days in Oslo")).to_be_visible()


def test_shopping(demo):
    needed = demo.get_by_label("What do you need?")
    for text in ("Bread", "Milk"):
        needed.fill(text)
        needed.press("Enter")
        expect(demo.get_by_label(text, exact=True)).to_be_visible()
        if text == "Bread":
            demo.get_by_label("Bread", exact=True).fill("2 loaves")
    expect(demo.get_by_role("heading", name="To buy: 2")).to_be_visible()
    expect(demo.get_by_label("Bread", exact=True)).to_have_value("2 loaves")
    demo.get_by_role("button", name="Bought", exact=True).first.click()
    expect(demo.get_by_test_id("toast-text")).to_have_text("Bought: 2 loaves Bread")
    expect(demo.get_by_label("Bread", exact=True)).to_have_count(0)
    click(demo, "Bought (1)")
    click(demo, "Start a new list")
    expect(demo.get_by_role("heading", name="Nothing to buy")).to_be_visible()


def test_layout(demo):
    demo.get_by_label("Pasta").check()
    demo.get_by_role("button", name="More wishes").click()
    demo.get_by_label("It is a gift").check()
    demo.get_by_label("Card").fill("Enjoy!")
    click(demo, "Order")
    expect(demo.get_by_role("tab", name="Receipt")).to_have_attribute("aria-selected", "true")
    expect(demo.get_by_role("heading", name="1 × Pasta")).to_be_visible()
    expect(demo.get_by_text("Enjoy!")).to_be_visible()


def test_image(demo, tmp_path):
    from PIL import Image

    picture = tmp_path / "red.png"
    Image.new("RGB", (40, 30), (255, 0, 0)).save(picture)
    demo.locator("input[type=file]").first.set_input_files(picture)
    expect(demo.locator("gr-image img").first).to_be_visible()
    click(demo, "Change it")
    after = demo.locator("gr-image").nth(1).locator("img")
    expect(after).to_be_visible()
    assert after.evaluate("async (img) => { await img.decode(); return [img.naturalWidth, img.naturalHeight] }") == [
        40,
        30,
    ]


def test_drawing(demo):
    sheet = demo.get_by_role("application", name="Sheet")
    box = sheet.bounding_box()
    demo.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 4)
    demo.mouse.down()
    demo.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] * 3 / 4, steps=3)
    demo.mouse.up()
    expect(demo.get_by_label("Ink", exact=True)).to_have_value(re.compile(r"ink, \d+ pixels wide and \d{3} high"))
    demo.get_by_role("application", name="Picture: 400 by 240").focus()
    for key in ("b", " ", "Shift+ArrowLeft", " "):
        demo.keyboard.press(key)
    click(demo, "Hide what is painted over")
    expect(demo.locator("gr-image img")).to_be_visible()


def test_files(demo, tmp_path):
    for name in ("a.txt", "b.txt"):
        (tmp_path / name).write_text(name * 10)
    demo.locator("input[type=file]").first.set_input_files([tmp_path / "a.txt", tmp_path / "b.txt"])
    expect(demo.get_by_text("b.txt").first).to_be_visible()
    click(demo, "Measure")
    expect(demo.get_by_test_id("json")).to_contain_text("50")
    with demo.expect_download() as waiting:
        demo.locator("gr-file").nth(1).get_by_role("link").first.click()
    assert Path(waiting.value.path()).read_text() == "a.txt: 50 bytes\nb.txt: 50 bytes\n"


def test_upload_and_download(demo, tmp_path):
    (tmp_path / "a.txt").write_text("quiet")
    with demo.expect_file_chooser() as choosing:
        click(demo, "Upload a text")
    choosing.value.set_files(tmp_path / "a.txt")
    expect(demo.get_by_label("State")).to_have_value("loud-a.txt is ready.")
    with demo.expect_download() as waiting:
        demo.get_by_role("link", name="Download it").click()
    assert waiting.value.suggested_filename == "loud-a.txt"
    assert Path(waiting.value.path()).read_text() == "QUIET"


def test_model3d(demo, axe):
    view = demo.get_by_test_id("model3d-view")
    expect(view).to_have_attribute("aria-label", re.compile(r"prism-6\.obj: 20 triangles"))
    demo.get_by_label("number input for Sides").fill("3")
    click(demo, "Make it")
    expect(view).to_have_attribute("aria-label", re.compile(r"prism-3\.obj: 8 triangles"))
    axe(demo)


def test_video(demo, axe):
    demo.locator("input[type=file]").first.set_input_files(ROOT / "blocks_app/media/samples/video.mp4")
    expect(demo.get_by_test_id("Film-player")).to_be_visible()
    click(demo, "Show it")
    expect(demo.get_by_text("video.mp4 has 8,521 bytes.")).to_be_visible()
    expect(demo.get_by_test_id("With subtitles-player").locator("track")).to_be_attached()
    axe(demo)


def test_explorer(demo, axe):
    demo.get_by_label("hello.py").check()
    expect(demo.get_by_test_id("json")).to_contain_text("hello.py")
    demo.get_by_role("button", name="_notebook").focus()
    demo.keyboard.press("ArrowRight")
    expect(demo.get_by_role("button", name="_notebook")).to_have_attribute("aria-expanded", "true")
    demo.get_by_label("hello.py").focus()
    demo.keyboard.press("ArrowDown")
    expect(demo.get_by_label("image.py")).to_be_focused()
    axe(demo)


def test_examples(demo, axe):
    poem = demo.get_by_label("Poem", exact=True)
    for _ in range(2):  # made, then shown again
        demo.get_by_role("button", name="rain").click()
        expect(demo.get_by_label("About")).to_have_value("rain")
        expect(demo.get_by_role("radio", name="Haiku")).to_be_checked()
        expect(poem).to_have_value("rainr\nrainrai\nrainr")
        demo.reload()
    axe(demo)


def test_samples(demo, axe):
    axe(demo)
    demo.get_by_role("button", name="Page 2").click()
    demo.get_by_role("button", name="4", exact=True).last.click()
    expect(demo.get_by_label("a + b")).to_have_value("44")
    expect(demo.locator("tr.chosen")).to_have_text(re.compile(r"4\s+40"))


def test_interface(demo, axe):
    demo.get_by_role("button", name="84.5").click()
    expect(demo.get_by_label("Bill")).to_have_value("84.5")
    click(demo, "Additional Inputs")
    demo.get_by_label("number input for Tip in percent").fill("0")
    axe(demo)
    click(demo, "Submit")
    expect(demo.get_by_label("Each pays")).to_have_value("21.12")
    click(demo, "Flag")
    expect(demo.get_by_role("button", name="Saving...")).to_be_visible()
    expect(demo.get_by_role("button", name="Flag", exact=True)).to_be_enabled()


def test_tabbed(demo, axe):
    expect(demo.get_by_role("heading", name="Three apps in one")).to_be_visible()
    demo.get_by_label("Text", exact=True).fill("drawer")
    expect(demo.get_by_label("Mirrored")).to_have_value("reward")
    demo.get_by_role("tab", name="Count").click()
    axe(demo)
    demo.get_by_role("button", name="Submit").last.click()
    expect(demo.get_by_label("output")).to_have_value(re.compile(r"\d+ sheep"))
    click(demo, "Stop")
    expect(demo.get_by_role("button", name="Submit").last).to_be_visible()
    demo.get_by_role("tab", name="Clock").click()
    click(demo, "Generate")
    expect(demo.get_by_label("Time of the server")).to_have_value(re.compile(r"\d\d:\d\d"))


def test_custom_look(demo):
    expect(demo.locator("html")).to_have_attribute("data-greeted", "yes")
    assert demo.locator("meta[name=description]").get_attribute("content") == "A page with its own look"
    text = demo.locator(".warm textarea")
    assert text.evaluate("box => getComputedStyle(box).backgroundColor") == "rgb(255, 243, 224)"
    text.fill("live")
    expect(demo.get_by_label("Reversed in the browser")).to_have_value("evil")
    click(demo, "Reverse with both")
    expect(demo.get_by_label("Reversed in the browser")).to_have_value("evil (seen by the server)")


def test_errors(demo, complaints):
    click(demo, "Divide")
    expect(demo.get_by_test_id("toast-text")).to_have_text("Nothing can be divided by zero.")
    expect(demo.get_by_test_id("status-tracker").filter(has_text="Error").first).to_be_visible()
    complaints.forgive("Nothing can be divided by zero.")
    demo.get_by_test_id("toast-close").first.click()
    demo.get_by_label("B", exact=True).fill("-2")
    click(demo, "Divide")
    expect(demo.get_by_label("A / B")).to_have_value("-3")
    expect(demo.get_by_test_id("toast-body").filter(has_text="Dividing by a negative number.")).to_be_visible()
    click(demo, "Break down")
    expect(demo.get_by_test_id("status-tracker").filter(has_text="Error").first).to_be_visible()
    assert "for the log" not in demo.content()
    complaints[:] = [each for each in complaints if "foreign" in each or "for the log" in each]


def test_queue_position(demo, new_page, gallery):
    others = [new_page() for _ in range(2)]
    for other in others:
        other.goto(f"{gallery}queue_position/")
        click(other, "Order")
    click(demo, "Order")
    expect(demo.get_by_test_id("status-tracker").filter(has_text=re.compile(r"queue: \d/\d")).first).to_be_visible()
    expect(demo.get_by_label("Served")).to_have_value("Soup is served.", timeout=15_000)


def test_live_update(demo):
    expect(demo.get_by_role("heading", name="7 days in Paris")).to_be_visible()
    country = demo.get_by_label("Country")
    country.click()
    demo.get_by_role("option", name="Japan").click()
    expect(demo.get_by_label("City in Japan")).to_have_value("Kyoto")
    expect(demo.get_by_role("heading", name="7 days in Kyoto")).to_be_visible()


def test_clock(demo):
    opened = demo.get_by_label("Opened at")
    expect(opened).to_have_value(re.compile(r"\d\d:\d\d:\d\d"))
    now = demo.get_by_label("Now")
    first = now.input_value()
    expect(now).not_to_have_value(first)


def test_classifier(demo):
    click(demo, "Classify")
    expect(demo.get_by_test_id("label-output-value")).to_have_text("cheerful")
    demo.get_by_label("Text").fill("sad and alone and cold")
    expect(demo.get_by_test_id("label-output-value")).to_have_text("gloomy")
    click(demo, "Clear")
    expect(demo.get_by_label("Text")).to_have_value("")


def test_notes(demo, gallery):
    expect(demo.get_by_text("You are not signed in.")).to_be_visible()
    demo.get_by_role("link", name="Sign in").evaluate("link => link.removeAttribute('target')")
    demo.get_by_role("link", name="Sign in").click()
    demo.get_by_label("Username").fill("ada")
    demo.get_by_label("Password").fill("lovelace-1815")
    demo.get_by_role("button", name="Log in").click()
    expect(demo.get_by_text("Signed in as ada")).to_be_visible()
    demo.get_by_label("New note").fill("The engine weaves algebraic patterns")
    click(demo, "Keep")
    expect(demo.get_by_role("listitem")).to_have_text("The engine weaves algebraic patterns")
    demo.reload()
    expect(demo.get_by_role("listitem")).to_have_text("The engine weaves algebraic patterns")


def test_guest_book(demo, axe):
    """A model's form is filled in Chromium: errors stand at the fields, are mended, and the row is in the list."""
    expect(demo.get_by_label("Departure *")).not_to_have_value("")
    demo.get_by_label("Name *").fill("Ada of London")
    demo.get_by_label("Nights *").fill("0")
    click(demo, "Save")
    wrong = demo.get_by_role("alert")
    expect(wrong).to_have_text(["Ensure this value is greater than or equal to 1.", "This field is required."])
    axe(demo)
    demo.get_by_label("Nights *").fill("2")
    demo.get_by_label("What you liked *").fill("The tea.")
    expect(wrong).to_have_count(0)
    click(demo, "Save")
    expect(demo.get_by_test_id("toast-text")).to_have_text("The guest “Ada of London” was added.")
    expect(demo.get_by_role("gridcell", name="Ada of London")).to_be_visible()
    expect(demo.get_by_label("Name *")).to_have_value("")
    demo.get_by_label("Name *").fill("Ada of London")
    demo.get_by_label("What you liked *").fill("All of it.")
    click(demo, "Save")
    expect(wrong).to_have_text("This guest has written already.")
    demo.get_by_role("gridcell", name="Ada of London").click()
    expect(demo.get_by_label("What you liked *")).to_have_value("The tea.")
    expect(demo.get_by_label("What you liked *")).not_to_be_editable()
    expect(demo.get_by_role("button", name="Save", exact=True)).to_be_disabled()
    expect(demo.get_by_role("button", name="Delete", exact=True)).to_be_hidden()
    click(demo, "New")
    expect(demo.get_by_label("What you liked *")).to_have_value("")
    expect(demo.get_by_label("What you liked *")).to_be_enabled()


def test_flags(demo):
    expect(demo.get_by_label("Name")).to_have_value("blue")
    click(demo, "Very good")
    expect(demo.get_by_text("Thank you: it is noted.")).to_be_visible()


def test_mcp_tools(demo, axe):
    click(demo, "Find")
    expect(demo.get_by_label("Books")).to_have_value("Emma\nKim")
    demo.get_by_role("link", name="Use via API").click()
    demo.get_by_role("link", name="MCP", exact=True).click()
    expect(demo.get_by_role("heading", name="find_books")).to_be_visible()
    expect(demo.get_by_text("books://{title}")).to_be_visible()
    expect(demo.locator("summary", has_text="Claude Code")).to_be_visible()
    axe(demo)
    demo.locator("summary", has_text="Python").click()
    code = demo.locator("details", has_text="Python").locator("code").inner_text()
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60, check=True)
    assert "find_books - Find books by a word" in done.stdout, done.stdout


def test_feedback(demo):
    click(demo, "Send")
    expect(demo.get_by_role("alert")).to_have_text("Click a star first.")
    demo.get_by_role("radio", name="Good").click()
    expect(demo.get_by_role("alert")).to_have_count(0)
    expect(demo.get_by_role("radio", name="Good")).to_have_attribute("aria-checked", "true")
    demo.get_by_label("Why good?").fill("nice and quick")
    click(demo, "Send")
    expect(demo.get_by_text("Thank you for 4 of 5 stars and 3 words.")).to_be_visible()
    click(demo, "Empty")
    expect(demo.get_by_label("Why good?")).to_have_value("")


def test_message_with_files(demo):
    field = demo.get_by_label("Message", exact=True)
    demo.get_by_test_id("file-upload").set_input_files({"name": "a.txt", "mimeType": "", "buffer": b"hello"})
    expect(demo.get_by_role("link", name="a.txt")).to_be_visible()
    demo.get_by_role("button", name="Record audio").click()
    expect(demo.get_by_role("button", name="Stop recording")).to_be_visible()
    demo.wait_for_timeout(500)  # a recording has a length
    demo.get_by_role("button", name="Stop recording").click()
    expect(demo.get_by_role("link", name="recording.wav")).to_be_visible()
    field.fill("Look at")
    field.press("Shift+Enter")
    field.press_sequentially("this")
    field.press("Enter")
    expect(demo.get_by_role("listitem").filter(has_text="a.txt, 5 bytes")).to_be_visible()
    expect(demo.get_by_role("listitem").filter(has_text="recording.wav")).to_be_visible()
    expect(field).to_have_value("")
    expect(demo.get_by_role("list", name="Files")).to_have_count(0)


def test_dialogue(demo):
    line = demo.get_by_role("textbox", name="Line 1")
    line.fill("No. :la")
    line.press("a")
    line.press("Backspace")
    expect(demo.get_by_role("option", name="(laughs)")).to_be_visible()
    line.press("Enter")
    expect(line).to_have_value("No. (laughs) ")
    line.press("Enter")
    demo.keyboard.type("What?")
    click(demo, "Shout")
    expect(demo.locator(".said")).to_have_text(
        [re.compile(each) for each in (r"Ada\s+NO. \(LAUGHS\)", r"Charles\s+WHAT\?", r"Charles\s+\(SIGHS\) BY STEAM")]
    )


def test_chat(demo):
    click(demo, "Tell me about tea")
    expect(demo.get_by_test_id("bot").locator("strong")).to_have_text("just below")
    expect(demo.get_by_test_id("bot")).to_contain_text("for green leaves.")
    click(demo, "Edit")
    demo.get_by_label("Edit message").fill("Hello")
    demo.keyboard.press("Enter")
    expect(demo.get_by_test_id("bot")).to_have_text("You said: Hello")
    click(demo, "like")
    expect(demo.get_by_test_id("toast-body")).to_contain_text("Thank you.")
    click(demo, "Undo")
    expect(demo.get_by_label("Message", exact=True)).to_have_value("Hello")
    expect(demo.get_by_text("Ask me something")).to_be_visible()


def test_chat_interface(demo):
    message, bot = demo.get_by_label("Message", exact=True), demo.get_by_test_id("bot")
    expect(message).to_be_focused()
    click(demo, "Manner")
    demo.get_by_label("number input for Speed").fill("1")
    message.fill("Tell me of tea")
    demo.keyboard.press("Enter")
    expect(bot).to_contain_text("Better to be")
    click(demo, "Stop")
    expect(demo.get_by_role("button", name="Submit")).to_be_visible()
    stood = bot.inner_text()
    assert "question" not in stood
    demo.get_by_label("number input for Speed").fill("20")
    message.fill("And the rain?")
    demo.keyboard.press("Enter")
    expect(bot.last).to_contain_text("That was question 2.")
    expect(message).to_be_focused()
    assert bot.first.inner_text() == stood
    demo.get_by_role("button", name="Edit").last.click()
    demo.get_by_label("Edit message").fill("Is it time?")
    demo.keyboard.press("Enter")
    expect(bot.last).to_contain_text("twenty years ago")
    expect(bot.last).to_contain_text("That was question 2.")
    click(demo, "Retry")
    expect(message).to_be_enabled()
    click(demo, "Undo")
    expect(message).to_have_value("Is it time?")
    expect(bot).to_have_count(1)
    click(demo, "Clear")
    expect(demo.get_by_role("button", name="What of the rain?")).to_be_visible()


def test_multimodal_chat(demo, axe):
    bot = demo.get_by_test_id("bot")
    demo.get_by_label("Message", exact=True).fill("Hello")
    demo.keyboard.press("Enter")
    click(demo, "Nothing")
    expect(bot.last).to_have_text("As you like.")
    demo.locator("input[type=file]").set_input_files(ROOT / "blocks_app/media/samples/image.png")
    expect(demo.get_by_role("link", name="image.png")).to_be_visible()
    click(demo, "Submit")
    expect(demo.get_by_role("img", name="image.png").last).to_be_visible()
    expect(demo.get_by_text("In the mirror:")).to_be_visible()
    axe(demo)


COUNT_KEPT = """() => {
  const root = document.documentElement;
  root.dataset.kept = "0";
  const set = Storage.prototype.setItem;
  Storage.prototype.setItem = function (key, value) {
    set.call(this, key, value);
    if (key.startsWith("_saved_conversations")) root.dataset.kept = String(Number(root.dataset.kept) + 1);
  };
}"""


def test_kept_conversations(demo, axe):
    message, bot = demo.get_by_label("Message", exact=True), demo.get_by_test_id("bot")
    demo.evaluate(COUNT_KEPT)
    message.fill("The key is under the pot")
    demo.keyboard.press("Enter")
    listed = demo.get_by_role("button", name="The key is under the pot")
    expect(listed).to_be_visible()
    # The question, and it with its answer: whoever renames it before that may find the first title again.
    expect(demo.locator("html")).to_have_attribute("data-kept", "2")
    demo.get_by_label("Title").fill("The key")
    click(demo, "Rename")
    expect(demo.get_by_role("button", name="The key", exact=True)).to_be_visible()
    axe(demo)
    click(demo, "New chat")
    expect(bot).to_have_count(0)
    demo.reload()  # as tomorrow
    click(demo, "The key")
    expect(bot).to_contain_text("under the pot")
    message.fill("What do you know?")
    demo.keyboard.press("Enter")
    expect(bot.last.locator("li")).to_have_text("The key is under the pot")
    click(demo, "Delete this conversation")
    expect(demo.get_by_role("button", name="The key")).to_have_count(0)


def test_agent(demo):
    click(demo, "weather")
    expect(demo.locator("gr-chatbot gr-label")).to_contain_text("70%")
    thought = demo.locator("details").first
    expect(thought).not_to_have_attribute("open", "")
    expect(thought.get_by_text("Both sources agree.")).to_be_hidden()
    thought.locator("summary").first.click()
    expect(thought.get_by_text("Both sources agree.")).to_be_visible()
    click(demo, "Menu")
    expect(demo.locator("gr-chatbot gr-json")).to_contain_text("noodles")


def test_marked_text(demo):
    expect(demo.get_by_test_id("highlighted-text:textfield").first).to_contain_text("noodles")
    demo.get_by_role("button", name="In Paris").click()
    expect(demo.get_by_label("Chosen")).to_have_value("In Paris they served stale bread, and late. (-1)")
    demo.locator(".editing .text", has_text="Lima").click()
    demo.get_by_role("button", name="Take away").click()
    expect(demo.locator("gr-label")).to_contain_text("60%")


def test_annotations(demo):
    demo.get_by_role("button", name="house 2").click()
    expect(demo.get_by_label("Chosen")).to_have_value("house 2 is region 2.")
    region = demo.locator("gr-annotatedimage .mask").first
    region.evaluate("(image) => image.decode()")
    box = region.bounding_box()
    width = box["height"] * 400 / 240
    demo.mouse.click(box["x"] + (box["width"] - width) / 2 + width * 300 / 400, box["y"] + box["height"] * 60 / 240)
    expect(demo.get_by_label("Chosen")).to_have_value("sun is region 0.")


def test_pictures(demo, tmp_path):
    from PIL import Image

    demo.get_by_role("button", name="Thumbnail 2 of 6: Waves 2").click()
    expect(demo.get_by_label("Chosen")).to_have_value("Waves 2, 320 x 240")
    slider = demo.get_by_role("slider", name="Before and after")
    slider.press("ArrowRight")
    expect(slider).to_have_value("50.5")
    box = slider.bounding_box()
    demo.mouse.move(box["x"] + box["width"] / 2, box["y"] + 20)
    demo.mouse.down()
    demo.mouse.move(box["x"] + box["width"] / 4, box["y"] + 20)
    demo.mouse.up()
    assert 20 < float(slider.input_value()) < 30
    Image.new("RGB", (40, 30), "red").save(tmp_path / "red.png")
    demo.locator("input[type=file]").first.set_input_files(tmp_path / "red.png")
    demo.get_by_role("button", name="Thumbnail 7 of 7").click()
    expect(demo.get_by_label("Chosen")).to_have_value("Your own picture, 40 x 30")
    demo.get_by_role("button", name="Delete red.png").click()
    expect(demo.get_by_role("button", name="Thumbnail 6 of 6")).to_be_visible()


def test_guided(demo):
    expect(demo.get_by_role("tab", name="Summary")).to_be_disabled()
    click(demo, "Next")
    demo.get_by_label("Days").fill("4")
    click(demo, "Add it up")
    expect(demo.get_by_role("heading", name="4 days in Lima: €240")).to_be_visible()
    demo.get_by_role("tab", name="Where").click()
    expect(demo.get_by_label("Place")).to_be_visible()
    grip = demo.get_by_role("button", name="Move Food")
    goal = demo.get_by_role("heading", name="Museums").bounding_box()
    grip.hover()
    demo.mouse.down()
    demo.mouse.move(goal["x"] + goal["width"], goal["y"], steps=5)
    demo.mouse.up()
    expect(demo.locator(".draggable h3")).to_have_text(["Museums", "Food", "Rest"])
    grip.press("ArrowRight")
    expect(demo.locator(".draggable h3")).to_have_text(["Museums", "Rest", "Food"])
    expect(grip).to_be_focused()


def test_components(demo):
    expect(demo.locator("math")).to_have_count(1)
    expect(demo.get_by_role("table")).to_be_visible()
    demo.get_by_label("Several lines").fill("changed")
    expect(demo.get_by_label("Password")).to_have_attribute("type", "password")


def test_reverse(demo, gallery, complaints):
    demo.get_by_label("Username").fill("username")
    demo.get_by_label("Password").fill("wrong")
    click(demo, "Log in")
    expect(demo.get_by_role("alert")).to_have_text("Incorrect credentials.")
    complaints.forgive("400 (Bad Request)")
    demo.get_by_label("Password").fill("password")
    click(demo, "Log in")
    demo.get_by_label("Text").fill("stressed")
    click(demo, "Reverse")
    expect(demo.get_by_label("Reversed")).to_have_value("desserts")
    expect(demo.get_by_label("Who")).to_have_value("username asked")
    demo.get_by_role("link", name="Log out").click()
    expect(demo.get_by_role("button", name="Log in")).to_be_visible()
    demo.goto(f"{gallery}hello/")  # the other demos ask nobody
    expect(demo.get_by_role("button", name="Run")).to_be_visible()


def test_voice(demo):
    tone = ROOT / "blocks_app/media/samples/tone.wav"
    demo.locator("input[type=file]").first.set_input_files(tone)
    expect(demo.get_by_role("button", name="Play", exact=True).first).to_be_visible()
    click(demo, "Change it")
    expect(demo.get_by_label("Made")).to_have_value("0.5 seconds, 8000 samples a second")
    expect(demo.get_by_test_id("waveform-After").get_by_role("button", name="Play", exact=True)).to_be_visible()


def test_melody(demo):
    melody = demo.get_by_test_id("waveform-Melody")
    click(demo, "Play it")
    expect(melody.locator("audio[src^=blob]")).to_be_attached()
    expect(melody.get_by_role("link", name="Download")).to_be_visible()  # when all of it is there
    demo.wait_for_function("() => document.querySelector('audio').currentTime > 0")


def test_reading(demo, tmp_path):
    page = PIL.Image.new("RGB", (460, 130), "white")
    pen = PIL.ImageDraw.Draw(page)
    for at, line in enumerate(("Invoice 4711", "Total 99 EUR")):
        pen.text((20, 10 + 55 * at), line, "black", PIL.ImageFont.load_default(40))
    page.save(tmp_path / "page.png")
    demo.locator("input[type=file]").first.set_input_files(tmp_path / "page.png")
    expect(demo.locator("gr-image img")).to_be_visible()
    click(demo, "Read")
    text = demo.get_by_label("Text", exact=True)
    expect(text).to_have_value(re.compile(r"4711\nTotal ?99 ?EUR$"), timeout=30_000)  # the model is loaded
    expect(demo.locator("gr-annotatedimage .mask")).to_have_count(2)


def voice(place: Path) -> None:
    """Two seconds that sound like somebody who says vowels: a buzz, and what throat and mouth leave of it."""
    rate, vowels = 16000, ((730, 1090, 2440), (270, 2290, 3010), (300, 870, 2240), (530, 1840, 2480))
    time = np.arange(2 * rate) / rate
    buzz = np.diff((np.cumsum(120 + 15 * np.sin(19 * time) + 8 * np.sin(33 * time)) / rate % 1) ** 2, prepend=0)
    said = []
    for syllable, vowel in zip(np.split(buzz, 8), vowels * 2, strict=True):
        pitches = np.fft.rfftfreq(len(syllable), 1 / rate)
        mouth = sum(np.hypot(1, (pitches - at) / 50) ** -1 / (rank + 1) for rank, at in enumerate(vowel))
        said.append(np.fft.irfft(np.fft.rfft(syllable) * mouth) * np.hanning(len(syllable)) ** 0.5)
    samples = np.concatenate(said)
    with wave.open(str(place), "wb") as file:
        file.setparams((1, 2, rate, 0, "NONE", ""))
        file.writeframes((samples / abs(samples).max() * 24000).astype("<i2").tobytes())


def test_speech(browser, gallery, tmp_path):
    """Chromium's microphone plays a file, which a browser is told when it starts: this is one of its own."""
    voice(tmp_path / "voice.wav")
    flags = [*FLAGS, f"--use-file-for-fake-audio-capture={tmp_path / 'voice.wav'}"]
    with closing(browser.browser_type.launch(executable_path=chromium(), args=flags)) as speaking:
        demo = speaking.new_page(permissions=["microphone"])
        demo.goto(f"{gallery}speech/")
        click(demo, "Record")
        expect(demo.get_by_label("Speech", exact=True)).to_have_value(re.compile(r"to \d+\.\d seconds"), timeout=30_000)
        click(demo, "Stop")
        expect(demo.get_by_role("button", name="Record", exact=True)).to_be_visible()


def test_digits(demo):
    box = demo.get_by_role("application", name="Sheet").bounding_box()
    for at, (x, y) in enumerate(((0.25, 0.15), (0.75, 0.15), (0.4, 0.87))):
        demo.mouse.move(box["x"] + x * box["width"], box["y"] + y * box["height"], steps=3)
        if not at:
            demo.mouse.down()
    demo.mouse.up()
    expect(demo.get_by_test_id("label-output-value")).to_have_text("7", timeout=30_000)


def test_webcam(demo):
    click(demo, "Click to Access Webcam")
    demo.locator("gr-camera video").evaluate(
        "video => video.videoWidth || new Promise((done) => video.addEventListener('loadeddata', done, {once: true}))"
    )
    click(demo, "start recording")
    expect(demo.get_by_label("So far")).to_have_value(re.compile(r"([3-9]|\d\d+) pictures"))
    click(demo, "stop recording")
    expect(demo.get_by_test_id("detailed-image")).to_be_visible()
    demo.goto("about:blank")  # the last picture may still be on its way


def test_every_demo_has_a_test():
    missing = [name for name in NAMES if f"test_{name}" not in globals()]
    assert missing == []


#: The gallery, a demo beside its source, a guide.
AROUND = ("", "show/layout/", "guides/howto.events/")


def test_a_demo_runs_beside_its_source_and_the_guide_leads_back(page, gallery):
    page.goto(gallery)
    page.get_by_role("link", name="Hello Type a name").focus()
    page.keyboard.press("Enter")
    source, app = page.get_by_role("region", name="Source demos/hello.py"), page.locator("iframe")
    expect(source).to_contain_text("def update(name):")
    inside = page.frame_locator("iframe")
    inside.get_by_label("Name").fill("Bob")
    inside.get_by_role("button", name="Run").click()
    expect(inside.get_by_label("Greeting")).to_have_value("Welcome to Gradio, Bob!")
    left, right = app.bounding_box(), source.bounding_box()
    assert left["x"] + left["width"] <= right["x"] and left["y"] == right["y"]
    page.set_viewport_size({"width": 390, "height": 844})
    above, below = app.bounding_box(), source.bounding_box()
    assert above["y"] + above["height"] <= below["y"]
    page.get_by_role("link", name="Quickstart").click()
    expect(page.get_by_role("heading", name="Quickstart")).to_be_visible()
    page.get_by_role("link", name="Hello", exact=True).click()
    expect(page.get_by_role("heading", name="Hello", exact=True)).to_be_visible()


@pytest.mark.parametrize("name", [*AROUND, *(f"{name}/" for name in NAMES)])
def test_accessible_on_a_dark_phone_and_a_light_desk_under_a_strict_policy(name, page, gallery, settled, axe):
    """T42 in each demo, too: a page that violates the policy complains, and that fails its test."""
    page.set_viewport_size({"width": 390, "height": 844})
    page.emulate_media(color_scheme="dark")
    headers = settled(page, gallery + name).headers
    assert name in AROUND or "'unsafe-eval'" not in headers["content-security-policy"]
    accessible_and_no_wider_than_the_screen(page, axe)
    page.set_viewport_size({"width": 1280, "height": 800})
    page.emulate_media(color_scheme="light")
    settled(page)
    accessible_and_no_wider_than_the_screen(page, axe, *LOOKS)


def accessible_and_no_wider_than_the_screen(page: Page, axe, *rules: str) -> None:
    axe(page, *rules)
    overflow = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    assert overflow <= 0, f"It scrolls sideways by {overflow} px at {page.viewport_size}"


def test_spreadsheet(demo):
    demo.get_by_test_id("cell-1-1").dblclick()
    demo.get_by_label("Count, row 2").fill("10")
    demo.keyboard.press("Enter")
    expect(demo.get_by_role("heading", name="Paid so far: 45.17 €")).to_be_visible()


def test_in_a_site(page, gallery, settled, axe):
    settled(page, f"{gallery}in_a_site/")
    ask = page.get_by_role("region", name="Ask us")
    ask.scroll_into_view_if_needed()
    settled(page)
    ask.get_by_role("textbox").last.fill("Tell me about tea")
    ask.get_by_role("textbox").last.press("Enter")
    expect(ask.get_by_text("just below")).to_be_visible()
    axe(page)
    guests = page.get_by_role("region", name="Our guests")
    guests.get_by_label("Name *").fill("Ada")
    guests.get_by_label("Nights *").fill("0")
    guests.get_by_role("button", name="Save", exact=True).click()
    wrong = guests.get_by_role("alert")
    expect(wrong).to_have_text(["Ensure this value is greater than or equal to 1.", "This field is required."])
    axe(page)
