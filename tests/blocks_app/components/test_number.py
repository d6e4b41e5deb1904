"""Number: numbers both ways, rounded and within bounds."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import blocks_app as gr
from blocks_app.exceptions import DeclarationError


@pytest.mark.parametrize("sent", [3, 3.5, None, -1, 10**20])
def test_a_function_gets_what_was_sent(sent: object) -> None:
    got = gr.Number().preprocess(sent)
    assert got == sent
    assert type(got) is type(sent)


@pytest.mark.parametrize(("sent", "precision", "argument"), [(2.5, 0, 2), (3.5, 0, 4), (1.256, 2, 1.26), (7, 2, 7)])
def test_precision_rounds_to_even(sent: float, precision: int, argument: float) -> None:
    number = gr.Number(precision=precision)
    assert number.preprocess(sent) == number.postprocess(sent) == argument
    assert precision or isinstance(number.preprocess(sent), int)


@pytest.mark.parametrize("sent", ["4", True, [1], {}, float("nan"), float("inf")])
def test_what_is_no_number_is_refused(sent: object) -> None:
    with pytest.raises(gr.Error, match='Number "Age": '):
        gr.Number(label="Age").preprocess(sent)


def test_bounds_hold_for_clients_too() -> None:
    number = gr.Number(label="Age", minimum=0, maximum=9)
    assert number.preprocess(0) == 0
    with pytest.raises(gr.Error, match=r"Value -1 is less than minimum value 0\."):
        number.preprocess(-1)
    with pytest.raises(gr.Error, match=r"Value 10 is greater than maximum value 9\."):
        number.preprocess(10)


@pytest.mark.parametrize(("returned", "wire"), [(3, 3), (3.5, 3.5), (None, None), ("4", "4"), (True, True), (99, 99)])
def test_results_pass_without_a_check(returned: object, wire: object) -> None:
    assert gr.Number(maximum=9).postprocess(returned) == wire


@pytest.mark.parametrize("result", [np.float32(0.5), np.int64(5), np.array(5)])
def test_numpy_numbers_become_plain(result: Any) -> None:
    assert type(gr.Number().postprocess(result)) in (int, float)


@pytest.mark.parametrize("mistake", [{"minimum": 3, "maximum": 2}, {"step": 0}])
def test_mistakes_are_told_at_once(mistake: dict[str, Any]) -> None:
    with pytest.raises(DeclarationError, match="Number: "):
        gr.Number(**mistake)
