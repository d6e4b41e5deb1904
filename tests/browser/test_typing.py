"""Writing while answers come: the caret, input methods, and what was typed since a function was asked."""

from __future__ import annotations

import threading

from playwright.sync_api import Page, expect

import blocks_app as gr

#: Waits for the module that is loaded when somebody goes into a field, which a person's first key comes after.
LOADED = """async () => {
  const find = () => performance.getEntriesByType("resource").find(({name}) => /typing-[^/]*\\.js/.test(name));
  while (!find()) await new Promise(requestAnimationFrame);
  await import(find().name);
}"""


def test_a_field_that_its_listener_rewrites_keeps_the_caret(serve, page: Page) -> None:
    with gr.Blocks() as demo:
        for lines in (1, 3):
            box = gr.Textbox(label=f"Lines {lines}", lines=lines)
            box.change(str.upper, box, box, show_progress="hidden")
    page.goto(serve(demo))
    for lines in (1, 3):
        field = page.get_by_label(f"Lines {lines}")
        field.fill("held")
        expect(field).to_have_value("HELD")
        field.press("Home")
        field.press("ArrowRight")
        page.keyboard.type("xy")
        expect(field).to_have_value("HXYELD")
        assert field.evaluate("field => field.selectionStart") == 3


def test_a_slow_answer_does_not_take_what_was_typed_since(serve, page: Page) -> None:
    go = threading.Event()

    def clear(text: str) -> str:
        go.wait(20)
        return ""

    with gr.Blocks() as demo:
        box = gr.Textbox(label="Message")
        sent = gr.Textbox(label="Sent")
        box.submit(lambda text: text, box, sent).then(clear, box, box)
    page.goto(serve(demo))
    field = page.get_by_label("Message")
    field.fill("first")
    field.press("Enter")
    expect(page.get_by_label("Sent")).to_have_value("first")
    page.wait_for_function("document.querySelector('gr-textbox .wrap, gr-textbox [data-testid=status-tracker]')")
    page.keyboard.type(" second")
    go.set()
    expect(field).to_have_value(" second")


def test_an_input_method_composes_while_the_listener_rewrites(serve, page: Page) -> None:
    with gr.Blocks() as demo:
        box, sent = gr.Textbox(label="Name"), gr.Textbox(label="Sent")
        box.change(lambda text: f"{text.rstrip('!')}!" if text else "", box, box, show_progress="hidden")
        box.submit(lambda text: text, box, sent)
    page.goto(serve(demo))
    field = page.get_by_label("Name")
    field.focus()
    page.evaluate(LOADED)
    method = page.context.new_cdp_session(page)
    script = "window.heard = []; addEventListener('gr-event', ({detail}) => heard.push(detail.name), true)"
    page.evaluate(script)
    for text in ("k", "か", "かn", "かん"):
        method.send("Input.imeSetComposition", {"text": text, "selectionStart": len(text), "selectionEnd": len(text)})
        page.wait_for_timeout(150)  # answers come meanwhile
        assert field.input_value() == text
    for kind, key in ((229, "Enter"),):
        method.send("Input.dispatchKeyEvent", {"type": "rawKeyDown", "windowsVirtualKeyCode": kind, "key": key})
    method.send("Input.insertText", {"text": "漢"})
    expect(field).to_have_value("漢!")
    assert "submit" not in page.evaluate("heard")
    field.press("Enter")
    expect(page.get_by_label("Sent")).to_have_value("漢!")
