"""File: what a function gets, what it may return."""

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


def sent(store: file_data.FileStore, name: str = "t.txt", content: bytes = b"hello") -> dict[str, Any]:
    return {"path": store.save(content, name).path, "orig_name": "ignored.exe", "meta": {"_type": "gradio.FileData"}}


def test_a_function_gets_a_path_with_a_name(store: file_data.FileStore) -> None:
    path = gr.File().preprocess(sent(store))
    assert isinstance(path, str)
    assert path == path.name
    assert (Path(path).name, Path(path).read_text()) == ("t.txt", "hello")
    assert gr.File().preprocess(None) is None


def test_a_function_gets_bytes(store: file_data.FileStore) -> None:
    assert gr.File(type="binary").preprocess(sent(store)) == b"hello"
    assert gr.File(type="binary", file_count="multiple").preprocess([sent(store)]) == [b"hello"]


@pytest.mark.parametrize("count", ["multiple", "directory"])
def test_several_files_are_a_list(store: file_data.FileStore, count: Any) -> None:
    component = gr.File(file_count=count)
    assert [Path(p).name for p in component.preprocess([sent(store), sent(store, "b.bin")])] == ["t.txt", "b.bin"]
    with pytest.raises(Error, match="takes a list"):
        component.preprocess(sent(store))


def test_results_are_paths_or_lists_of_them(store: file_data.FileStore, tmp_path: Path) -> None:
    made = tmp_path / "made.csv"
    made.write_text("a,b")
    data = gr.File().postprocess(made)
    assert isinstance(data, dict)
    assert (data["orig_name"], data["size"]) == ("made.csv", 3)
    listed = gr.File().postprocess([str(made), "https://example.org/x.pdf"])
    assert isinstance(listed, list)
    assert [item["orig_name"] for item in listed] == ["made.csv", "x.pdf"]
    assert gr.File().postprocess(None) is None
    assert gr.File().postprocess([]) is None
    with pytest.raises(TypeError, match="path or its content"):
        gr.File().postprocess([3])


def test_a_sent_file_can_be_handed_back(store: file_data.FileStore) -> None:
    payload = sent(store)
    data = gr.File().postprocess(gr.File().preprocess(payload))
    assert isinstance(data, dict)
    assert data["path"] == payload["path"]


def test_only_the_wanted_types_are_taken(store: file_data.FileStore) -> None:
    component = gr.File(file_types=["image", ".CSV", "md"], label="Table")
    for name in ("a.png", "b.csv", "c.md"):
        assert component.preprocess(sent(store, name)).endswith(name)
    with pytest.raises(Error, match=r"'a.exe' is of another type. It takes image, .csv, .md"):
        component.preprocess(sent(store, "a.exe"))
    assert gr.File(file_types=["file"]).preprocess(sent(store, "a.exe"))


def test_the_schema_follows_the_count() -> None:
    assert gr.File().api_info()["title"] == "FileData"
    assert gr.Files().api_info()["title"] == "ListFiles"
    assert (gr.Files().get_block_name(), gr.Files().file_count) == ("file", "multiple")


def test_the_example_works(store: file_data.FileStore) -> None:
    for component in (gr.File(), gr.Files(), gr.File(file_types=["image"]), gr.Image()):
        assert component.preprocess(component.example_payload()) is not None
        assert component.postprocess(component.example_value()) is not None


def test_initial_files_are_stored_once_and_made_again_when_gone(store: file_data.FileStore) -> None:
    component = gr.File([str(file_data.SAMPLES / "text.txt")])
    first = component.initial_value()
    assert component.initial_value() == first
    store.delete(first[0]["path"].split("/")[0])
    assert component.initial_value() == first
    assert store.find(first[0]["path"]) is not None


@pytest.mark.parametrize(
    "wrong", [{"file_count": "some"}, {"type": "x"}, {"file_types": ".csv"}, {"file_types": [3]}, {"buttons": ["x"]}]
)
def test_wrong_declarations_fail_at_once(wrong: dict[str, Any]) -> None:
    with pytest.raises(DeclarationError, match="File"):
        gr.File(**wrong)
