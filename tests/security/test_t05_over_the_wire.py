"""T1, T5, T6 once more through a real server: whoever runs an event must have said for whom files are read."""

from __future__ import annotations

import json
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import blocks_app as gr
from blocks_app.files import file_data
from tests.serving import served


def deleted(event: gr.DeletedFileData) -> str:
    return Path(event.file.path).read_text()


@pytest.fixture(scope="module")
def url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with gr.Blocks() as demo:
        given, text, shown, text_out = gr.File(), gr.Textbox(), gr.File(), gr.Textbox()
        gr.Button().click(lambda file: Path(file).read_text(), given, text_out, api_name="read")
        gr.Button().click(lambda path: path, text, shown, api_name="hand_out")
        given.delete(deleted, None, text_out, api_name="deleted")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("GRADIO_TEMP_DIR", str(tmp_path_factory.mktemp("files")))
        with served(demo, show_error=True) as address:
            yield address


def run(url: str, name: str, value: Any, event_data: Any = None) -> tuple[int, Any]:
    data = json.dumps({"data": [value] if name != "deleted" else [], "event_data": event_data}).encode()
    request = urllib.request.Request(f"{url}run/{name}", data, {"Content-Type": "application/json"})
    try:
        with urllib.request.urlopen(request) as answer:
            return answer.status, json.loads(answer.read())
    except urllib.error.HTTPError as error:
        with error:
            return error.code, json.loads(error.read())


@pytest.mark.parametrize("path", ["/etc/passwd", "../../etc/passwd", "file:///etc/passwd", "http://127.0.0.1/x", ""])
def test_a_function_never_gets_a_path_from_a_client(url: str, path: str) -> None:
    for value in (path, {"path": path}, {"path": path, "url": path, "meta": {"_type": "gradio.FileData"}}, [path]):
        status, answer = run(url, "read", value)
        assert status == 500
        assert answer["error"].startswith("File"), answer


def test_a_text_is_not_handed_out_as_a_file(url: str) -> None:
    status, answer = run(url, "hand_out", "/etc/passwd")
    assert (status, "may not be handed out" in answer["error"]) == (500, True)


def test_the_data_of_an_event_names_no_path_either(url: str) -> None:
    status, answer = run(url, "deleted", None, {"path": "/etc/passwd", "orig_name": "passwd"})
    assert (status, "not uploaded here" in answer["error"]) == (500, True)
    record = file_data.default_store().save(b"mine", "x.txt")
    status, answer = run(url, "deleted", None, {"path": record.path})
    assert (status, answer.get("data")) == (200, ["mine"])
