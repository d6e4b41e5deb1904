"""Logs tell sessions apart, and nobody who reads them may act as one."""

from __future__ import annotations

import logging
from typing import Any

import pytest

import blocks_app as gr
from queue_app.sessions.session_hash import logged, partly
from queue_app.testing import PageUser

SESSION = "0k3j2hf9x1c"


@pytest.mark.parametrize("name", ["x" * 8, SESSION, "4f1c2b1e-9f3e-4c6e-8a53-2f1f5f0f9b7d", "x" * 200])
def test_most_of_a_name_is_left_out(name: str) -> None:
    for shortened in (partly(name), logged(name)):
        assert shortened.endswith("…") and name.startswith(shortened[:-1]) and len(shortened) - 1 <= len(name) // 3


def test_no_record_has_the_whole_name(caplog: Any) -> None:
    caplog.set_level(logging.DEBUG)
    with gr.Blocks() as demo:
        button, count = gr.Button(), gr.State(0)
        button.click(lambda number: number + 1, count, count)
        other = gr.Button("fails")
        other.click(lambda: 1 / 0)
        demo.unload(lambda: None)
    with PageUser(demo, session_hash=SESSION) as page:
        page.click(button)
        page.click(other)
    ours = [record for record in caplog.records if record.name.startswith(("queue_app", "blocks_app"))]
    assert ours and not [record for record in ours if SESSION in str(vars(record))]
