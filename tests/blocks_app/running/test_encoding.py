"""Large values are written, read and compared in pieces: no single call holds everybody, and nothing is lost."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from blocks_app import jsonable
from blocks_app.exceptions import CallError
from blocks_app.running import encoding
from blocks_app.running.state import fingerprint
from blocks_app.running.updates import diff

SCALARS = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text()
VALUES = st.recursive(SCALARS, lambda some: st.lists(some) | st.dictionaries(st.text(), some), max_leaves=60)

LARGE: dict[str, Any] = {
    "list": list(range(60_000)),
    "dict": {str(number): number for number in range(60_000)},
    "inside": {"data": [{"x": number, "y": [number, "é"]} for number in range(20_000)], "": {}},
    "rows": [[number, "a" * 300, number / 3] for number in range(3_000)],
    "text": ["é" * 3_000_000],
    "numbers as keys": {number: [number] for number in range(20_000)},
}


@pytest.fixture
def calls(monkeypatch) -> list[int]:
    """How much each single call of the encoder or the decoder has worked on."""
    found: list[int] = []
    dumps, loads = jsonable.dumps, jsonable.loads

    def counted_dumps(value: Any) -> bytes:
        text = dumps(value)
        found.append(len(text))
        return text

    def counted_loads(text: bytes) -> Any:
        found.append(len(text))
        return loads(text)

    monkeypatch.setattr(jsonable, "dumps", counted_dumps)
    monkeypatch.setattr(jsonable, "loads", counted_loads)
    return found


@settings(deadline=None, max_examples=60)
@given(VALUES, st.integers(2, 8))
def test_pieces_of_any_size_make_the_same_text_and_value(value: Any, piece: int) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(encoding, "PIECE", piece)
        patch.setattr(encoding, "_BYTES", piece)
        text, copy = encoding.encode_and_copy(value)
        assert copy == value and encoding.decode(text) == value
        assert json.loads(text) == json.loads(jsonable.dumps(value)) == value


@pytest.mark.parametrize("value", LARGE.values(), ids=LARGE.keys())
def test_no_call_works_on_much(value: Any, calls: list[int]) -> None:
    text, copy = encoding.encode_and_copy(value)
    assert max(calls) < 3_000_000 and len(calls) > 2
    assert jsonable.loads(text) == copy == jsonable.loads(jsonable.dumps(value))
    calls.clear()
    assert encoding.decode(text) == copy
    assert max(calls) < 300_000 or len(value) == 1


def test_what_cannot_be_written_says_so() -> None:
    circular: list[Any] = [*range(10_000)]
    circular.append(circular)
    with pytest.raises(CallError, match="contains itself"):
        encoding.encode(circular)
    with pytest.raises(ValueError, match="truncated|malformed|invalid"):
        encoding.decode(b"[" + b"1," * 300_000)


@pytest.mark.parametrize("value", [LARGE["list"], LARGE["dict"]], ids=["list", "dict"])
def test_a_small_change_of_a_large_value_is_a_small_edit_and_many_are_none(value: Any) -> None:
    changed = encoding.encode_and_copy(value)[1]
    key: Any = 30_000 if isinstance(value, list) else "30000"
    changed[key] = "new"
    assert diff(value, changed, 100) == [["replace", [key], "new"]]
    everything = [None] * len(value) if isinstance(value, list) else dict.fromkeys(value)
    assert diff(value, everything, 100) is None


def test_fingerprints_tell_kinds_and_places_apart() -> None:
    values = [[1, 2], [2, 1], [1.0, 2], [True, 2], ["1", 2], (1, [2]), {1: 2}, {"1": 2}, {1, 2}, [b"1", 2], [[1], 2]]
    assert len({fingerprint(value) for value in values}) == len(values)
    assert fingerprint({"a": 1, "b": [2]}) == fingerprint({"b": [2], "a": 1})
    long = list(range(1_000))
    assert fingerprint(long) == fingerprint(list(long)) != fingerprint([*long[:-1], 0])
