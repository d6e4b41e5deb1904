"""Layouts in Python: options, the tree they make, frames that insert themselves, events."""

from __future__ import annotations

import inspect
from typing import Any

import pytest

import blocks_app as gr
from blocks_app.exceptions import UnknownOptionError
from blocks_app.layouts import Form
from blocks_app.tree.block import Block, option_names
from queue_app.testing import PageUser

SHARED = {"visible", "elem_id", "elem_classes", "render"}
OPTIONS: dict[type[Block], set[str]] = {
    gr.Row: {"variant", "equal_height", "show_progress", "scale", "height", "max_height", "min_height"},
    gr.Column: {"scale", "min_width", "variant", "show_progress"},
    gr.Group: set(),
    gr.Tabs: {"selected", "overflow_behavior"},
    gr.Tab: {"label", "interactive", "id", "alignment", "scale", "height", "max_height", "render_children"},
    gr.Accordion: {"label", "open", "height", "max_height"},
    gr.Walkthrough: {"selected"},
    gr.Step: {"label", "interactive", "id", "scale"},
    gr.Draggable: {"orientation"},
    gr.Sidebar: {"label", "open", "width", "position"},
}
#: Values of options that are checked when they are given.
CHECKED: dict[str, Any] = {"scale": 3, "position": "right", "orientation": "row"}
DEFAULTS = [
    (gr.Row, {"variant": "default", "equal_height": True, "show_progress": False, "name": "row"}),
    (gr.Column, {"scale": 1, "min_width": 320, "variant": "default", "show_progress": False, "name": "column"}),
    (gr.Group, {"name": "group"}),
    (gr.Tabs, {"name": "tabs"}),
    (gr.Tab, {"interactive": True, "name": "tabitem"}),
    (gr.Accordion, {"open": True, "name": "accordion"}),
    (gr.Walkthrough, {"name": "walkthrough"}),
    (gr.Step, {"interactive": True, "name": "walkthroughstep"}),
    (gr.Draggable, {"orientation": "column", "name": "draggable"}),
    (gr.Sidebar, {"open": True, "width": 320, "position": "left", "name": "sidebar"}),
]


def test_tab_item_is_tab() -> None:
    assert gr.TabItem is gr.Tab


@pytest.mark.parametrize("layout", OPTIONS)
def test_options(layout: type[Block]) -> None:
    assert OPTIONS[layout] | SHARED <= option_names(layout)
    with pytest.raises(UnknownOptionError, match="colour"):
        layout(colour="red")  # type: ignore[call-arg]


@pytest.mark.parametrize(("layout", "expected"), DEFAULTS)
def test_props_with_defaults(layout: type[Block], expected: dict[str, object]) -> None:
    props = layout().props()
    assert expected.items() <= props.items()
    assert props["visible"] is True


@pytest.mark.parametrize("layout", OPTIONS)
def test_every_own_option_reaches_the_page(layout: type[Block]) -> None:
    own = [name for name in inspect.signature(layout.__init__).parameters if name not in ("self", "options")]
    values = {name: CHECKED.get(name, f"/{name}/") for name in own}
    props = layout(**values, elem_id="box", elem_classes="one").props()
    assert values.items() <= props.items()
    assert (props["elem_id"], props["elem_classes"]) == ("box", ["one"])


def test_children_in_order_and_nested() -> None:
    with gr.Blocks() as demo, gr.Row() as row:
        with gr.Column() as left:
            text = gr.Markdown("a")
        with gr.Column() as right:
            pass
    assert demo.children == [row]
    assert row.children == [left, right]
    assert left.children == [text]


def test_tabs_are_put_around_neighbouring_tabs() -> None:
    with gr.Blocks() as demo:
        with gr.Tab("A") as first:
            pass
        with gr.Tab("B") as second:
            pass
        gr.Markdown("between")
        with gr.Tab("C") as third:
            pass
    one, _, other = demo.children
    assert isinstance(one, gr.Tabs) and isinstance(other, gr.Tabs)
    assert (one.children, other.children) == ([first, second], [third])


def test_a_walkthrough_is_put_around_neighbouring_steps() -> None:
    with gr.Blocks() as demo:
        with gr.Step("A") as first:
            pass
        with gr.Step("B") as second:
            pass
    assert isinstance(demo.children[0], gr.Walkthrough)
    assert demo.children[0].children == [first, second]


def test_inputs_can_be_dragged_one_by_one() -> None:
    with gr.Blocks(), gr.Draggable() as draggable:
        gr.Textbox()
        gr.Number()
    assert [type(child).__name__ for child in draggable.children] == ["Textbox", "Number"]


def test_tabs_written_out_are_left_alone() -> None:
    with gr.Blocks() as demo, gr.Tabs(selected="b") as tabs:
        with gr.Tab("A"):
            pass
        with gr.Tab("B", id="b"):
            pass
    assert demo.children == [tabs]
    assert len(tabs.children) == 2


def test_form_in_a_row_takes_the_sums() -> None:
    with gr.Blocks() as demo, gr.Row():
        gr.Textbox(scale=2, min_width=100)
        gr.Number(min_width=50)
    form = demo.children[0].children[0]
    assert isinstance(form, Form)
    assert (form.scale, form.min_width) == (3, 150)


def test_form_of_hidden_inputs_is_hidden() -> None:
    with gr.Blocks() as demo:
        gr.Textbox(visible=False)
        gr.Number(visible=False)
    assert demo.children[0].visible is False


def test_other_blocks_and_bare_inputs_end_a_form() -> None:
    with gr.Blocks() as demo:
        gr.Textbox()
        gr.Textbox()
        gr.Button()
        gr.Textbox()
        bare = gr.Textbox(container=False)
    kinds = [type(child).__name__ for child in demo.children]
    assert kinds == ["Form", "Button", "Form", "Textbox"]
    assert demo.children[-1] is bare


@pytest.mark.parametrize("layout", [gr.Row, gr.Column])
def test_compact_does_not_frame_inputs(layout: type[gr.Row | gr.Column]) -> None:
    with gr.Blocks(), layout(variant="compact") as box:
        text = gr.Textbox()
    assert box.children == [text]


def test_fractional_scale_warns() -> None:
    with pytest.warns(UserWarning, match="'scale' value should be an integer. Using 1.5 will cause issues."):
        gr.Column(scale=1.5)  # type: ignore[arg-type]


def test_events() -> None:
    with gr.Blocks() as demo:
        with gr.Tabs() as tabs, gr.Tab("A") as tab:
            pass
        with gr.Accordion("More") as more:
            pass
        tabs.change(lambda: None)
        tabs.select(lambda: None)
        tab.select(lambda: None)
        more.expand(lambda: None)
        more.collapse(lambda: None)
    assert tab.props()["_selectable"] is tabs.props()["_selectable"] is True
    assert [target.event for fn in demo.fns.values() for target in fn.targets] == [
        "change",
        "select",
        "select",
        "expand",
        "collapse",
    ]


def test_update_of_a_layout_in_a_function() -> None:
    with gr.Blocks() as demo:
        tabs = gr.Tabs(selected=1)
        button = gr.Button()
        button.click(lambda: gr.Tabs(selected=2), None, tabs)
    with PageUser(demo) as user:
        user.click(button)
        assert user.prop(tabs, "selected") == 2
