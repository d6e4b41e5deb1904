"""The command `blocks-client`."""

from __future__ import annotations

from pathlib import Path

import pytest

from blocks_client import cli
from tests.client.conftest import CLOSE, INFO, Faulty, completed, generating


def test_without_an_endpoint_they_are_listed(faulty: Faulty, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main([faulty.base]) == 0
    assert ' - predict(text, api_name="/echo") -> out' in capsys.readouterr().out


@pytest.mark.parametrize("words", [["/echo", "--text", "Ada"], ["echo", "Ada"], ["echo", "--text=Ada"]])
def test_a_call(faulty: Faulty, capsys: pytest.CaptureFixture[str], words: list[str]) -> None:
    bodies: list[bytes] = []
    faulty.answers["/queue/join"] = lambda exchange: (bodies.append(exchange.body), exchange.say({"event_id": "e1"}))
    faulty.answers["/queue/data"] = lambda exchange: exchange.stream(completed(["Hello Ada"]), CLOSE)
    assert cli.main([faulty.base, *words]) == 0
    assert capsys.readouterr().out == "Hello Ada\n"
    assert b'"data":["Ada"]' in bodies[0]


def test_text_that_grows_is_written_as_it_grows(faulty: Faulty, capsys: pytest.CaptureFixture[str]) -> None:
    more = generating([[["append", [], "llo"]]])
    progress = {"msg": "progress", "event_id": "e1", "progress_data": [{"index": 1, "length": 2, "desc": "working"}]}
    log = {"msg": "log", "event_id": "e1", "log": "nearly", "level": "info"}
    messages = [progress, log, generating(["He"]), more, completed(["Hello"]), CLOSE]
    faulty.answers["/queue/data"] = lambda exchange: exchange.stream(*messages)
    assert cli.main([faulty.base, "/echo", "--text", "x"]) == 0
    shown = capsys.readouterr()
    assert (shown.out, shown.err) == ("Hello\n", "info: nearly\n")
    assert cli.main([faulty.base, "/echo", "--text", "x", "--json"]) == 0
    assert capsys.readouterr().out == '"He"\n"Hello"\n'


def test_files_are_uploaded_and_saved(faulty: Faulty, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    parameter = {**INFO["named_endpoints"]["/echo"]["parameters"][0], "python_type": {"type": "filepath"}}
    info = {"named_endpoints": {"/echo": {"parameters": [parameter], "returns": []}}, "unnamed_endpoints": {}}
    file = {"path": "/t/a.txt", "url": None, "meta": {"_type": "gradio.FileData"}}
    faulty.answers["/info"] = lambda exchange: exchange.say(info)
    faulty.answers["/upload"] = lambda exchange: exchange.say(["/t/up"])
    faulty.answers["/a.txt"] = lambda exchange: exchange.say(b"content")
    faulty.answers["/queue/data"] = lambda exchange: exchange.stream(completed([file]), CLOSE)
    (tmp_path / "up.txt").write_text("up")
    words = [faulty.base, "/echo", "--text", str(tmp_path / "up.txt"), "-o", str(tmp_path / "got")]
    assert (cli.main(words), cli.main(words)) == (0, 0)
    assert sorted(path.name for path in (tmp_path / "got").iterdir()) == ["a-1.txt", "a.txt"]
    assert (tmp_path / "got/a.txt").read_text() == "content"
    assert len(faulty.headers_of("/upload")) == 2


def test_what_fails_is_told_in_a_line(faulty: Faulty, capsys: pytest.CaptureFixture[str]) -> None:
    failed = {"msg": "process_completed", "event_id": "e1", "output": {"error": "bad"}, "success": False}
    faulty.answers["/queue/data"] = lambda exchange: exchange.stream(failed, CLOSE)
    assert cli.main([faulty.base, "/echo", "x"]) == 1
    assert cli.main([faulty.base, "/nothing"]) == 1
    assert cli.main([faulty.base, "/echo"]) == 1
    lines = capsys.readouterr().err.splitlines()
    assert [line.split(":")[0] for line in lines] == ["AppError", "ArgumentError", "TypeError"]


def test_words_that_make_no_sense(faulty: Faulty) -> None:
    with pytest.raises(SystemExit) as caught:
        cli.main([faulty.base, "/echo", "--text"])
    assert caught.value.code == 2
