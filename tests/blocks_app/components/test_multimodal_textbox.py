"""MultimodalTextbox: what a function gets, what it may return."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import blocks_app as gr
from blocks_app.exceptions import DeclarationError, Error
from blocks_app.files import file_data


@pytest.fixture
def store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[file_data.FileStore]:
    monkeypatch.setenv("GRADIO_TEMP_DIR", str(tmp_path / "store"))
    with file_data.use(file_data.FileContext()):
        yield file_data.default_store()


def sent(store: file_data.FileStore, name: str = "t.txt") -> dict[str, Any]:
    return {"path": store.save(b"hello", name).path, "meta": {"_type": "gradio.FileData"}}


def test_a_function_gets_a_text_and_paths(store: file_data.FileStore) -> None:
    message = gr.MultimodalTextbox().preprocess({"text": "hi", "files": [sent(store), sent(store, "b.bin")]})
    assert message is not None
    assert message["text"] == "hi"
    assert [(Path(path).name, Path(path).read_text()) for path in message["files"]] == [
        ("t.txt", "hello"),
        ("b.bin", "hello"),
    ]


@pytest.mark.parametrize(
    ("payload", "argument"),
    [
        (None, None),
        ({}, {"text": "", "files": []}),
        ({"text": None, "files": None}, {"text": "", "files": []}),
        ("only a text", {"text": "only a text", "files": []}),
    ],
)
def test_what_is_left_out_is_empty(payload: Any, argument: Any) -> None:
    assert gr.MultimodalTextbox().preprocess(payload) == argument


@pytest.mark.parametrize(
    "payload",
    [5, ["a"], {"text": 5}, {"text": ["a"]}, {"text": "a", "files": "b"}, {"text": "a", "files": [5]}],
)
def test_anything_else_is_refused_in_words(store: file_data.FileStore, payload: Any) -> None:
    with pytest.raises(Error, match="MultimodalTextbox"):
        gr.MultimodalTextbox().preprocess(payload)


def test_a_file_of_another_type_is_refused(store: file_data.FileStore) -> None:
    field = gr.MultimodalTextbox(label="Message", file_types=["image", "csv"])
    field.preprocess({"text": "", "files": [sent(store, "t.CSV"), sent(store, "t.png")]})
    with pytest.raises(Error, match=r"\"Message\".*'t.exe' is of another type. It takes image, .csv"):
        field.preprocess({"text": "", "files": [sent(store, "t.exe")]})


def test_a_function_returns_a_text_or_both_or_neither(store: file_data.FileStore, tmp_path: Path) -> None:
    made = tmp_path / "made.csv"
    made.write_text("a,b")
    field = gr.MultimodalTextbox()
    assert field.postprocess(None) == {"text": "", "files": []}
    assert field.postprocess("hi") == {"text": "hi", "files": []}
    assert field.postprocess({"files": None}) == {"text": "", "files": []}
    for files in (str(made), made, [made]):
        message = field.postprocess({"text": "see", "files": files})
        assert (message["text"], [file["orig_name"] for file in message["files"]]) == ("see", ["made.csv"])
    for wrong in (5, ["a"], {"text": None}, {"text": 5}):
        with pytest.raises(ValueError, match="MultimodalTextbox"):
            field.postprocess(wrong)


def test_wrong_options_are_refused() -> None:
    for options in ({"sources": ["camera"]}, {"file_count": "two"}, {"lines": 0}, {"lines": "…"}, {"text_align": "up"}):
        with pytest.raises(DeclarationError, match="MultimodalTextbox"):
            gr.MultimodalTextbox(**options)
    assert gr.MultimodalTextbox(sources="microphone").sources == ["microphone"]
    assert gr.MultimodalTextbox(lines=30).max_lines == 30


def test_a_program_gives_files_that_it_has_uploaded() -> None:
    assert gr.MultimodalTextbox(file_types=["audio"]).example_payload()["files"] == []
    assert gr.MultimodalTextbox(file_types=[".txt"]).example_payload()["files"][0]["orig_name"] == "text.txt"
