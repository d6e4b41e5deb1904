"""Slider: a number within its range."""

from __future__ import annotations

from typing import Any

import pytest

import blocks_app as gr
from blocks_app.exceptions import DeclarationError


def test_a_function_gets_the_number() -> None:
    assert gr.Slider(1, 10).preprocess(5) == 5


@pytest.mark.parametrize("sent", [99, 0, None, "5", True])
def test_values_outside_are_refused(sent: object) -> None:
    with pytest.raises(gr.Error, match='Slider "Age": '):
        gr.Slider(1, 10, label="Age").preprocess(sent)


@pytest.mark.parametrize(("returned", "wire"), [(5, 5), (None, 1), (99, 99)])
def test_results_are_not_clamped_and_none_is_the_minimum(returned: object, wire: object) -> None:
    assert gr.Slider(1, 10).postprocess(returned) == wire


def test_it_starts_at_the_minimum() -> None:
    assert gr.Slider(3, 9).initial_value() == 3
    assert gr.Slider(3, 9, 4).initial_value() == 4


@pytest.mark.parametrize(
    ("bounds", "step"), [((0, 100), 1), ((0, 1), 0.01), ((0, 1000), 10), ((0, 50), 0.1), ((2, 2), 1)]
)
def test_the_usual_step_is_about_a_hundredth(bounds: tuple[float, float], step: float) -> None:
    assert gr.Slider(*bounds).step == step


def test_precision_rounds_both_ways() -> None:
    slider = gr.Slider(0, 10, precision=1)
    assert slider.preprocess(1.26) == slider.postprocess(1.26) == 1.3


def test_random_values_are_positions_of_the_slider() -> None:
    slider = gr.Slider(0.1, 0.9, step=0.2, randomize=True)
    assert slider.load_fn is not None
    assert {slider.get_random_value() for _ in range(200)} == {0.1, 0.3, 0.5, 0.7, 0.9}


def test_the_schema_tells_the_range() -> None:
    assert gr.Slider(1, 5).api_info() == {"type": "number", "description": "numeric value between 1 and 5"}


@pytest.mark.parametrize("mistake", [{"minimum": 3, "maximum": 2}, {"step": -1}, {"buttons": ["copy"]}])
def test_mistakes_are_told_at_once(mistake: dict[str, Any]) -> None:
    with pytest.raises(DeclarationError, match="Slider: "):
        gr.Slider(**mistake)
