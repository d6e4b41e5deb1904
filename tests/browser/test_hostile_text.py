"""T15, T16 where texts show up beside a component's value: toasts, errors, labels, infos, choices, file names."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

import blocks_app as gr

CORPUS: list[str] = json.loads((Path(__file__).parents[1] / "xss_corpus.json").read_text())
#: What the browser logs because the policy refused it, or because a picture in the text is not there.
REFUSED = ("violates the following Content Security Policy directive", "404 (Not Found)", "host: javascript:")


def untouched(page: Page, complaints: list[str], expected: tuple[str, ...] = REFUSED) -> None:
    """Nothing ran, nothing was redirected, the page can still be used."""
    assert page.evaluate("window.pwned") is None
    assert page.evaluate("document.querySelectorAll('head base, .gradio-container base').length") == 0
    assert page.evaluate("document.querySelectorAll('.gradio-container iframe, .gradio-container object').length") == 0
    expect(page.locator(".gradio-container")).to_be_visible()
    complaints[:] = [each for each in complaints if not any(text in each for text in expected)]


def test_labels_infos_and_choices(serve, page: Page, complaints) -> None:
    with gr.Blocks() as demo:
        for number, evil in enumerate(CORPUS):
            gr.Textbox(label=evil, info=evil, placeholder=evil)
            gr.Radio([evil, f"other {number}"], label=evil, info=evil)
            gr.Dropdown([evil], label=evil)
            gr.CheckboxGroup([evil], label=evil)
            gr.Checkbox(label=evil, info=evil)
            gr.Button(evil)
            gr.Slider(label=evil, info=evil)
    page.goto(serve(demo))
    expect(page.get_by_label("other 0")).to_be_attached()
    expect(page.get_by_label(f"other {len(CORPUS) - 1}")).to_be_attached()
    page.get_by_role("combobox").first.click()
    untouched(page, complaints)


def test_toasts_and_errors(serve, page: Page, complaints) -> None:
    def tell(number: int) -> str:
        evil = CORPUS[int(number)]
        gr.Info(evil)
        gr.Warning(evil)
        return f"told {int(number)}"

    def fail(number: int) -> None:
        raise gr.Error(CORPUS[int(number)])

    with gr.Blocks() as demo:
        number, out = gr.Number(label="Number"), gr.Textbox(label="Box")
        number.submit(tell, number, out)
        gr.Button("Fail").click(fail, number, out)
    page.goto(serve(demo))
    for index in range(len(CORPUS)):
        page.get_by_label("Number").fill(str(index))
        page.get_by_label("Number").press("Enter")
        expect(page.get_by_label("Box")).to_have_value(f"told {index}")
        page.get_by_role("button", name="Fail").click()
        expect(page.get_by_test_id("toast-body").first).to_be_visible()
    untouched(page, complaints, (*REFUSED, "console: "))


@pytest.mark.parametrize(
    "name", ['"><img src=x onerror=pwned=1>.txt', "<script>pwned=1</script>.svg", "javascript:pwned=1.html"]
)
def test_names_of_files(serve, page: Page, complaints, name: str) -> None:
    with gr.Blocks() as demo:
        given, shown = gr.File(label="Given"), gr.File(label="Shown")
        given.upload(lambda file: file, given, shown)
    page.goto(serve(demo))
    page.locator("input[type=file]").first.set_input_files({"name": name, "mimeType": "text/plain", "buffer": b"x"})
    expect(page.locator(".gradio-container a[download], .gradio-container a[href*='file=']").first).to_be_visible()
    for link in page.locator(".gradio-container a[href*='file=']").all():
        assert str(link.get_attribute("href")).startswith(("http", "/"))
    untouched(page, complaints)
