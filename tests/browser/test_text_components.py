"""Button, ClearButton, Markdown, HTML, JSON, Label and State, used in Chromium under the strict policy."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

import blocks_app as gr

CORPUS: list[str] = json.loads((Path(__file__).parents[1] / "xss_corpus.json").read_text())
Serve = Callable[..., str]


def test_button_changes_its_text_and_can_be_switched_off(serve: Serve, page: Page) -> None:
    with gr.Blocks() as demo:
        button = gr.Button("Go", elem_id="go", variant="primary")
        button.click(lambda text: gr.Button(f"{text}!", interactive=False), button, button)
    page.goto(serve(demo))
    expect(page.locator("button#go.primary.lg")).to_have_text("Go")
    page.get_by_role("button", name="Go").click()
    expect(page.get_by_role("button", name="Go!")).to_be_disabled()


def test_a_link_button_is_a_link(serve: Serve, page: Page) -> None:
    with gr.Blocks() as demo:
        gr.Button("Same page", link="?view=other", link_target="_self")
        gr.Button("Evil", link="javascript:document.title='pwned'")
    page.goto(serve(demo))
    page.get_by_text("Evil").click()
    page.get_by_role("link", name="Same page").click()
    page.wait_for_url("**/?view=other")
    expect(page).to_have_title("Gradio")


def test_a_button_shows_its_icon(serve: Serve, page: Page, tmp_path: Path) -> None:
    picture = tmp_path / "dot.svg"
    picture.write_text('<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><circle r="9"/></svg>')
    with gr.Blocks() as demo:
        gr.Button("Dot", icon=picture)
    page.goto(serve(demo, allowed_paths=[str(tmp_path)]))
    loaded = "image => new Promise(done => image.complete ? done() : (image.onload = image.onerror = done))"
    page.locator(".button-icon").evaluate(loaded)
    assert page.locator(".button-icon").evaluate("image => image.naturalWidth") == 9


def test_clear_button_empties_components_and_states(serve: Serve, page: Page) -> None:
    with gr.Blocks() as demo:
        text, picks, seen = gr.Textbox(label="Text"), gr.Checkbox(label="a", interactive=True), gr.State([])
        shown = gr.Textbox(label="Seen")
        text.submit(lambda t, seen: (seen := [*seen, t], str(seen)), [text, seen], [seen, shown])
        gr.ClearButton([text, picks, seen])
    page.goto(serve(demo))
    page.get_by_label("a", exact=True).check()
    page.get_by_label("Text").fill("one")
    page.get_by_label("Text").press("Enter")
    expect(page.get_by_label("Seen")).to_have_value("['one']")
    page.get_by_role("button", name="Clear").click()
    expect(page.get_by_label("Text")).to_have_value("")
    expect(page.get_by_label("a", exact=True)).not_to_be_checked()
    page.get_by_label("Text").fill("two")
    page.get_by_label("Text").press("Enter")
    expect(page.get_by_label("Seen")).to_have_value("['two']")


def test_state_change_starts_a_listener(serve: Serve, page: Page) -> None:
    with gr.Blocks() as demo:
        count, shown = gr.State(0), gr.Textbox(label="Told")
        gr.Button("More").click(lambda n: n + 1, count, count)
        count.change(lambda n: f"{n} now", count, shown)
    page.goto(serve(demo))
    page.get_by_role("button", name="More").click()
    expect(page.get_by_label("Told")).to_have_value("1 now")


def test_markdown_sets_tables_code_and_formulas(serve: Serve, page: Page) -> None:
    text = "# Title\n\n|a|b|\n|-|-|\n|1|2|\n\n- [x] done\n\n```python\ndef f(): ...\n```\n\n$$\\frac{1}{2}$$"
    with gr.Blocks() as demo:
        gr.Markdown(text, elem_id="doc", elem_classes="mine")
    page.goto(serve(demo))
    expect(page.get_by_role("heading", name="Title")).to_be_visible()
    expect(page.locator("#doc.mine .markdown td")).to_have_text(["1", "2"])
    expect(page.get_by_role("checkbox")).to_be_disabled()
    expect(page.locator("code .hljs-keyword")).to_have_text("def")
    expect(page.get_by_test_id("markdown").locator("math mfrac")).to_be_attached()


def test_libraries_come_only_where_they_are_needed(serve: Serve, page: Page) -> None:
    with gr.Blocks() as demo:
        text = gr.Textbox(label="Text")
        out = gr.Markdown()
        text.submit(lambda t: t, text, out)
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(serve(demo))
    for given, drawn, library in (
        ("`code`", "code", ""),
        ("```json\n{}\n```", "code.hljs", "languages-"),
        ("$$x$$", "math", "katex-"),
    ):
        page.get_by_label("Text").evaluate("(field, text) => { field.value = text }", given)
        page.get_by_label("Text").dispatch_event("input")
        page.get_by_label("Text").press("Enter")
        expect(page.locator(f".md {drawn}")).to_be_attached()
        heavy = [url for url in asked if "languages-" in url or "katex-" in url]
        assert library in heavy[-1] if library else not heavy


def test_markdown_streams_and_copies(serve: Serve, page: Page) -> None:
    def tell() -> Iterator[str]:
        for end in range(1, 6):
            yield "# Told\n\n" + "word " * end

    with gr.Blocks() as demo:
        out = gr.Markdown(show_copy_button=True)
        gr.Button("Tell").click(tell, None, out)
        received = gr.Textbox(label="Heard")
        out.copy(copied, None, received)
    page.goto(serve(demo))
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.get_by_role("button", name="Tell").click()
    expect(page.locator(".md p")).to_have_text("word word word word word")
    page.get_by_role("button", name="Copy").click()
    expect(page.get_by_label("Heard")).to_have_value("# Told\n\nword word word word word ")


def copied(event: gr.EventData) -> str:
    return str(event.value)


@pytest.mark.parametrize("kind", [gr.Markdown, gr.HTML])
def test_change_is_raised_once(serve: Serve, page: Page, kind: Any) -> None:
    with gr.Blocks() as demo:
        out, count, seen = kind("a"), gr.Number(0, label="Changes"), gr.State(0)
        gr.Button("Set").click(lambda: "b", None, out)
        out.change(lambda n: (n + 1, n + 1), seen, [seen, count])
    page.goto(serve(demo))
    page.get_by_role("button", name="Set").click()
    expect(page.get_by_label("Changes")).to_have_value("1")
    page.get_by_role("button", name="Set").click()
    expect(page.get_by_label("Changes")).to_have_value("1")


def test_html_is_raw_and_tells_clicks(serve: Serve, page: Page) -> None:
    with gr.Blocks() as demo:
        box, received = gr.HTML("<p id='raw'>press</p>"), gr.Textbox(label="Heard")
        box.click(lambda: "clicked", None, received)
    page.goto(serve(demo))
    page.locator("#raw").click()
    expect(page.get_by_label("Heard")).to_have_value("clicked")


def test_json_folds_by_keyboard(serve: Serve, page: Page) -> None:
    with gr.Blocks() as demo:
        gr.JSON({"outer": {"inner": [1, 2]}}, label="Data")
    page.goto(serve(demo))
    tree = page.get_by_test_id("json")
    expect(tree).to_contain_text('"inner"')
    fold = tree.locator("summary").nth(1)
    fold.focus()
    fold.press("Enter")
    expect(tree).not_to_contain_text('"inner"')
    expect(tree).to_contain_text("1 item")
    fold.press("Space")
    expect(tree).to_contain_text('"inner"')


def test_label_tells_which_class_was_chosen(serve: Serve, page: Page) -> None:
    def chosen(event: gr.SelectData) -> str:
        return f"{event.index} {event.value}"

    with gr.Blocks() as demo:
        label, received = gr.Label({"cat": 0.9, "dog": 0.1}), gr.Textbox(label="Heard")
        label.select(chosen, None, received)
    page.goto(serve(demo))
    expect(page.get_by_test_id("label-output-value")).to_have_text("cat")
    page.get_by_test_id("dog-confidence-set").press("Enter")
    expect(page.get_by_label("Heard")).to_have_value("1 dog")


def test_t15_t16_hostile_text_never_runs_nor_restyles(serve: Serve, page: Page, complaints: list[str]) -> None:
    with gr.Blocks() as demo:
        pick = gr.Number(label="Number")
        outs = [
            gr.Markdown(latex_delimiters=[{"left": "$$", "right": "$$", "display": True}]),
            gr.JSON(), gr.Label(), gr.Textbox(label="Box"), gr.Button("B"),
        ]  # fmt: skip
        pick.submit(hostile, pick, outs, api_name="hostile")
    page.goto(serve(demo))
    for number, evil in enumerate(CORPUS):
        page.get_by_label("Number").fill(str(number))
        page.get_by_label("Number").press("Enter")
        expect(page.get_by_label("Box")).to_have_value(f"{number}: {evil}".replace("\r", ""))
    _still_ours(page, complaints)


def hostile(number: int) -> list[Any]:
    evil = CORPUS[int(number)]
    return [evil, {evil: [evil]}, {evil: 0.5}, f"{int(number)}: {evil}", evil]


def test_t15_html_never_runs_scripts(serve: Serve, page: Page, complaints: list[str]) -> None:
    """Raw markup is the author's, but the policy stops what would run, and nothing redirects the page."""
    with gr.Blocks() as demo:
        out, received = gr.HTML(), gr.Textbox(label="Box")
        pick = gr.Number(label="Number")
        pick.submit(lambda n: (CORPUS[int(n)], str(int(n))), pick, [out, received])
    page.goto(serve(demo))
    for number in range(len(CORPUS)):
        page.get_by_label("Number").fill(str(number))
        page.get_by_label("Number").press("Enter")
        expect(page.get_by_label("Box")).to_have_value(str(number))
    _still_ours(page, complaints)


def _still_ours(page: Page, complaints: list[str]) -> None:
    """Nothing ran; all that the browser complained of is what the policy refused, and pictures named x."""
    assert page.evaluate("window.pwned") is None
    assert page.evaluate("document.querySelectorAll('head base, .gradio-container base').length") == 0
    expect(page.get_by_label("Number")).to_be_visible()
    assert page.evaluate("getComputedStyle(document.querySelector('.gradio-container')).display") != "none"
    expected = ("violates the following Content Security Policy directive", "404 (Not Found)", "host: javascript:")
    complaints[:] = [each for each in complaints if not any(text in each for text in expected)]
