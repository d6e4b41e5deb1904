"""Whole numbers that JavaScript would round: every component shows and sends all their digits."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from playwright.sync_api import Page, expect

import blocks_app as gr

ID = 1798406481619217041
LONG = 2**64 + 3


def test_ids_keep_their_digits_in_every_component(page: Page, serve: Callable[..., str]) -> None:
    with gr.Blocks() as demo:
        seen = gr.Textbox(label="Seen")
        radio = gr.Radio([("first", ID), ("second", ID + 2)], value=ID + 2, label="Radio")
        several = gr.CheckboxGroup([("left", ID), ("right", ID + 2)], value=[ID], label="Several")
        drop = gr.Dropdown([("up", ID), ("down", LONG)], value=LONG, label="Drop")
        number = gr.Number(ID, label="Number")
        slider = gr.Slider(0, 2**65, LONG, step=1, label="Slide")
        data = gr.JSON({"id": [ID, LONG]}, label="Data")
        drawn = gr.HTML({"id": ID}, html_template="<b class='drawn'>${value.id}</b>")
        inputs = [radio, several, drop, number, slider, data]
        gr.Button("Send").click(lambda *given: repr(given), inputs, seen)
        gr.Button("Direct").click(lambda *given: f"direct {given}", inputs, seen, queue=False)
        gr.Button("Swap").click(lambda: gr.update(choices=[("third", LONG + 1)], value=LONG + 1), None, radio)
        shown = gr.Button("Draw")
        shown.click(lambda: ({"id": LONG}, {"id": LONG}), None, [data, drawn])
    page.goto(serve(demo))
    expected = repr((ID + 2, [ID], LONG, ID, LONG, {"id": [ID, LONG]}))
    for name, wanted in {"Send": expected, "Direct": f"direct {expected}"}.items():
        page.get_by_role("button", name=name, exact=True).click()
        expect(page.get_by_label("Seen", exact=True)).to_have_value(wanted)
    page.get_by_label("first", exact=True).click()
    page.get_by_label("right", exact=True).click()
    page.get_by_label("Number", exact=True).fill(str(-LONG))
    page.get_by_role("button", name="Draw").click()
    expect(page.locator(".drawn")).to_have_text(str(LONG))
    page.get_by_role("button", name="Send", exact=True).click()
    expected = repr((ID, [ID, ID + 2], LONG, -LONG, LONG, {"id": LONG}))
    expect(page.get_by_label("Seen", exact=True)).to_have_value(expected)
    page.get_by_role("button", name="Swap").click()
    expect(page.get_by_label("third", exact=True)).to_be_checked()


def test_scripts_pass_ids_on_and_yields_grow_them(page: Page, serve: Callable[..., str]) -> None:
    def grow() -> Iterator[Any]:
        yield {"ids": [ID]}
        yield {"ids": [ID, LONG]}

    with gr.Blocks() as demo:
        seen, number = gr.Textbox(label="Seen"), gr.Number(ID, label="Number")
        data = gr.JSON({"id": LONG})
        gr.Button("Same").click(repr, number, seen, js="(x) => x")
        gr.Button("Big").click(repr, number, seen, js="() => 2n ** 64n")
        gr.Button("Text").click(None, number, seen, js="(x) => 'id ' + x + `/${x}`")
        gr.Button("Inside").click(repr, data, seen, js="(x) => ({...x, more: [x.id]})")
        gr.Button("Grow").click(grow, None, data).then(repr, data, seen)
    page.goto(serve(demo))
    wanted = {
        "Same": str(ID),
        "Big": str(2**64),
        "Text": f"id {ID}/{ID}",
        "Inside": repr({"id": LONG, "more": [LONG]}),
        "Grow": repr({"ids": [ID, LONG]}),
    }
    for name, text in wanted.items():
        page.get_by_role("button", name=name).click()
        expect(page.get_by_label("Seen")).to_have_value(text)
