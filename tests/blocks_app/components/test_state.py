"""State: a value per visitor that the page never sees."""

from __future__ import annotations

import math
import threading

import pytest

import blocks_app as gr
from blocks_app.page.config import build_config
from blocks_app.running.state import SessionState


def test_the_initial_value_is_a_copy() -> None:
    given = {"a": [1]}
    state = gr.State(given)
    given["a"].append(2)
    assert state.value == {"a": [1]}


def test_each_session_has_its_own_copy_that_stays_changed() -> None:
    state, one, two = gr.State([1]), SessionState(), SessionState()
    one.get(state).append(2)
    assert one.get(state) == [1, 2]
    assert two.get(state) == state.value == [1]


def test_what_cannot_be_copied_is_told_at_once() -> None:
    with pytest.raises(TypeError, match=r"initial value of `gr.State` must be able to be deepcopied.*lock"):
        gr.State(threading.Lock())


def test_the_value_is_never_in_the_config() -> None:
    with gr.Blocks() as demo:
        gr.State({"secret": "s3cr3t"}, delete_callback=print)
    (entry,) = build_config(demo)["components"]
    assert entry["type"] == "state"
    assert entry["props"] == {"name": "state"}
    assert "s3cr3t" not in repr(build_config(demo))


def test_it_is_not_part_of_signatures() -> None:
    assert gr.State().stateful
    assert gr.State().skip_api
    assert gr.State().initial_value() is None


def test_lifetime() -> None:
    assert gr.State().time_to_live == math.inf
    assert gr.State(time_to_live=60).time_to_live == 60
    with pytest.raises(gr.exceptions.DeclarationError, match="time_to_live"):
        gr.State(time_to_live=0)


def test_a_function_makes_the_value() -> None:
    assert gr.State(lambda: 4).value == 4


def test_it_can_be_kept_out_of_the_tree() -> None:
    with gr.Blocks() as demo:
        state = gr.State(1, False)
    assert state not in demo.blocks.values()


def test_change_takes_listeners() -> None:
    with gr.Blocks() as demo:
        gr.State().change(lambda: None)
    assert demo.dependencies[0].targets[0].event == "change"
