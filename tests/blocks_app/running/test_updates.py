"""Differences between two yields: whatever a reader applies literally must give the new value."""

from __future__ import annotations

import copy
import json
import pickle

from hypothesis import given
from hypothesis import strategies as st

import blocks_app as gr
from blocks_app.listeners.validation import _problem
from blocks_app.running.updates import changes_of, diff

values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=3), inner, max_size=4),
    max_leaves=12,
)


def apply(edits, value):
    """What Gradio's clients do with edits."""
    for op, path, new in edits:
        if not path:
            value = value + new if op == "append" else new
            continue
        *way, last = path
        holder = value
        for step in way:
            holder = holder[step]
        if op == "replace":
            holder[last] = new
        elif op == "append":
            holder[last] += new
        elif op == "add":
            holder.insert(last, new) if isinstance(holder, list) else holder.__setitem__(last, new)
        else:
            del holder[last]
    return value


@given(values, values)
def test_applying_the_edits_gives_the_new_value(old, new):
    assert apply(copy.deepcopy(diff(old, new)), copy.deepcopy(old)) == new


def test_growing_text_is_appended():
    assert diff("Hel", "Hello") == [["append", [], "lo"]]


def test_equal_values_need_no_edit():
    assert diff({"a": [1, {"b": 2}]}, {"a": [1, {"b": 2}]}) == []


def test_nested_deletes_do_not_shift_each_other():
    assert diff([[1, 2, 3], [4]], [[1], [4]]) == [["delete", [0, 2], None], ["delete", [0, 1], None]]


def test_only_what_the_app_has_written_is_an_update():
    for made in (gr.update(visible=False), gr.skip(), gr.update(__type__="x"), {**gr.update(), "label": "L"}):
        assert changes_of(made) is not None
        assert changes_of(copy.deepcopy(made)) is not None and changes_of(pickle.loads(pickle.dumps(made))) is not None
        assert made["__type__"] == "update"
        assert changes_of(json.loads(json.dumps(made))) is None


def test_only_what_the_app_has_written_is_a_verdict():
    verdict = gr.validate(False, "no")
    assert not _problem(verdict, "a")["is_valid"]
    assert _problem(json.loads(json.dumps(verdict)), "a")["is_valid"]
