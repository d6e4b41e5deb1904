"""Markdown that somebody else wrote: it looks as it likes in its place, and never covers or imitates the page."""

from __future__ import annotations

from playwright.sync_api import Page, expect

import blocks_app as gr

COVERS = [
    '<div style="position:fixed;inset:0;background:red">x</div>',
    '<div style="position:absolute;top:-900px;left:-900px;width:9000px;height:9000px;background:red">x</div>',
    '<div style="transform:scale(60);background:red">x</div>',
    '<div style="transform:translate(0,-300px);height:900px;background:red">x</div>',
    '<div style="translate:0 -300px;height:900px;background:red">x</div>',
    '<div style="scale:50;background:red">x</div>',
    '<div style="zoom:50;margin-top:-50px;background:red">x</div>',
    '<div style="margin:-900px;padding:900px;background:red">x</div>',
    '<div style="margin-top:calc(1px - 900px);padding-bottom:900px;background:red">x</div>',
    '<div style="float:left;width:100%;height:9000px;background:red">x</div>',
    '<img style="float:left" width="9000" height="9000" src="data:image/gif;base64,R0lGODlhAQABAAAAACw=">',
    '<svg style="overflow:visible" width="1" height="1"><rect x="-900" y="-900" width="9000" height="9000"/></svg>',
    '<svg overflow="visible" width="1" height="1"><circle r="9000"/></svg>',
    '<p style="text-shadow:0 -100px 0 red;font-size:900px;line-height:0">X</p>',
    '<p style="box-shadow:0 0 0 9000px red;outline:9000px solid red">x</p>',
    '<div style="columns:2;column-gap:-900px;text-indent:-900px;letter-spacing:900px">xx</div>',
    '<math><mpadded voffset="900px" height="0"><mspace width="9000px" height="9000px"/></mpadded></math>',
    '<div class="toast-wrap"><div class="toast-body error">Your session ended</div></div>',
    '<div class="gradio-container" id="blocks-root"><div class="block hide">x</div></div>',
    '<table style="position:sticky;top:0;z-index:99"><tr><td height="9000" style="background:red">x</td></tr></table>',
    "# " + "Ω̸" + "\u0338\u0337\u0336" * 300,
]

TRY = """async (text) => {
    const block = document.querySelector("gr-markdown");
    block.receive(text);
    await block.updateComplete;
    await block.drawn;
    await new Promise(requestAnimationFrame);
    const seen = [...document.querySelectorAll("gr-button button")].map((button) => {
        button.scrollIntoView({block: "center", behavior: "instant"});
        const {left, top, width, height} = button.getBoundingClientRect();
        return [[8, 8], [width / 2, height / 2], [width - 8, height - 8]].every(([x, y]) =>
            button.contains(document.elementFromPoint(left + x, top + y)));
    });
    const classes = [...block.querySelectorAll(".md *")].map((each) => each.getAttribute("class") ?? "");
    return [seen.every(Boolean), classes.join(" ").match(/toast|gradio|block|hide/)];
}"""


def test_nothing_covers_what_stands_around_it(serve, page: Page) -> None:
    with gr.Blocks() as demo:
        gr.Button("Above")
        with gr.Row():
            gr.Button("Before", scale=0)
            gr.Markdown("**text**<br>")
            gr.Button("After", scale=0)
        gr.Button("Below")
    page.goto(serve(demo))
    expect(page.locator(".md strong")).to_be_visible()
    for text in COVERS:
        assert page.evaluate(TRY, text) == [True, None], text


def test_a_text_cannot_press_keys_or_labels_of_the_page(serve, page: Page) -> None:
    with gr.Blocks() as demo:
        tick = gr.Checkbox(label="Delete all", interactive=True, elem_id="tick")
        gr.Markdown('<label for="tick-input">press</label> <a href="#tick" id="tick-input" tabindex="1">here</a>')
        gr.Button("Go").click(lambda on: None, tick)
    page.goto(serve(demo))
    page.locator(".md").get_by_text("press").click()
    expect(page.get_by_label("Delete all")).not_to_be_checked()
    assert page.evaluate("document.getElementById('tick-input').localName") == "input"


def test_what_apps_write_keeps_its_look(serve, page: Page) -> None:
    text = '<div class="mine" style="color: rgb(1, 2, 3); text-align: center" id="chapter">x</div>\n\n[up](#chapter)'
    with gr.Blocks(css=".mine { font-weight: 900 }") as demo:
        gr.Markdown(text)
    page.goto(serve(demo))
    look = page.locator("#chapter").evaluate(
        "each => ['color', 'textAlign', 'fontWeight'].map((name) => getComputedStyle(each)[name])"
    )
    assert look == ["rgb(1, 2, 3)", "center", "900"]
