"""ClearButton: empties components in the page, and States on the server."""

from __future__ import annotations

import pytest

import blocks_app as gr


def test_it_is_a_button_in_the_page() -> None:
    assert gr.ClearButton().get_block_name() == "button"
    assert gr.ClearButton().value == "Clear"


def test_components_are_emptied_by_a_script() -> None:
    with gr.Blocks() as demo:
        text, number, picks = gr.Textbox(), gr.Slider(2, 9), gr.CheckboxGroup(["a"])
        gr.ClearButton([text, number, picks])
    (listener,) = demo.dependencies.values()
    assert listener.fn is None
    assert listener.js == "() => [null,2,[]]"
    assert listener.outputs == (text, number, picks)
    assert listener.visibility == "undocumented"


def test_a_state_gets_its_initial_value_by_a_second_listener() -> None:
    with gr.Blocks() as demo:
        text, first, second = gr.Textbox(), gr.State([1]), gr.State(2)
        gr.ClearButton([text, first, second])
    page, server = demo.dependencies.values()
    assert page.outputs == (text,)
    assert server.outputs == (first, second)
    assert server.fn is not None
    fresh = server.fn()
    assert fresh == [[1], 2]
    assert fresh[0] is not first.value


def test_add_empties_more() -> None:
    with gr.Blocks() as demo:
        button = gr.ClearButton()
        assert button.add(gr.Textbox()) is button
        button.add([gr.Number()])
    assert [each.js for each in demo.dependencies.values()] == ["() => [null]", "() => [null]"]


def test_rendered_later_it_listens_later() -> None:
    with gr.Blocks() as demo:
        button = gr.ClearButton(gr.Textbox(), render=False)
        assert not demo.dependencies
        button.render()
    assert len(demo.dependencies) == 1


def test_its_endpoint_can_be_named() -> None:
    with gr.Blocks() as demo:
        gr.ClearButton(gr.Textbox(), api_name="wipe", show_api=True)
    assert demo.dependencies[0].api_name == "wipe"


def test_what_is_no_component_is_refused() -> None:
    with pytest.raises(gr.exceptions.DeclarationError, match="ClearButton empties components"):
        gr.ClearButton(["text"])  # type: ignore[list-item]


def test_the_page_gets_none_of_its_components() -> None:
    assert "components" not in gr.ClearButton([gr.Textbox()]).props()


def test_a_long_number_keeps_its_digits_in_the_script() -> None:
    with gr.Blocks() as demo:
        slider = gr.Slider(2**60 + 1, 2**61)
        gr.ClearButton(slider)
    assert [each.js for each in demo.dependencies.values()] == [f"() => [{2**60 + 1}n]"]
