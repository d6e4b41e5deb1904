"""LinePlot, BarPlot and ScatterPlot: tables of many kinds as the page draws them."""

from __future__ import annotations

import datetime
from decimal import Decimal
from typing import Any

import numpy as np
import pandas as pd
import polars as pl
import pytest

import blocks_app as gr

DAY = 1_704_067_200_000  # 2024-01-01


def wire(value: Any, x: str = "a", y: str = "b") -> Any:
    return gr.LinePlot(x=x, y=y).postprocess(value)


def test_a_data_frame_becomes_columns_rows_and_kinds() -> None:
    frame = pd.DataFrame(
        {
            "a": pd.to_datetime(["2024-01-01", None]),
            "b": [1.5, None],
            "word": ["x", None],
            "kind": pd.Categorical(["u", "v"]),
            "yes": [True, False],
        }
    )
    assert wire(frame) == {
        "columns": ["a", "b", "word", "kind", "yes"],
        "data": [[DAY, 1.5, "x", "u", True], [None, None, None, "v", False]],
        "datatypes": {
            "a": "temporal",
            "b": "quantitative",
            "word": "nominal",
            "kind": "nominal",
            "yes": "quantitative",
        },
        "mark": "line",
    }


@pytest.mark.parametrize(
    "value",
    [
        {"a": ["x", "y"], "b": [1, 2]},
        {"a": np.array(["x", "y"]), "b": np.array([1, 2])},
        [{"a": "x", "b": 1}, {"a": "y", "b": 2}],
        pd.DataFrame({"a": ["x", "y"], "b": [1, 2]}, index=["p", "q"]),
    ],
    ids=["dict", "numpy", "rows", "pandas"],
)
def test_tables_without_pandas_are_the_same(value: object) -> None:
    made = wire(value)
    assert made["data"] == [["x", 1], ["y", 2]]
    assert made["datatypes"] == {"a": "nominal", "b": "quantitative"}


def test_times_and_numbers_of_python() -> None:
    rows = [
        {"a": datetime.date(2024, 1, 1), "b": Decimal("1.5"), "c": float("inf")},
        {"a": datetime.datetime(2024, 1, 1, 1, tzinfo=datetime.timezone(datetime.timedelta(hours=1)))},
    ]
    made = wire(rows)
    assert made["data"] == [[DAY, 1.5, None], [DAY, None, None]]
    assert made["datatypes"] == {"a": "temporal", "b": "quantitative", "c": "quantitative"}


@pytest.mark.parametrize(
    ("column", "kind", "first"),
    [
        (pd.to_timedelta(["1h"]), "quantitative", 3600.0),
        (pd.period_range("2024-01", periods=1, freq="M"), "temporal", DAY),
        (pd.to_datetime(["2024-01-01T01:00:00+01:00"]), "temporal", DAY),
        (pd.Series([datetime.date(2024, 1, 1)]), "temporal", DAY),
        (pd.Series([1, None], dtype="Int64").head(1), "quantitative", 1),
    ],
    ids=["durations", "periods", "zones", "dates", "nullable"],
)
def test_columns_that_json_does_not_know(column: Any, kind: str, first: object) -> None:
    made = wire(pd.DataFrame({"a": column, "b": [1]}))
    assert (made["datatypes"]["a"], made["data"][0][0]) == (kind, first)


def test_frames_of_polars_are_read_column_by_column_also_before_they_are_collected() -> None:
    day, hours = datetime.date(2024, 1, 1), datetime.timedelta(hours=2)
    frame = pl.DataFrame({"a": [day, None], "b": [hours, None], "c": [1.5, float("nan")], "d": ["x", None]})
    assert wire(frame) == wire(frame.lazy())
    assert wire(frame)["data"] == [[DAY, 7200.0, 1.5, "x"], [None, None, None, None]]
    assert list(wire(frame)["datatypes"].values()) == ["temporal", "quantitative", "quantitative", "nominal"]


def test_columns_may_be_called_by_numbers_or_twice() -> None:
    assert gr.ScatterPlot(x="1", y="2").postprocess(pd.DataFrame({1: [3], 2: [4]}))["columns"] == ["1", "2"]
    assert wire(pd.DataFrame([[1, 2, 3]], columns=["a", "a", "b"]))["data"] == [[1, 3]]


@pytest.mark.parametrize("value", ["x", 3, [1, 2], {"a": [1], "b": [1, 2]}, {"a": 1}, np.eye(2)])
def test_what_is_no_table_is_refused(value: object) -> None:
    with pytest.raises(gr.Error, match=r'LinePlot "P": a DataFrame, a dict of equal columns or a list of dicts'):
        gr.LinePlot(x="a", y="b", label="P").postprocess(value)


def test_a_column_that_is_not_there_is_named() -> None:
    with pytest.raises(gr.Error, match='there is no column "z" in the data, which has a, b'):
        gr.BarPlot(x="a", y="b", color="z").postprocess({"a": [1], "b": [2]})
    with pytest.raises(gr.Error, match="Name them with x= and y="):
        gr.BarPlot().postprocess({"a": [1]})


def test_a_function_may_give_back_what_it_got() -> None:
    plot = gr.BarPlot(x="a", y="b")
    made = plot.postprocess({"a": ["x"], "b": [1]})
    assert plot.postprocess(plot.preprocess(made)) == made
    assert made["mark"] == "bar" and gr.ScatterPlot(x="a", y="b").postprocess({"a": [1], "b": [1]})["mark"] == "point"
    assert plot.preprocess(None) is plot.postprocess(None) is None


@pytest.mark.parametrize(
    "sent", ["x", [1], {"columns": ["a"], "data": [[1, 2]], "datatypes": {"a": "nominal"}}, {"a": 1}]
)
def test_what_is_sent_and_no_table_is_refused(sent: object) -> None:
    with pytest.raises(gr.Error, match="a table with columns and rows is needed"):
        gr.LinePlot(x="a", y="b").preprocess(sent)


@pytest.mark.parametrize(
    ("option", "value"),
    [("x_bin", "5y"), ("x_bin", 0), ("y_aggregate", "mode"), ("sort", "z"), ("x_lim", [1]), ("y_lim", ["0", 1])],
)
def test_options_that_cannot_be_drawn_are_refused(option: str, value: Any) -> None:
    with pytest.raises(ValueError, match=f"BarPlot: {option}"):
        gr.BarPlot(x="a", y="b", **{option: value})


def test_a_plot_has_no_label_unless_given_one() -> None:
    assert gr.LinePlot(x="a", y="b").show_label is False
    assert gr.LinePlot(x="a", y="b", label="L").show_label is True
    assert gr.LinePlot(show_actions_button=True).buttons == ["export"]
    assert gr.LinePlot().props()["name"] == "nativeplot"
