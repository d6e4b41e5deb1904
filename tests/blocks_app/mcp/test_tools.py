"""What agents are told of an app: names, descriptions, schemas, and where files go."""

from __future__ import annotations

import functools
from typing import Any
from unittest.mock import Mock

import jsonschema
import pytest

import blocks_app as gr
from blocks_app.exceptions import DeclarationError
from blocks_app.jsonable import plain
from blocks_app.mcp.marks import mark_of
from blocks_app.mcp.schemas import FILE_FORMAT, has_files, simplified, with_files
from blocks_app.mcp.tools import Tool, chosen, find, tools_of
from tests.blocks_app.components.contract import component_classes, make


def tools(*listeners: Any, **options: Any) -> list[Tool]:
    with gr.Blocks() as demo:
        text = gr.Textbox()
        for fn in listeners:
            gr.Button().click(fn, text, text, **options)
    return tools_of(demo)


def say(word):
    """Say it."""
    return word


def test_names_are_those_of_functions_and_each_is_there_once() -> None:
    named = tools(say, say, lambda value: value, functools.partial(say))
    assert [each.name for each in named] == ["say", "say_1", "lambda", "partial"]
    assert [each.dependency.api_name for each in named][:2] == ["say", "say_1"]


def test_an_endpoint_is_found_by_both_of_its_names() -> None:
    named = tools(say, api_name="predict")
    assert find(named, "say") is find(named, "predict") is named[0]
    assert find(named, "say", "prompt") is None
    assert [chosen(named, each) for each in (None, "say, other", "predict")] == [named, named, []]


@pytest.mark.parametrize(
    ("options", "described"),
    [({}, "Say it."), ({"api_description": "Aloud."}, "Aloud."), ({"api_description": False}, "")],
)
def test_a_description_of_the_listener_wins(options: dict[str, Any], described: str) -> None:
    assert tools(say, **options)[0].description == described


def test_what_is_private_or_undocumented_is_no_tool() -> None:
    assert tools(say, show_api=False) == tools(say, api_name=False) == tools(say, api_visibility="undocumented") == []


def test_marks_are_found_through_what_is_put_around_a_function() -> None:
    marked = gr.mcp.tool(name="loud")(lambda word: word)
    assert mark_of(functools.partial(marked)).name == mark_of(functools.wraps(marked)(lambda word: word)).name == "loud"
    assert mark_of(gr.mcp.prompt(lambda: "x")).kind == "prompt"
    assert mark_of(Mock()).kind == mark_of(print).kind == "tool"


def test_marks_that_cannot_be_are_refused_where_they_are_written() -> None:
    with pytest.raises(DeclarationError, match="cannot mark"):
        gr.mcp.tool(name="p")(print)
    with pytest.raises(DeclarationError, match="an address with a scheme"):
        gr.mcp.resource("notes")


def test_a_header_is_given_and_is_no_argument() -> None:
    def read(word, x_token: gr.Header, accept_language: gr.Header | None = None):
        return word

    [tool] = tools(read)
    assert (tool.headers, list(tool.schema["properties"])) == (("x-token", "accept-language"), ["word"])


def test_the_schema_of_every_component_is_complete_in_itself() -> None:
    for cls in component_classes():
        with gr.Blocks():
            block = make(cls)
        if block.skip_api:
            continue
        schema = schema_of(block)
        jsonschema.Draft202012Validator.check_schema(schema)
        assert "$ref" not in str(schema), cls


def schema_of(block: Any) -> dict[str, Any]:
    return simplified(plain(block.api_info_as_input()))


def test_texts_become_files_where_a_file_goes() -> None:
    def file(text: str) -> Any:
        return {"file": text}

    assert schema_of(gr.File())["format"] == FILE_FORMAT
    assert with_files(["a", "b"], schema_of(gr.File(file_count="multiple")), file) == [file("a"), file("b")]
    message = {"text": "a", "files": ["b"]}
    assert with_files(message, schema_of(gr.MultimodalTextbox()), file) == {"text": "a", "files": [file("b")]}
    shown = with_files([{"image": "a", "caption": "b"}, {"video": "c"}], schema_of(gr.Gallery()), file)
    assert shown == [{"image": file("a"), "caption": "b"}, {"video": file("c")}]
    assert with_files("a", schema_of(gr.Textbox()), file) == "a"
    assert not has_files(schema_of(gr.Dataframe()))
