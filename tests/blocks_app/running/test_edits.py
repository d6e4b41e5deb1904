"""Edits between two yields: whatever a reader applies literally must give the new value."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from blocks_app.running.updates import apply_edits, diff
from tests.dispatch.data import edits

values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=3), inner, max_size=4),
    max_leaves=12,
)


@given(values, values)
def test_applying_the_edits_gives_the_new_value(old, new):
    edits = diff(old, new)
    assert edits is not None and apply_edits(old, edits) == new


def test_growing_text_is_appended():
    assert diff("Hel", "Hello") == [["append", [], "lo"]]


def test_equal_values_need_no_edit():
    assert diff({"a": [1, {"b": 2}]}, {"a": [1, {"b": 2}]}) == []


def test_nested_deletes_do_not_shift_each_other():
    assert diff([[1, 2, 3], [4]], [[1], [4]]) == [["delete", [0, 2], None], ["delete", [0, 1], None]]


@pytest.mark.parametrize(("old", "changes", "new"), edits())
def test_edits_apply_as_the_page_and_the_client_apply_them(old: Any, changes: list[Any], new: Any) -> None:
    before = repr(old)
    assert apply_edits(old, changes) == new
    assert repr(old) == before


def test_what_many_edits_touch_is_copied_once_and_what_an_edit_brings_is_never_changed() -> None:
    before, brought = [[0] for _ in range(1000)], [1]
    changes: list[Any] = [["replace", [number, 0], number] for number in range(1000)]
    after = apply_edits(before, [*changes, ["replace", [0], brought], ["add", [0, 0], 2]])
    assert (after[999], after[0], brought, before[5]) == ([999], [2, 1], [1], [0])


def test_an_edit_of_an_unknown_kind_is_no_silent_change() -> None:
    with pytest.raises(ValueError, match="unknown kind: 'move'"):
        apply_edits([1], [["move", [0], 2]])
