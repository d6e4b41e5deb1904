"""Dataframe: tables of every kind as rows, and rows as arguments."""

from __future__ import annotations

import datetime
import json
from pathlib import Path
from typing import Any

import numpy as np
import orjson
import pandas as pd
import polars as pl
import pytest

import blocks_app as gr
from blocks_app.exceptions import DeclarationError
from blocks_app.running import encoding


def shown(value: Any, **options: Any) -> dict[str, Any]:
    return gr.Dataframe(**options).postprocess(value)


def rows(value: Any) -> list[list[Any]]:
    return shown(value)["data"]


def argument(kind: Any, headers: Any, data: Any) -> Any:
    return gr.Dataframe(type=kind).preprocess({"headers": headers, "data": data, "metadata": None})


def test_frames_arrays_lists_and_dicts_become_headers_and_rows() -> None:
    wanted = {"headers": ["a", "b"], "data": [[1, "x"], [2, "y"]], "metadata": None}
    assert shown(pd.DataFrame({"a": [1, 2], "b": ["x", "y"]})) == wanted
    assert shown(pl.DataFrame({"a": [1, 2], "b": ["x", "y"]})) == wanted
    assert shown({"headers": ["a", "b"], "data": [[1, "x"], [2, "y"]]}) == wanted
    assert shown({"a": [1, 2], "b": ["x", "y"]}) == wanted
    assert shown([(1, "x"), (2, "y")], headers=["a", "b"]) == wanted
    assert shown(np.array([[1, "x"], [2, "y"]], dtype=object), headers=["a", "b"]) == wanted
    assert rows([1, 2]) == rows(np.arange(1, 3)) == rows(pd.Series([1, 2])) == [[1], [2]]


def test_headers_are_as_many_as_columns() -> None:
    assert shown([[1, 2, 3]], headers=["x", "y"])["headers"] == ["x", "y", "3"]
    assert shown([[1]], headers=["x", "y"])["headers"] == ["x"]
    assert shown(pd.DataFrame([[1, 2]]))["headers"] == [0, 1]
    assert shown(pd.DataFrame([[1, 2]], columns=["a", "a"]))["headers"] == ["a", "a"]
    levels = pd.MultiIndex.from_tuples([("a", "x"), ("b", "")])
    assert shown(pd.DataFrame([[1, 2]], columns=levels))["headers"] == ["a / x", "b"]


def test_no_value_is_an_empty_row_and_an_empty_table_has_none() -> None:
    row = shown(None, headers=["a", "b", "c"], datatype=["number", "bool", "date"], row_count=2)["data"]
    assert row == [[0, False, "01/01/1970"]] * 2
    for empty in ([], {}, [[]], pd.DataFrame(), np.zeros((0, 2))):
        assert rows(empty) == [[]]
    assert shown(pd.DataFrame({"a": [], "b": []}))["headers"] == ["a", "b"]


def test_what_is_missing_is_null() -> None:
    frame = pd.DataFrame(
        {
            "f": [1.5, float("nan"), float("inf")],
            "s": ["x", None, float("nan")],
            "i": pd.array([1, None, 2], dtype="Int64"),
            "c": pd.Categorical(["u", None, "v"]),
            "t": pd.to_datetime(["2024-01-02", None, "2024-01-03"]),
            "d": pd.to_timedelta(["1 days", None, None]),
        }
    )
    first, second, third = rows(frame)
    assert first == [1.5, "x", 1, "u", "2024-01-02 00:00:00", "1 days 00:00:00"]
    assert second == [None] * 6
    assert third == [None, None, 2, "v", "2024-01-03 00:00:00", None]
    assert rows([[np.float64("nan"), pd.NaT, pd.NA, np.datetime64("NaT", "s")]]) == [[None] * 4]


def test_times_are_written_as_python_writes_them() -> None:
    zoned = pd.to_datetime(["2024-07-02 03:04:05"]).tz_localize("Europe/Berlin")
    exact = pd.to_datetime(["2024-07-02 03:04:05.678"])
    assert rows(pd.DataFrame({"z": zoned, "e": exact})) == [["2024-07-02 03:04:05+02:00", "2024-07-02 03:04:05.678000"]]
    assert rows([[datetime.date(2024, 1, 2), datetime.time(3, 4)]]) == [["2024-01-02", "03:04:00"]]
    assert rows(np.array([["2024-01-02"]], dtype="datetime64[D]")) == [["2024-01-02"]]
    assert rows(pl.DataFrame({"d": [datetime.date(2024, 1, 2), None]})) == [["2024-01-02"], [None]]


def test_numbers_keep_their_digits_and_odd_values_become_text() -> None:
    wire = encoding.encode(shown(pd.DataFrame({"a": [2**63 - 1], "b": np.array([2**64 - 1], dtype="uint64")})))
    assert json.loads(wire)["data"] == [[2**63 - 1, 2**64 - 1]]
    assert json.loads(encoding.encode(shown([[2**70, "a\ud83d", b"ab", 1 + 2j]])))["data"] == [
        [2**70, "a�", "b'ab'", "(1+2j)"]
    ]


def test_an_object_whose_str_fails_is_told() -> None:
    class Broken:
        def __str__(self) -> str:
            raise ValueError("no words")

    with pytest.raises(ValueError, match="no words"):
        shown([[Broken()]])


def test_a_styler_brings_texts_and_styles_of_what_it_does_not_hide() -> None:
    frame = pd.DataFrame({"a": [1.234, 2.5], "b": ["x", "y"], "c": [1, 2]})
    styler = frame.style.format(precision=1).hide(["b"], axis="columns").highlight_max(color="gold", subset=["c"])
    table = shown(styler, interactive=False)
    assert table["headers"] == ["a", "c"]
    assert table["data"] == [[1.234, 1], [2.5, 2]]
    assert table["metadata"] == {
        "display_value": [["1.2", "1"], ["2.5", "2"]],
        "styling": [["", ""], ["", "background-color: gold"]],
    }
    with pytest.warns(UserWarning, match="interactive=False"):
        shown(styler, interactive=True)


def test_a_csv_file_is_read_and_no_address_is_asked(tmp_path: Path) -> None:
    place = tmp_path / "t.csv"
    place.write_text("a,b\n1,x\n")
    assert shown(str(place))["data"] == [[1, "x"]]
    with pytest.raises(gr.Error, match="does not fetch"):
        shown("http://127.0.0.1:1/t.csv")
    with pytest.raises(gr.Error, match="no csv"):
        place.write_text('a,b\n"1')
        shown(str(place))


def test_what_is_no_table_is_told() -> None:
    with pytest.raises(gr.Error, match="not int"):
        shown(5)
    with pytest.raises(gr.Error, match="one or two dimensions"):
        shown(np.array(3))
    with pytest.raises(gr.Error, match="list of names"):
        shown({"headers": 5, "data": [[1]]})
    with pytest.raises(gr.Error, match="metadata"):
        shown({"headers": ["a"], "data": [[1]], "metadata": 5})


def test_long_texts_are_written_few_rows_at_a_time() -> None:
    value = shown([["x" * 100_000]] * 60 + [["short"]])
    assert json.loads(encoding.encode(value)) == value


def test_a_function_gets_what_type_says() -> None:
    data = [["x", 1], ["y", None]]
    frame = argument("pandas", ["a", "b"], data)
    assert list(frame.columns) == ["a", "b"]
    assert frame["b"].isna().tolist() == [False, True]
    assert argument("array", ["a", "b"], data) == data
    assert argument("numpy", ["a", "b"], [[1, 2]]).tolist() == [[1, 2]]
    assert argument("polars", ["a", "b"], data).to_dict(as_series=False) == {"a": ["x", "y"], "b": [1, None]}
    assert argument("pandas", ["a"], [[]]).shape == argument("pandas", ["a"], []).shape == (0, 1)
    assert argument("pandas", ["a", "b"], [[1]]).shape == (1, 2)
    assert gr.Dataframe().preprocess(None).empty


@pytest.mark.parametrize(
    ("payload", "words"),
    [
        ("text", "a table is a record"),
        ({"headers": "a", "data": []}, "list of texts"),
        ({"headers": [["a"]], "data": []}, "list of texts"),
        ({"headers": ["a"], "data": [1]}, "list of rows"),
        ({"headers": ["a"]}, "list of rows"),
        ({"headers": ["a"], "data": [[1, 2]]}, "2 cells, but there are 1 headers"),
        ({"headers": ["a"], "data": [[1]] * 4}, "at most 3 rows"),
        ({"headers": ["a"], "data": []}, "at least 1 rows"),
    ],
)
def test_a_sent_value_that_is_no_table_is_refused_in_words(payload: Any, words: str) -> None:
    with pytest.raises(gr.Error, match=words):
        gr.Dataframe(row_limits=(1, 3)).preprocess(payload)


def test_arrays_and_polars_say_what_they_do_not_take() -> None:
    with pytest.raises(gr.Error, match="same length"):
        argument("numpy", ["a", "b"], [[1], [1, 2]])
    with pytest.raises(gr.Error, match="same name"):
        argument("polars", ["a", "a"], [[1, 2]])


def test_datatypes_are_found_in_the_value() -> None:
    frame = pd.DataFrame({"i": [1], "f": [1.0], "b": [True], "s": ["x"], "d": pd.to_datetime(["2024-01-01"])})
    assert gr.Dataframe(frame, datatype="auto").datatype == ["number", "number", "bool", "str", "date"]
    assert gr.Dataframe([[1, "x", True]], datatype="auto").datatype == ["number", "str", "bool"]
    assert gr.Dataframe(datatype="auto").datatype == "auto"


def test_datatypes_are_those_of_all_cells_of_a_column() -> None:
    def found(value: Any) -> Any:
        return gr.Dataframe(value, datatype="auto").datatype

    assert found([[None, float("nan"), 1], [True, True, "x"], [False, None, 2.5]]) == ["bool", "bool", "str"]
    assert found(pd.DataFrame({"b": [None, True], "m": [1, "x"], "d": [None, datetime.date(2024, 1, 2)]})) == [
        "bool",
        "str",
        "date",
    ]
    assert found({"headers": ["n"], "data": [[None], [3]]}) == found({"n": [None, 3]}) == ["number"]
    assert found(np.array([[None, "x"], [1, 2]], dtype=object)) == ["number", "str"]
    assert found(pl.DataFrame({"n": [1], "t": [datetime.timedelta(1)]})) == ["number", "date"]
    assert found([[None], [None]]) == ["str"]


def test_the_page_looks_at_each_table_where_datatypes_are_found() -> None:
    assert gr.Dataframe([[1]], datatype="auto").get_config()["datatype"] == "auto"
    assert gr.Dataframe([[1]], datatype="number").get_config()["datatype"] == "number"


def test_headers_and_their_count_follow_one_another_in_an_update() -> None:
    def changed(block: gr.Dataframe, **changes: Any) -> Any:
        after: Any = block.copy_with(changes)
        return after.headers, after.col_count

    table = gr.Dataframe(headers=["a", "b"], col_count=(2, "fixed"))
    assert changed(table, headers=["x", "y", "z"]) == (["x", "y", "z"], (3, "fixed"))
    assert changed(table, column_count=3) == (["a", "b", "3"], (3, "dynamic"))
    assert changed(gr.Dataframe(column_count=2), col_count=1) == (["1"], (1, "dynamic"))
    assert changed(table, wrap=True) == (["a", "b"], (2, "fixed"))


def test_moments_are_written_many_at_once_as_one_alone() -> None:
    texts = ["1890-01-01", "2024-03-31 00:30:00.5", None, "2024-07-01", "2024-10-27 00:30"]
    world = pd.to_datetime(texts, format="mixed").tz_localize("UTC")
    columns = {zone: world.tz_convert(zone) for zone in ("UTC", "Europe/Berlin", "America/St_Johns")}
    frame = pd.DataFrame(
        {
            **columns,
            "none": world.tz_localize(None),
            "exact": world.tz_localize(None).as_unit("ns") + pd.Timedelta(1, "ns"),
            "lasted": pd.to_timedelta(["1 days", "-1 seconds", None, "26:02:03", "-3 days"]),
        }
    )
    assert rows(frame) == [
        [None if cell is pd.NaT else str(cell) for cell in line] for line in frame.astype(object).to_numpy().tolist()
    ]
    assert rows(pl.DataFrame({"m": [datetime.datetime(2024, 1, 2, 3, 4, 5, 6000), None]})) == [
        ["2024-01-02 03:04:05.006000"],
        [None],
    ]


def test_rows_that_are_not_finite_or_not_of_a_length() -> None:
    infinite = float("inf")
    assert rows([[1.5, infinite], [1e308, 1e308]]) == [[1.5, None], [1e308, 1e308]]
    assert rows([[1.5], [infinite, "x"], []]) == [[1.5], [None, "x"], []]
    given = [[1, "x"]]
    rows(given)[0][0] = 2
    assert given == [[1, "x"]]


@pytest.mark.parametrize(
    "options",
    [
        {"row_count": "many"},
        {"row_count": (1, "sometimes")},
        {"col_count": -1},
        {"headers": ["a"], "col_count": 2},
        {"datatype": "text"},
        {"type": "excel"},
        {"row_limits": (3, 1)},
        {"column_widths": ["wide"]},
        {"static_columns": [-1]},
        {"show_search": "maybe"},
    ],
)
def test_a_declaration_that_makes_no_sense_is_told(options: dict[str, Any]) -> None:
    with pytest.raises(DeclarationError):
        gr.Dataframe(**options)


def test_old_and_new_names_of_options() -> None:
    assert gr.Dataframe(col_count=2).col_count == gr.Dataframe(column_count=2).col_count == (2, "dynamic")
    assert gr.Dataframe(height=200).height == 200
    assert gr.Dataframe(max_height=200).max_height == 200
    assert gr.Dataframe(column_widths=[50, "20%", "auto"]).column_widths == ["50px", "20%", "auto"]


def test_short_forms() -> None:
    assert (gr.Numpy().type, gr.Matrix().type, gr.List().type) == ("numpy", "array", "array")
    assert gr.List().headers == ["1"]
    assert gr.DataFrame is gr.Dataframe


def test_a_large_table_is_written_as_the_encoder_alone_writes_it() -> None:
    frame = pd.DataFrame({"n": np.arange(30_001) / 3, "t": [f"row {i}" for i in range(30_001)]})
    value = shown(frame)
    assert encoding.encode(value["data"]) == orjson.dumps(list(value["data"]))
    text, copy = encoding.encode_and_copy(value)
    assert copy == value
    assert copy["data"][0] is not value["data"][0]
    assert encoding.encode_and_copy([1, value["data"], 2])[1] == [1, value["data"], 2]
    assert json.loads(text) == value


def test_an_edit_brings_its_place_and_both_values() -> None:
    edit = gr.EditData(None, {"index": [1, 2], "value": 5, "previous_value": 4})
    assert (edit.index, edit.value, edit.previous_value) == ([1, 2], 5, 4)
