"""Which elements may come later: those that nobody sees before the visitor does something."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

import blocks_app as gr
from blocks_app.page.unseen import unseen

CORE = "/assets/main.js"


def later(demo: gr.Blocks) -> list[str]:
    """Labels, or else the names, of blocks whose elements may come later; a Textbox travels with the core."""

    def module(block: Any) -> str | None:
        if isinstance(block, gr.State):
            return None
        return CORE if isinstance(block, gr.Textbox) else getattr(block, "module", "") or "/assets/other.js"

    blocks = {number: block for number, block in demo.blocks.items() if block is not demo}
    config = {"components": [{"id": number, "module": module(block)} for number, block in blocks.items()]}
    found = [blocks[number] for number in unseen(demo, config, CORE)]
    return [getattr(block, "label", None) or block.get_block_name() for block in found]


def tabs(**options: Any) -> None:
    with gr.Tabs(**options):
        with gr.Tab("A", id="a"):
            gr.Number(label="in A")
        with gr.Tab("B", id="b"), gr.Row():
            gr.Number(label="in B")
        with gr.Tab("C"):
            gr.Number(label="in C")


def steps(**options: Any) -> None:
    with gr.Walkthrough(**options):
        with gr.Step("A", id=1, interactive=False):
            gr.Number(label="in A")
        with gr.Step("B", id=2):
            gr.Number(label="in B")


def hidden_first_tab() -> None:
    with gr.Tab("A", visible=False):
        gr.Number(label="in A")
    with gr.Tab("B", interactive=False):
        gr.Number(label="in B")
    with gr.Tab("C"):
        gr.Number(label="in C")


def kept_tab() -> None:
    with gr.Tab("A"):
        gr.Number(label="in A")
    with gr.Tab("B", render_children=True):
        gr.Number(label="in B")


def folded(**options: Any) -> None:
    with gr.Accordion("More", **options):
        gr.Number(label="inside")


def hidden() -> None:
    gr.Number(label="seen")
    gr.Number(label="hidden", visible=False)
    gr.Number(label="no box", visible="hidden")
    with gr.Column(visible=False), gr.Accordion("Open"):
        gr.Number(label="inside")


def inner_tabs() -> None:
    with gr.Tab("A"):
        tabs(selected="b")
    with gr.Tab("B"):
        tabs()


@pytest.mark.parametrize(
    ("declare", "expected"),
    [
        (tabs, ["in B", "in C"]),
        (lambda: tabs(selected="b"), ["in A", "in C"]),
        (lambda: tabs(selected=2), ["in A", "in B"]),
        (lambda: tabs(selected=0), ["in B", "in C"]),  # the first has an id of its own
        (lambda: tabs(selected="none"), ["in B", "in C"]),
        (hidden_first_tab, ["in A", "in B"]),
        (kept_tab, []),
        (steps, ["in B"]),
        (lambda: steps(selected=2), ["in A"]),
        (folded, []),
        (lambda: folded(open=False), ["inside"]),
        (hidden, ["hidden", "no box", "inside"]),
        (inner_tabs, ["in A", "in C", "in A", "in B", "in C"]),
    ],
)
def test_what_stands_in_a_closed_place_may_come_later(declare: Callable[[], None], expected: list[str]) -> None:
    with gr.Blocks() as demo:
        declare()
    assert later(demo) == expected


def test_what_acts_unseen_or_is_unknown_comes_at_once() -> None:
    class Foreign(gr.Number):
        module = "/static/elsewhere/foreign.js"

    with gr.Blocks() as demo, gr.Accordion(open=False):
        gr.Timer()
        gr.BrowserState()
        gr.State()
        gr.HTML("plain", label="plain")
        gr.HTML("acts", label="acts", js_on_load="trigger('ready')")
        Foreign(label="foreign")
        gr.Textbox(label="of the core")
    assert later(demo) == ["plain"]
