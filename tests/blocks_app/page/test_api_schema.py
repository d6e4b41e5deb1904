"""Endpoints as programs see them: names, parameters, defaults and types."""

from __future__ import annotations

import pytest

import blocks_app as gr
from blocks_app.page.schema_types import type_text


def info(fn, inputs, outputs=None, **options):
    with gr.Blocks() as demo:
        boxes = inputs()
        gr.Button().click(fn, boxes, outputs() if outputs else None, **options)
    return demo.get_api_info(all_endpoints=True)["named_endpoints"]


def test_parameters_carry_the_names_of_the_function():
    def add(a, b=None):
        return a

    endpoint = info(add, lambda: [gr.Number(label="A"), gr.Number(7)], lambda: gr.Number(label="Sum"))["/add"]
    a, b = endpoint["parameters"]
    assert (a["label"], a["parameter_name"], a["parameter_has_default"]) == ("A", "a", False)
    assert (b["parameter_name"], b["parameter_has_default"], b["parameter_default"]) == ("b", True, 7)
    assert a["python_type"]["type"] == "float"
    assert endpoint["returns"][0]["label"] == "Sum"


def test_state_is_counted_but_not_shown():
    def step(text, state, more):
        return text

    endpoint = info(step, lambda: [gr.Textbox(), gr.State(), gr.Textbox()])["/step"]
    assert [each["parameter_name"] for each in endpoint["parameters"]] == ["text", "more"]


def test_names_that_clients_keep_for_themselves_are_replaced():
    def call(api_name, headers, fn_index):
        return 1

    endpoint = info(call, lambda: [gr.Textbox(), gr.Textbox(), gr.Textbox()])["/call"]
    assert [each["parameter_name"] for each in endpoint["parameters"]] == ["param_0", "param_1", "param_2"]


def test_none_as_a_default_counts_and_other_defaults_do_not():
    def fn(a=None, b=5):
        return a

    first, second = info(fn, lambda: [gr.Textbox(), gr.Textbox()])["/fn"]["parameters"]
    assert (first["parameter_has_default"], first["parameter_default"]) == (True, None)
    assert second["parameter_has_default"] is False


def test_injected_parameters_take_no_input():
    def fn(request: gr.Request, a, progress=gr.Progress()):
        return a

    (only,) = info(fn, lambda: [gr.Textbox()])["/fn"]["parameters"]
    assert only["parameter_name"] == "a"


def test_private_endpoints_are_never_listed():
    with gr.Blocks() as demo:
        gr.Button().click(lambda: 1, api_name=False)
        gr.Button().click(lambda: 1, api_name="hidden", show_api=False)
    assert demo.get_api_info()["named_endpoints"] == {}
    assert list(demo.get_api_info(all_endpoints=True)["named_endpoints"]) == ["/hidden"]


@pytest.mark.parametrize(
    ("schema", "text"),
    [
        ({}, "Any"),
        ({"type": "null"}, "None"),
        ({"const": 1}, "Literal[1]"),
        ({"enum": ["a", 2]}, "Literal['a', '2']"),
        ({"type": "array", "items": {"type": "integer"}}, "list[int]"),
        ({"type": "array", "prefixItems": [{"type": "string"}, {"type": "number"}]}, "tuple[str, float]"),
        ({"anyOf": [{"type": "string"}, {"type": "null"}]}, "str | None"),
        ({"type": "object", "properties": {"a": {"type": "boolean", "description": "on"}}}, "dict(a: bool (on))"),
        ({"type": "object", "additionalProperties": {"type": "string"}}, "dict(str, str)"),
        ({"$ref": "#/$defs/X", "$defs": {"X": {"type": "integer"}}}, "int"),
        ({"description": "any valid json"}, "str | float | bool | list | dict"),
    ],
)
def test_types_as_text(schema, text):
    assert type_text(schema) == text


def test_a_component_that_shows_something_at_first_has_a_default():
    with gr.Blocks() as demo:
        talk, field, name = gr.Chatbot(), gr.MultimodalTextbox(), gr.Textbox()
        gr.Button().click(lambda *given: None, [talk, field, name], None, api_name="ask")
    given = demo.get_api_info()["named_endpoints"]["/ask"]["parameters"]
    assert [each["parameter_default"] for each in given if each["parameter_has_default"]] == [
        [],
        {"text": "", "files": []},
    ]


def test_messages_have_the_type_that_clients_print():
    with gr.Blocks() as demo:
        gr.Button().click(lambda: None, None, gr.Chatbot(type="messages"), api_name="ask")
    told = demo.get_api_info()["named_endpoints"]["/ask"]["returns"][0]["python_type"]["type"]
    assert "dict(text: str, type: Literal[text])" in told and "constructor_args: dict(str, Any)" in told
