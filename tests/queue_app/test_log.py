"""The log as whoever wrote the app reads it: when, which function, their own lines, and sentences."""

from __future__ import annotations

import json
import logging
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

import blocks_app
import blocks_app as gr
from blocks_app import logs
from blocks_app.diagnostics.tracebacks import folded
from queue_app.log_sentences import logger
from tests.launch.test_script import ENVIRONMENT

SCRIPT = """
import blocks_app as gr
from queue_app.testing import PageUser

def half(number):
    return inner(number)

def inner(number):
    return number / 0

with gr.Blocks() as demo:
    number, button = gr.Number(3), gr.Button()
    button.click(half, number, number)

if __name__ == "__main__":
    with PageUser(demo) as page:
        page.click(button)
        print(page.errors)
"""


def test_a_plain_script_has_its_user_and_tells_when_which_function_failed_and_where(tmp_path: Path) -> None:
    (tmp_path / "app.py").write_text(SCRIPT)
    done = subprocess.run(
        [sys.executable, "app.py"], cwd=tmp_path, env=ENVIRONMENT, text=True, capture_output=True, timeout=120
    )
    assert done.stdout == "['float division by zero']\n" or done.stdout == "['division by zero']\n", done.stderr
    first, second, third, *_ = done.stderr.splitlines()
    assert re.fullmatch(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d half has failed: ZeroDivisionError: .*division by zero", first)
    assert second.startswith("Traceback") and third.endswith("line 6, in half") and "blocks_app" not in done.stderr


def fails_inside(callback: Any) -> None:
    callback()


def test_our_lines_are_folded_and_theirs_come_first(caplog: pytest.LogCaptureFixture) -> None:
    def fail(text: str) -> str:
        demo(text, api_name="inner")  # through ours, and back
        return ""

    with gr.Blocks() as demo:
        box, button = gr.Textbox(), gr.Button()
        button.click(fail, box, box)
        button.click(lambda text: fails_inside(lambda: 1 / 0), box, box, api_name="inner", trigger_mode="multiple")
    try:
        fail("x")
    except ZeroDivisionError as error:
        lines = folded(error).splitlines()
    ours = [number for number, line in enumerate(lines) if 'File "blocks_app/' in line]
    assert ours and all(lines[number + 1].startswith("  File") for number in ours)
    assert f'File "{__file__}"' in lines[1] and lines[-1] == "ZeroDivisionError: division by zero"


def test_where_nothing_is_the_users_everything_is_told() -> None:
    try:
        exec(compile("def ours(): return 1 / 0\nours()", str(blocks_app.__file__), "exec"), {})
    except ZeroDivisionError as error:
        assert error.__traceback__ is not None
        told = folded(error.with_traceback(error.__traceback__.tb_next))
    assert told.count(f'File "{blocks_app.__file__}"') == 2


def test_a_record_is_a_sentence_with_the_actions_name_beside_it(caplog: pytest.LogCaptureFixture) -> None:
    log = logger("queue_app.databases")
    with caplog.at_level(logging.WARNING, "queue_app.databases"):
        log.warning("database.not_migrated", extra={"hint": "…"})
        log.warning("something else: %s", "as it is")
    told, other = caplog.records
    assert told.getMessage().startswith("The database is not migrated: run `manage.py migrate`.")
    assert (vars(told)["action"], other.getMessage()) == ("database.not_migrated", "something else: as it is")
    assert json.dumps(told.getMessage())


def test_what_is_told_of_values_is_one_line(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.WARNING, "blocks_app.load"):
        logs.logger("blocks_app.load").warning("load.failed", extra={"error": "a\nERROR b\x0bc" + "x" * 10_000})
    [record] = caplog.records
    assert "\n" not in record.getMessage() and len(record.getMessage()) < 700


def test_the_terminal_is_written_to_where_nobody_else_writes(capsys: pytest.CaptureFixture[str]) -> None:
    terminal, record = (
        logs.Terminal(),
        logging.makeLogRecord({"name": "blocks_app.alone", "levelno": 30, "msg": "told"}),
    )
    mine = logging.getLogger("blocks_app.alone")
    mine.propagate = False
    try:
        assert terminal.handle(record)
        mine.addHandler(logging.StreamHandler())
        assert not terminal.handle(record)
    finally:
        mine.propagate = True
        mine.handlers.clear()
    assert capsys.readouterr().err.endswith(" told\n")
