"""Mistakes in an app's source are told where they are made."""

from __future__ import annotations

import linecache
import warnings
from collections.abc import Callable
from typing import Any

import pytest

import blocks_app as gr
from queue_app.testing import PageUser


def told(declare: Callable[[], Any]) -> list[tuple[str, str]]:
    """What a declaration warns of, each with the line of this file that the warning names."""
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        declare()
    assert all(each.filename == __file__ for each in caught)
    return [(str(each.message), linecache.getline(__file__, each.lineno).strip()) for each in caught]


@pytest.mark.parametrize(
    ("call", "meant"),
    [
        (lambda: gr.Textbox(lable="x"), "Did you mean 'label'?"),
        (lambda: gr.Row(equal_heigth=True), "Did you mean 'equal_height'?"),
        (lambda: gr.Blocks(tilte="x"), "Did you mean 'title'?"),
        (lambda: gr.ChatInterface(str, exmples=[]), "Did you mean 'examples'?"),
        (lambda: gr.Button().click(str, output=None), "Did you mean 'outputs'?"),
        (lambda: gr.Button().click(str, conccurrency_limit=1), "Did you mean 'concurrency_limit'?"),
        (lambda: gr.on([], str, trigger_mod="once"), "Did you mean 'trigger_mode'?"),
        (lambda: gr.Button().click(str).then(str, api_nam="x"), "Did you mean 'api_name'?"),
        (lambda: gr.Button().click(str, zzz=1), "It takes: api_description, "),
    ],
)
def test_a_name_that_there_is_not_comes_with_the_one_that_was_meant(call: Callable[[], Any], meant: str) -> None:
    with gr.Blocks(), pytest.raises(TypeError) as refused:
        call()
    assert meant in str(refused.value)


def test_a_theme_that_there_is_not_is_told_where_it_is_named() -> None:
    for given, why in (("sofft", "Did you mean 'soft'?"), ("a/b", "Cannot load a/b"), (3, "not 3")):
        [(text, line)] = told(lambda: gr.Blocks(theme=given))  # noqa: B023
        assert why in text and "gr.Blocks(theme=given)" in line
    assert told(lambda: gr.Blocks(theme="SOFT")) == []


def a_page_with_a_stranger() -> gr.Blocks:
    stranger, late = gr.Textbox(label="Stranger"), gr.Textbox(render=False)
    with gr.Blocks() as demo:
        button, shown, kept = gr.Button(), gr.Textbox(), gr.State()
        button.click(lambda: "x", None, stranger)
        button.click(lambda text: text, stranger, shown)
        button.click(lambda: ("x", 1), None, [late, kept])
        late.render()
    return demo


def test_a_component_made_outside_of_the_page_is_told_where_a_listener_names_it() -> None:
    found = told(a_page_with_a_stranger)
    assert [line for _, line in found] == [
        'button.click(lambda: "x", None, stranger)',
        "button.click(lambda text: text, stranger, shown)",
    ]
    assert "puts its result into Textbox(label='Stranger'" in found[0][0] and "reads the value of" in found[1][0]


def test_so_is_one_that_a_part_made_at_run_time_names() -> None:
    stranger = gr.Textbox(label="Stranger")
    with gr.Blocks() as demo:
        start, shown = gr.Button(), gr.Textbox()

        @gr.render(triggers=[start.click])
        def part() -> None:
            gr.Button("Go").click(lambda: "x", None, [stranger, shown])

    with PageUser(demo) as page, pytest.warns(UserWarning, match="Stranger.*which is not on the page") as caught:
        page.click(start)
    assert [each.filename for each in caught] == [__file__]


@pytest.mark.parametrize(
    ("declare", "why"),
    [
        (
            lambda: gr.Dropdown(["apple", "pear"], value="aple"),
            "not in the list of choices. Did you mean 'apple'?",
        ),
        (lambda: gr.Dropdown(["a"], value=["a", "z"], multiselect=True), "'z' is not in the list of choices."),
        (lambda: gr.Radio(["a"], value="z"), "'z' is not in the list of choices."),
        (lambda: gr.CheckboxGroup([1, 2], value=[1, 3]), "3 is not in the list of choices."),
        (lambda: gr.Number("many"), "'many' is no number"),
        (lambda: gr.Slider(0, 9, value="many"), "'many' is no number"),
    ],
)
def test_a_value_that_does_not_fit_is_told_once(declare: Callable[[], Any], why: str) -> None:
    def page() -> None:
        with gr.Blocks() as demo:
            declare()
        demo.get_config_file()

    [(text, line)] = told(page)
    assert why in text and "lambda:" in line


def test_what_fits_is_not_told() -> None:
    def page() -> None:
        with gr.Blocks() as demo:
            gr.Dropdown(["a"], value="z", allow_custom_value=True), gr.Dropdown(["a"]), gr.Dropdown(["a"], value="a")
            gr.Radio(["a"], value=None), gr.Radio([("One", 1)], value=1), gr.CheckboxGroup(["a"], value=[])
            gr.Number("5"), gr.Number(None), gr.Slider(value=3), gr.Number(lambda: 5)
        demo.get_config_file()

    assert told(page) == []


def strangers() -> tuple[object, ...]:
    return "z", "many", "b", ["a", "c"]


def test_a_function_that_gives_what_does_not_fit_is_told_too() -> None:
    with gr.Blocks() as demo:
        choice, number, button = gr.Dropdown(["a"]), gr.Number(), gr.Button()
        one, some = gr.Radio(["a"]), gr.CheckboxGroup(["a"])
        button.click(strangers, None, [choice, number, one, some])
    with PageUser(demo) as page, warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        page.click(button)
    said = sorted(str(each.message).partition(": ")[2][:16] for each in caught)
    assert said == ["the value 'b' is", "the value 'c' is", "the value 'many'", "the value 'z' is"]
    assert {each.filename for each in caught} == {__file__}
    assert {linecache.getline(__file__, each.lineno).strip() for each in caught} == {
        "def strangers() -> tuple[object, ...]:"
    }


def test_warnings_name_the_line_of_whoever_wrote_it_however_deep_ours_are() -> None:
    def page() -> None:
        with gr.Blocks():
            box = gr.Textbox(show_label=True, container=False)
            box.change(lambda one, two: one, box, box)
            gr.Column(scale=1.5)
        gr.Interface(str, "text", "text", allow_flagging=True)

    lines = [line for _, line in told(page)]
    assert lines[0].startswith("box = gr.Textbox(") and lines[1].startswith("box.change(")
    assert lines[2].startswith("gr.Column(scale") and lines[3].startswith("gr.Interface(")
