"""`gr.api`: a function for programs alone, whose hints say what it takes and gives."""

from __future__ import annotations

import enum
import typing
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, Literal, NamedTuple, TypedDict

import pytest

import blocks_app as gr
from blocks_app.components.api import Api
from blocks_app.exceptions import DeclarationError, NoContextError
from blocks_app.files import file_data
from blocks_app.functions.hint_schemas import schema_of
from blocks_app.page.openapi import openapi_document


class Kind(enum.Enum):
    """Two of them."""

    HERE = "here"
    THERE = "there"


class Place(TypedDict, total=False):
    """Where it is."""

    lat: float


class Pair(NamedTuple):
    """Two things."""

    left: int
    right: str = "r"


def text_or_none(kind: str) -> dict[str, Any]:
    return {"oneOf": [{"type": "null"}, {"type": kind}]}


@pytest.mark.parametrize(
    ("hint", "schema"),
    [
        (int, {"type": "integer"}),
        (list[str], {"type": "array", "items": {"type": "string"}}),
        (dict[str, int], {"type": "object", "additionalProperties": {"type": "integer"}}),
        (dict[int, int], {}),
        (Literal["a", "b"], {"enum": ["a", "b"]}),
        (Literal[1], {"const": 1}),
        (int | None, text_or_none("integer")),
        (typing.Optional[str], text_or_none("string")),  # noqa: UP045 - both spellings
        (int | str, {"anyOf": [{"type": "integer"}, {"type": "string"}]}),
        (set[int], {"type": "array", "uniqueItems": True, "items": {"type": "integer"}}),
        (tuple[int, ...], {"type": "array", "items": {"type": "integer"}}),
        (Kind, {"enum": ["here", "there"]}),
        (Place, {"type": "object", "properties": {"lat": {"type": "number"}}}),
        (Any, {}),
        (Callable[..., int], {}),
        (Path, {}),
        ("nothing that exists", {}),
    ],
)
def test_a_hint_is_told_as_a_schema(hint: Any, schema: dict[str, Any]) -> None:
    assert schema_of(hint) == schema


def test_a_tuple_of_known_size_has_a_schema_for_each_place() -> None:
    pair = schema_of(tuple[int, str])
    assert pair["prefixItems"] == [{"type": "integer"}, {"type": "string"}] and pair["maxItems"] == 2
    assert schema_of(Pair)["required"] == ["left"]


def endpoint(fn: Any, **options: Any) -> dict[str, Any]:
    with gr.Blocks() as demo:
        gr.api(fn, **options)
    (found,) = demo.get_api_info()["named_endpoints"].values()
    return found  # type: ignore[no-any-return]


def test_parameters_and_results_are_those_of_the_function() -> None:
    def cut(a: int, request: gr.Request, b: float = 2.5, c: str | None = None) -> tuple[int, str]:
        """Cut it."""
        return 1, ""

    told = endpoint(cut)
    assert [(each["label"], each["parameter_name"], each["python_type"]["type"]) for each in told["parameters"]] == [
        ("1st", "a", "int"),
        ("2nd", "b", "float"),
        ("3rd", "c", "None | str"),
    ]
    assert [each["parameter_has_default"] for each in told["parameters"]] == [False, True, True]
    assert [each["python_type"]["type"] for each in told["returns"]] == ["int", "str"]
    assert told["parameters"][1]["parameter_default"] == 2.5 and told["parameters"][0]["component"] == "Api"
    assert told["description"] == "Cut it."


def test_nothing_returned_is_no_result_and_a_generator_gives_one() -> None:
    def nothing(a: int) -> None: ...
    def steps(a: int) -> Iterator[int]:
        yield a

    assert endpoint(nothing)["returns"] == []
    assert [each["python_type"]["type"] for each in endpoint(steps)["returns"]] == ["Any"]


def test_a_function_without_hints_is_refused_in_words() -> None:
    with pytest.raises(DeclarationError, match="'a' has no type hint"):
        endpoint(lambda a: a)
    with pytest.raises(NoContextError, match="outside of a gradio.Blocks"):
        gr.api(len)


def test_it_calls_the_function_and_decorates_it() -> None:
    with gr.Blocks() as demo:

        @gr.api(api_name="twice")
        def double(a: int) -> int:
            return a * 2

    assert demo(4, api_name="/twice") == 8 and double(3) == 6
    assert demo.get_config_file()["dependencies"][0]["targets"] == []


@pytest.fixture
def box() -> Api:
    with gr.Blocks():
        return Api(hint=list[gr.FileData])


def test_a_file_must_be_the_callers_own(box: Api, tmp_path: Path) -> None:
    """A path that nobody has uploaded is refused, wherever in the value it stands."""
    (tmp_path / "secret").write_text("x")
    with file_data.use(file_data.FileContext(owner="user:1")):
        with pytest.raises(gr.Error, match="not uploaded here"):
            box.preprocess([{"path": str(tmp_path / "secret")}])
        with gr.Blocks():
            anything = Api(hint=dict[str, Any])
        marked = {"path": str(tmp_path / "secret"), "meta": {"_type": "gradio.FileData"}}
        with pytest.raises(gr.Error, match="not uploaded here"):
            anything.preprocess({"deep": [marked]})
        assert anything.preprocess({"path": "is no file"}) == {"path": "is no file"}


def test_files_that_it_gives_are_stored_and_come_back(box: Api, tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("x")
    with file_data.use(file_data.FileContext(allowed_paths=(str(tmp_path),))):
        (given,) = box.postprocess([{"path": str(tmp_path / "a.txt")}])
        assert given["orig_name"] == "a.txt" and str(tmp_path) not in given["path"]
        (taken,) = box.preprocess([given])
        assert Path(taken["path"]).read_text() == "x"
        with gr.Blocks():
            single = Api(hint=gr.FileData)
        assert single.postprocess(tmp_path / "a.txt")["orig_name"] == "a.txt"


def document() -> dict[str, Any]:
    def place(at: gr.FileData, where: Literal["x"] | None = None, exactly: Literal["y"] = "y") -> None:
        """Put it there."""

    with gr.Blocks(title="Places") as demo:
        gr.api(place)
        gr.Button().click(lambda a: a, gr.File(label="f"), api_name="file")
        gr.Button().click(lambda a: a, gr.Textbox(), api_name="hidden", api_visibility="undocumented")
    return openapi_document(demo, "http://here")


def test_openapi_tells_how_to_call_it() -> None:
    made = document()
    assert (made["openapi"], made["info"]["title"], made["servers"]) == ("3.0.2", "Places", [{"url": "http://here"}])
    assert list(made["paths"]) == [
        "/gradio_api/upload",
        "/gradio_api/call/v2/place",
        "/gradio_api/call/place/{event_id}",
        "/gradio_api/call/v2/file",
        "/gradio_api/call/file/{event_id}",
    ]
    body = made["paths"]["/gradio_api/call/v2/place"]["post"]["requestBody"]["content"]["application/json"]
    assert body["schema"]["required"] == ["at"]
    file = {"$ref": "#/components/schemas/FileData"}
    assert body["schema"]["properties"] == {
        "at": file,
        "where": {"nullable": True, "enum": ["x"], "title": "2nd"},
        "exactly": {"enum": ["y"], "title": "3rd", "default": "y"},
    }


def test_openapi_has_only_words_that_openapi_has() -> None:
    def words(value: Any) -> set[str]:
        if isinstance(value, dict):
            return set(value).union(*map(words, value.values()))
        return set().union(*map(words, value)) if isinstance(value, list) else set()

    assert not words(document()["paths"]) & {"$defs", "const", "prefixItems", "python_type"}
