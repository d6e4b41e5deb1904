"""Mistakes of programs are told with what to write instead; and the names of gradio_client's modules are here."""

from __future__ import annotations

import base64
import copy
import json
from pathlib import Path
from typing import Any

import pytest

import blocks_client
from blocks_client import AuthenticationError, Client, cli, client, exceptions, handle_file, utils
from tests.client.conftest import CLOSE, CONFIG, INFO, Faulty, completed

FILE = ("path", "url", "orig_name", "mime_type", "is_stream")


def offering(faulty: Faulty, **kinds: str) -> None:
    """The server's one endpoint takes these parameters."""
    info = copy.deepcopy(INFO)
    parameters = [
        {"parameter_name": name, "label": name, "python_type": {"type": kind}} for name, kind in kinds.items()
    ]
    info["named_endpoints"]["/echo"]["parameters"] = parameters
    faulty.answers["/info"] = lambda exchange: exchange.say(info)


def refused(faulty: Faulty, *args: Any, **named: Any) -> str:
    with Client(faulty.base, verbose=False) as ours, pytest.raises((TypeError, ValueError)) as caught:
        ours.submit(*args, **named)
    return str(caught.value)


def test_loaded_is_said_when_it_is(faulty: Faulty, capsys: pytest.CaptureFixture[str]) -> None:
    faulty.answers["/config"] = lambda exchange: exchange.say({"detail": "no"}, 500)
    with pytest.raises(blocks_client.ClientError, match="Could not fetch config for"):
        Client(faulty.base)
    assert capsys.readouterr().out == ""


def test_a_wrong_name_comes_with_the_nearest_and_all(faulty: Faulty) -> None:
    start = "Cannot find a function with `api_name`: "
    assert refused(faulty, "x", api_name="/ecko") == f"{start}/ecko. Did you mean '/echo'? There are /echo."
    assert (
        refused(faulty, "x", api_name="echo") == f"{start}echo. Did you mean to use a leading slash? There are /echo."
    )
    assert refused(faulty, "x", api_name="/zzz") == f"{start}/zzz. There are /echo."


def test_surplus_and_misspelled_arguments_are_refused(faulty: Faulty) -> None:
    assert "it takes 1: text; 2 were given" in refused(faulty, "a", "b")
    assert "Did you mean 'text'?" in refused(faulty, texd="a")
    faulty.answers["/info"] = lambda exchange: exchange.say({"named_endpoints": {}, "unnamed_endpoints": {}})
    assert "it takes 1; 2 were given" in refused(faulty, "a", "b", api_name="/echo")


def test_a_path_where_a_file_is_taken_says_handle_file(faulty: Faulty, tmp_path: Path) -> None:
    offering(faulty, file="filepath", files="list[filepath]", name="str")
    notes = tmp_path / "notes.txt"
    notes.write_text("x")
    file = handle_file(notes)
    assert f"`file` takes a file, not its path: write handle_file({str(notes)!r})" in refused(faulty, notes, [], "n")
    assert "`files` takes a file" in refused(faulty, file, [file, str(notes)], "n")
    assert "`files` takes a file" in refused(faulty, file, "https://x.org/a.png", "n")
    faulty.answers["/upload"] = lambda exchange: exchange.say(["/t/up"])
    faulty.answers["/queue/data"] = lambda exchange: exchange.stream(completed(["done"]), CLOSE)
    with Client(faulty.base, verbose=False) as ours:
        assert ours.predict(file, [file], str(notes)) == "done"


def test_an_app_with_a_login_says_how_it_is_given(faulty: Faulty, capsys: pytest.CaptureFixture[str]) -> None:
    faulty.answers["/config"] = lambda exchange: exchange.say({"detail": "Not authenticated"}, 401)
    with pytest.raises(AuthenticationError, match=r"Please login\. .*auth=\(name, password\)"):
        Client(faulty.base, verbose=False)
    assert cli.main([faulty.base]) == 1
    assert "--auth NAME:PASSWORD" in capsys.readouterr().err


@pytest.mark.parametrize("words", ["--files A --files B", "--files=A --files=B", "--files [A,B]", "A B", "[A,B]"])
def test_the_command_sends_lists_of_files(faulty: Faulty, tmp_path: Path, words: str) -> None:
    offering(faulty, files="list[filepath]")
    bodies: list[bytes] = []
    faulty.answers["/upload"] = lambda exchange: exchange.say(["/t/up"])
    faulty.answers["/queue/join"] = lambda exchange: (bodies.append(exchange.body), exchange.say({"event_id": "e1"}))
    faulty.answers["/queue/data"] = lambda exchange: exchange.stream(completed(["done"]), CLOSE)
    for name in "AB":
        (tmp_path / name).write_text(name)
    words = words.replace("[A,B]", '["A","B"]').replace("A", str(tmp_path / "A")).replace("B", str(tmp_path / "B"))
    here = words.split()
    assert cli.main([faulty.base, "/echo", *here]) == 0
    [sent] = json.loads(bodies[0])["data"]
    assert [(each["orig_name"], each["path"]) for each in sent] == [("A", "/t/up"), ("B", "/t/up")]


def test_the_command_prints_each_notice_once(faulty: Faulty, capsys: pytest.CaptureFixture[str]) -> None:
    notice = {"msg": "log", "event_id": "e1", "log": "nearly", "level": "info"}
    faulty.answers["/queue/data"] = lambda exchange: exchange.stream(notice, notice, completed(["Hello"]), CLOSE)
    assert cli.main([faulty.base, "/echo", "x"]) == 0
    assert capsys.readouterr().err == "info: nearly\n" * 2


def test_names_are_where_gradio_client_has_them() -> None:
    assert client.Client is blocks_client.Client and client.Job is blocks_client.Job
    assert exceptions.AppError is blocks_client.AppError and str(exceptions.AppError()) == "Error raised."
    assert utils.QueueError is blocks_client.QueueError and utils.handle_file is blocks_client.handle_file
    assert issubclass(exceptions.AuthenticationError, ValueError) and issubclass(exceptions.ValidationError, ValueError)
    for module in (client, exceptions, utils):
        assert all(hasattr(module, name) for name in module.__all__)
    assert CONFIG["protocol"] == "sse_v3" and client.Endpoint.__name__ == "Endpoint"


def test_files_as_text_and_back(tmp_path: Path) -> None:
    (tmp_path / "a.png").write_bytes(b"\x89PNG")
    text = utils.encode_file_to_base64(tmp_path / "a.png")
    assert text == "data:image/png;base64," + base64.b64encode(b"\x89PNG").decode()
    assert utils.decode_base64_to_binary(text) == (b"\x89PNG", "png")
    with utils.decode_base64_to_file(text, dir=tmp_path / "new") as made:
        assert made.name.endswith(".png") and Path(made.name).read_bytes() == b"\x89PNG"
    with utils.dict_or_str_to_json_file('{"a": 1}', dir=tmp_path) as made:
        assert utils.file_to_json(made.name) == {"a": 1}
    assert Path(utils.create_tmp_copy_of_file(str(tmp_path / "a.png"), str(tmp_path))).name == "a.png"
    assert utils.strip_invalid_filename_characters("a/b:c.txt") == "b_c.txt"
    assert utils.sanitize_parameter_names("Your Name!") == "your_name"


def test_values_and_schemas_are_looked_through() -> None:
    file = {"path": "/a", "url": "http://x/a", "meta": {"_type": "gradio.FileData"}}
    found = utils.traverse({"a": [file, 1]}, lambda each: each["path"], utils.is_file_obj_with_meta)
    assert (
        found == {"a": ["/a", 1]}
        and utils.is_file_obj_with_url(file)
        and not utils.is_file_obj_with_meta({"path": "x"})
    )
    shape = {"type": "object", "properties": {name: {} for name in FILE}}
    several = {"type": "array", "items": {"$ref": "#/$defs/File"}, "$defs": {"File": shape}}
    assert utils.json_schema_to_python_type(several) == "list[filepath]" and utils.value_is_file(several)
    assert utils.json_schema_to_python_type({"enum": ["a", "b"], "type": "string"}) == "Literal['a', 'b']"
    assert utils.json_schema_to_python_type({"anyOf": [{"type": "integer"}, {"type": "null"}]}) == "int | None"
    assert utils.is_http_url_like("https://x.org") and not utils.is_http_url_like("/tmp/x")
