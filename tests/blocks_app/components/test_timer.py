"""Timer: ticks are triggers like any other; the page counts the time."""

from __future__ import annotations

from itertools import count
from typing import Any

import pytest

import blocks_app as gr
from queue_app.testing import PageUser


def test_a_tick_runs_its_listeners() -> None:
    with gr.Blocks() as demo:
        timer, out = gr.Timer(5), gr.Number()
        timer.tick(lambda seconds: seconds, timer, out)
    with PageUser(demo) as page:
        page.fire(timer, "tick")
        assert page.value(out) == 5


def test_it_can_be_stopped_and_changed_by_an_update() -> None:
    with gr.Blocks() as demo:
        timer, stop = gr.Timer(1), gr.Button()
        stop.click(lambda: gr.Timer(value=3, active=False), None, timer)
    with PageUser(demo) as page:
        page.click(stop)
        assert page.prop(timer, "active") is False and page.value(timer) == 3


def test_a_value_is_asked_for_again_at_each_tick() -> None:
    numbers = count()
    with gr.Blocks() as demo:
        timer = gr.Timer(60)
        out = gr.Number(lambda: next(numbers), every=timer)
    with PageUser(demo) as page:
        before = page.value(out)
        page.fire(timer, "tick")
        assert page.value(out) == before + 1


def test_a_listener_takes_a_timer_as_every() -> None:
    with gr.Blocks() as demo:
        timer, out, button = gr.Timer(60), gr.Textbox(), gr.Button()
        event = button.click(lambda: "called", None, out, every=timer)
    assert [target.event for target in event.dependency.targets] == ["click", "tick"]
    assert event.dependency.every is None
    with PageUser(demo) as page:
        page.fire(timer, "tick")
        assert page.value(out) == "called"


@pytest.mark.parametrize("value", [0, -1, True, "5", None])
def test_a_senseless_pace_is_refused(value: Any) -> None:
    with pytest.raises(ValueError, match="positive number of seconds"):
        gr.Timer(value)
