"""gr.render in a real page: rows that come and go, focus, scripts, progress and keyboard."""

from __future__ import annotations

from playwright.sync_api import Page, expect

import blocks_app as gr


def rows() -> gr.Blocks:
    """A field per word; what is typed there is seen outside, and each has a script of its own."""
    with gr.Blocks() as demo:
        words = gr.Textbox("one two", label="Words")
        output = gr.Textbox(label="Said")

        @gr.render(inputs=words)
        def show(text):
            for word in text.split():
                with gr.Row():
                    box = gr.Textbox(label=word, key=word)
                    button = gr.Button(f"Say {word}")
                box.change(lambda text, word=word: f"{word}: {text}", box, output)
                button.click(None, box, output, js="(text) => `script ${text}`;")
            with gr.Accordion("More", open=False):
                gr.Markdown("Hidden *words*")

    return demo


def test_rows_come_and_go_and_keep_what_was_typed(page: Page, serve, axe):
    page.goto(serve(rows()))
    page.get_by_label("one", exact=True).fill("typed")
    expect(page.get_by_label("Said")).to_have_value("one: typed")
    page.get_by_label("Words").fill("three one")
    expect(page.get_by_label("three", exact=True)).to_be_visible()
    expect(page.get_by_label("two", exact=True)).to_have_count(0)
    expect(page.get_by_label("one", exact=True)).to_have_value("typed")
    expect(page.get_by_label("Words")).to_be_focused()
    page.get_by_role("button", name="Say one").press("Enter")
    expect(page.get_by_label("Said")).to_have_value("script typed")
    page.get_by_role("button", name="More").press("Enter")
    expect(page.locator("em", has_text="words")).to_be_visible()
    axe(page)


def test_the_field_that_causes_a_new_drawing_keeps_focus_and_caret(page: Page, serve):
    with gr.Blocks() as demo:
        kept = gr.State("")

        @gr.render(inputs=kept)
        def show(text):
            gr.Markdown(f"So far: {text}")
            with gr.Row():
                box = gr.Textbox(label="Type", key="box")
            box.input(lambda text: text, box, kept, trigger_mode="always_last")

    page.goto(serve(demo))
    page.get_by_label("Type").press_sequentially("hello", delay=50)
    expect(page.get_by_text("So far: hello")).to_be_visible()
    expect(page.get_by_label("Type")).to_be_focused()
    expect(page.get_by_label("Type")).to_have_value("hello")


def test_a_button_in_the_corner_of_a_field_works_before_and_after_a_new_drawing(page: Page, serve):
    with gr.Blocks() as demo:
        words, output = gr.Textbox("one", label="Words"), gr.Textbox(label="Said")

        @gr.render(inputs=words)
        def show(text):
            tool = gr.Button(f"Say {text}")
            gr.Textbox(label="Field", key="field", buttons=[tool])
            tool.click(lambda: text, None, output)

    page.goto(serve(demo))
    page.get_by_role("button", name="Say one").click()
    expect(page.get_by_label("Said")).to_have_value("one")
    page.get_by_label("Words").fill("two")
    page.get_by_role("button", name="Say two").click()
    expect(page.get_by_label("Said")).to_have_value("two")
    expect(page.get_by_role("button", name="Say one")).to_have_count(0)


def test_after_a_reload_the_part_is_there_again(page: Page, serve):
    page.goto(serve(rows()))
    page.get_by_label("one", exact=True).fill("typed")
    page.reload()
    expect(page.get_by_label("two", exact=True)).to_have_value("")
    page.get_by_label("two", exact=True).fill("new")
    expect(page.get_by_label("Said")).to_have_value("two: new")
