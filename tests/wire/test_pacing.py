"""Waiting for clients that would lose messages."""

from __future__ import annotations

import pytest

from queue_app.delivery.gradio_client_timing import CROSSING, HOLD_BACK, Pace, loses_early_messages


@pytest.mark.parametrize(
    ("agent", "early"),
    [
        (b"gradio_client/1.0.1; hf_hub/0.25.2", True),
        (b"gradio_client/1.14.0", True),
        (b"gradio_client/2.6.1", True),
        (b"gradio_client/2.7.2; hf_hub/2.4.0", False),
        (b"gradio_client/10.0.0", False),
        (b"Mozilla/5.0", False),
        (None, False),
    ],
)
def test_which_clients_lose_early_messages(agent: bytes | None, early: bool) -> None:
    assert loses_early_messages(agent) is early


def test_one_event_after_the_other_never_waits() -> None:
    pace = Pace()
    for now in (100.0, 100.01, 100.02):
        assert pace.joins(now, together=False, early=True) == 0
        assert pace.held_until == 0
        pace.closed_at = now + 0.005


def test_the_stream_is_held_for_old_clients_with_several_events() -> None:
    pace = Pace()
    pace.joins(100.0, together=True, early=True)
    assert pace.held_until == 100.0 + HOLD_BACK


def test_the_stream_is_held_for_old_clients_while_it_is_open() -> None:
    pace = Pace()
    pace.streams = 1
    pace.joins(100.0, together=False, early=True)
    assert pace.held_until == 100.0 + HOLD_BACK


def test_an_answer_does_not_cross_a_closing_stream() -> None:
    pace = Pace()
    pace.joins(100.0, together=True, early=False)
    pace.closed_at = 100.1
    assert pace.joins(100.11, together=False, early=False) == pytest.approx(CROSSING - 0.01)
    assert pace.joins(100.2, together=False, early=False) == 0
