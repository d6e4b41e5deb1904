"""The tree: where blocks land, how they are numbered, what is refused."""

from __future__ import annotations

import pytest

import blocks_app as gr
from blocks_app.exceptions import DuplicateBlockError, UnknownOptionError


def kinds(container):
    return [child.get_block_name() for child in container.children]


def test_blocks_made_inside_a_container_are_its_children():
    with gr.Blocks() as demo, gr.Row() as row:
        button = gr.Button("Run")
    assert button.parent is row
    assert kinds(demo) == ["row"]


def test_neighbouring_inputs_share_a_form_and_a_button_ends_it():
    with gr.Blocks() as demo:
        gr.Textbox()
        gr.Number()
        gr.Button()
        gr.Textbox(container=False)
    assert kinds(demo) == ["form", "button", "textbox"]
    assert kinds(demo.children[0]) == ["textbox", "number"]


def test_a_form_in_a_row_adds_up_the_scales_and_widths_of_its_children():
    with gr.Blocks(), gr.Row() as row:
        gr.Textbox(scale=2, min_width=100)
        gr.Number(min_width=50)
    form = row.children[0]
    assert (form.scale, form.min_width) == (3, 150)


def test_a_tab_outside_tabs_gets_them():
    with gr.Blocks() as demo:
        with gr.Tab("One"):
            gr.Markdown("1")
        with gr.Tab("Two"):
            gr.Markdown("2")
    assert kinds(demo) == ["tabs"]
    assert kinds(demo.children[0]) == ["tabitem", "tabitem"]


def test_ids_are_the_same_in_every_process():
    def build():
        with gr.Blocks() as demo:
            with gr.Row():
                gr.Textbox()
            gr.Button()
        return list(demo.blocks)

    assert build() == build() == list(range(len(build())))


def test_a_block_rendered_later_stands_where_it_is_rendered():
    box = gr.Textbox(label="Late")
    with gr.Blocks() as demo:
        gr.Button()
        box.render()
    assert demo.blocks[box._id] is box
    assert kinds(demo) == ["button", "form"]


def test_rendering_twice_is_refused():
    with gr.Blocks():
        button = gr.Button()
        with pytest.raises(DuplicateBlockError, match="has already been rendered in the current Blocks"):
            button.render()


def test_unrender_takes_a_block_out():
    with gr.Blocks() as demo:
        button = gr.Button()
        button.unrender()
    assert demo.children == []
    assert button._id not in demo.blocks


def test_a_finished_blocks_moves_in_with_its_listeners():
    with gr.Blocks() as inner:
        box = gr.Textbox()
        first = box.change(lambda x: x, box, box, api_name="again")
        first.then(lambda: None, cancels=[first])
    with gr.Blocks() as outer:
        gr.Button().click(lambda: None, api_name="again")
        with gr.Tab("Inner"):
            inner.render()
    assert [each.api_name for each in outer.dependencies.values()][:2] == ["again", "again_1"]
    moved = list(outer.dependencies.values())
    assert moved[2].trigger_after == moved[1].id
    assert moved[3].cancels == (moved[1].id,)
    assert len(set(outer.blocks)) == len(outer.blocks)


def test_nested_with_merges_into_the_outer_blocks():
    with gr.Blocks() as outer:
        with gr.Blocks():
            button = gr.Button()
            button.click(lambda: None)
    assert len(outer.dependencies) == 1
    assert outer.blocks[button._id] is button


def test_an_error_inside_with_leaves_no_open_context():
    with pytest.raises(ZeroDivisionError), gr.Blocks(), gr.Row():
        1 / 0
    assert gr.Button()._root is None


def test_an_unknown_option_names_the_nearest_one():
    with pytest.raises(UnknownOptionError, match="Textbox.*'lable'.*Did you mean 'label'"):
        gr.Textbox(lable="Name")


def test_a_callable_value_is_asked_at_construction_and_at_each_load():
    with gr.Blocks() as demo:
        box = gr.Textbox(lambda: "now")
    (load,) = demo.dependencies.values()
    assert box.value == "now"
    assert [(target.block, target.event) for target in load.targets] == [(demo, "load")]
    assert load.outputs == (box,)


def test_a_component_made_in_a_call_is_rendered_there():
    with gr.Blocks() as demo:
        gr.Button().click(lambda x: x, gr.Textbox(), gr.Textbox())
    assert kinds(demo) == ["button", "form"]
