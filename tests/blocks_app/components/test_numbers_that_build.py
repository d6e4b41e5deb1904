"""A number among the options that something as large would be made of is bounded, in words and at once."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

import blocks_app as gr
from blocks_app.exceptions import DeclarationError
from queue_app.testing import PageUser

HUGE = 10**12
INFINITE = float("inf")


@pytest.mark.parametrize(
    ("declare", "option", "words"),
    [
        *((gr.Dataframe, {name: HUGE}, "at most 1,000,000") for name in ("row_count", "col_count", "column_count")),
        (gr.Dataframe, {"row_count": (HUGE, "fixed")}, "at most 1,000,000"),
        (gr.Dataframe, {"row_count": 10**400}, "at most 1,000,000"),
        (gr.Dataframe, {"col_count": INFINITE}, "at most 1,000,000"),
        (gr.Dataframe, {"row_count": 20_000, "col_count": 51}, "1,000,000 cells are the most"),
        (gr.Gallery, {"columns": HUGE}, "from 1 to 1,000"),
        (gr.Gallery, {"rows": [1, HUGE]}, "from 1 to 1,000"),
        (gr.Number, {"precision": -HUGE}, "from -400 to 400"),
        (gr.Slider, {"precision": -HUGE}, "from -400 to 400"),
        (gr.Slider, {"maximum": INFINITE}, "maximum must be a finite number"),
        (gr.Slider, {"step": float("nan")}, "step must be a finite number"),
        (gr.Timer, {"value": INFINITE}, "positive number of seconds"),
        (gr.ImageEditor, {"canvas_size": (HUGE, HUGE)}, "50,000,000 at most in all"),
    ],
)
def test_what_is_too_large_is_refused_in_words(declare: Callable[..., Any], option: dict[str, Any], words: str) -> None:
    with pytest.raises(DeclarationError, match=words):
        declare(**option)


def test_an_update_is_refused_like_a_declaration_and_the_page_goes_on() -> None:
    def grow(rows: float) -> Any:
        return gr.update(row_count=int(rows))

    with gr.Blocks() as demo:
        rows, table = gr.Number(HUGE), gr.Dataframe()
        rows.submit(grow, rows, table)
    with PageUser(demo) as user:
        user.submit(rows)
        assert "1,000,000" in user.errors[-1]
        user.set(rows, 7)
        user.submit(rows)
        assert len(user.errors) == 1


def test_the_widest_range_of_a_slider_has_a_step() -> None:
    assert gr.Slider(-1e308, 1e308).step > 1
