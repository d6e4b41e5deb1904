"""Listeners' options of Gradio 6: values by name, validators, the pace of streams, keys."""

from __future__ import annotations

from typing import Any

import pytest

import blocks_app as gr


def listener(fn: Any, *inputs: str, **names: str) -> tuple[Any, dict[str, gr.Textbox]]:
    """A listener with Textboxes as inputs by position and by name; they are found by their labels."""
    with gr.Blocks() as demo:
        made = {label: gr.Textbox(label=label) for label in (*inputs, *names.values())}
        by_name = {name: made[label] for name, label in names.items()}
        gr.Button().click(fn, [made[label] for label in inputs], made["A"], inputs_kwargs=by_name, api_name="fn")
    return demo, made


@pytest.mark.parametrize(
    ("fn", "inputs", "names", "values", "expected"),
    [
        (lambda a, b: f"{a}{b}", ["A"], {"b": "B"}, ["1", "2"], "12"),
        (lambda a, b: f"{a}{b}", [], {"b": "A", "a": "B"}, ["1", "2"], "21"),
        (lambda a, *, b: f"{a}{b}", ["A"], {"b": "B"}, ["1", "2"], "12"),
        (lambda a, b="-", c="+": f"{a}{b}{c}", ["A"], {"c": "C"}, ["1", "3"], "1-3"),
        (lambda a, **rest: f"{a}{rest}", ["A"], {"z": "Z"}, ["1", "2"], "1{'z': '2'}"),
        (lambda *many, b: f"{many}{b}", ["A", "C"], {"b": "B"}, ["1", "3", "2"], "('1', '3')2"),
    ],
)
def test_values_by_name(fn: Any, inputs: list[str], names: dict[str, str], values: list[str], expected: str) -> None:
    demo, _ = listener(fn, *inputs, **names)
    assert demo(*values, api_name="fn") == expected


def test_a_request_may_stand_anywhere() -> None:
    def fn(request: gr.Request | None, a: str, *, b: str) -> str:
        return f"{request}{a}{b}"

    demo, _ = listener(fn, "A", b="B")
    assert demo("1", "2", api_name="fn") == "None12"


def test_the_api_names_the_parameters() -> None:
    demo, _ = listener(lambda a, *, b: a + b, "A", b="B")
    [endpoint] = demo.get_api_info()["named_endpoints"].values()
    assert [each["parameter_name"] for each in endpoint["parameters"]] == ["a", "b"]


def test_listeners_of_one_function_share_its_limit() -> None:
    def fn(a: str) -> str:
        return a

    with gr.Blocks() as demo:
        box, button = gr.Textbox(), gr.Button()
        button.click(fn, box, box)
        button.click(fn, None, box, inputs_kwargs={"a": box})
    one, two = demo.dependencies.values()
    assert one.concurrency_key == two.concurrency_key


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ({"inputs_kwargs": ["a"]}, "inputs_kwargs is a dict"),
        ({"inputs_kwargs": {"zz": None}}, "no parameter 'zz'"),
        ({"inputs_kwargs": {"a": 3}}, "inputs_kwargs must be a component"),
        ({"validator": 3}, "validator must be a function"),
        ({"validator": lambda a: (yield a)}, "must return, not yield"),
        ({"stream_every": 0}, "stream_every must be a positive number"),
    ],
)
def test_mistakes_are_told(wrong: dict[str, Any], message: str) -> None:
    with gr.Blocks():
        box, button = gr.Textbox(), gr.Button()
        inputs = None if "inputs_kwargs" in wrong else box
        with pytest.raises(ValueError, match=message):
            button.click(lambda a: a, inputs, None, **wrong)


def test_a_name_that_a_position_takes_is_refused() -> None:
    with gr.Blocks():
        box = gr.Textbox()
        with pytest.raises(ValueError, match="gets 'a' twice"):
            gr.Button().click(lambda a: a, box, None, inputs_kwargs={"a": box})
        with pytest.raises(ValueError, match="set of inputs"):
            gr.Button().click(lambda a: a, {box}, None, inputs_kwargs={"a": box})


def test_the_pace_of_a_stream_reaches_the_camera() -> None:
    with gr.Blocks() as demo:
        camera = gr.Image(sources=["webcam"], streaming=True)
        camera.stream(lambda picture: None, camera, None, stream_every=0.1)
    assert camera.props()["stream_every"] == 0.1
    assert demo.get_config_file()["dependencies"][0]["stream_every"] == 0.1


def test_a_component_takes_its_function_under_another_name_too() -> None:
    class Plain(gr.Component):
        def api_info(self) -> dict[str, Any]:
            return {}

    assert Plain(load_fn=lambda: "made").value == "made"
