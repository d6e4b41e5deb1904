"""A project that was not migrated yet: told once, in a sentence, and nothing that a visitor does is lost for it."""

from __future__ import annotations

from pathlib import Path

import pytest

import blocks_app as gr
from queue_app import databases
from queue_app.records.event_log import EventLog
from queue_app.records.flag_models import Flag
from queue_app.records.flags import table
from queue_app.server.unmigrated import lacks_tables
from queue_app.signals import JobChanged

pytestmark = pytest.mark.usefixtures("database")


def test_launch_says_so_once() -> None:
    assert [lacks_tables(), lacks_tables()] == [True, False]


def test_the_log_of_events_says_so_once_without_a_traceback(caplog: pytest.LogCaptureFixture) -> None:
    for number in range(2):
        events = EventLog()
        event_id = f"{number}" * 32
        change = JobChanged("job.queued", 1.0, event_id, "chat", 0, "f", "s", None, None, None, "queued", 1.0)
        events.note(change)
        events.close()
    assert [(each.action, each.exc_info) for each in caplog.records] == [("database.not_migrated", None)]


def test_a_flag_goes_into_a_file_until_there_is_a_table(tmp_path: Path) -> None:
    assert not databases.has_table(Flag) and table() is None
    logger = gr.DatabaseLogger()
    logger.setup([gr.Textbox(label="text")], tmp_path / "flagged")
    assert logger.flag(["hello"]) == 1
    assert "hello" in (tmp_path / "flagged" / "log.csv").read_text()
