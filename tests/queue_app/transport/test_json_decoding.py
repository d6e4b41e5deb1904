"""What is told of JSON that cannot be read."""

from __future__ import annotations

import pytest

from queue_app.exceptions import Unreadable
from queue_app.transport.json_decoding import LARGE, unreadable


def refusal_of(raw: bytes) -> str:
    with pytest.raises(Unreadable) as refused, unreadable("request", raw):
        raise UnicodeError("it is no text")
    return str(refused.value)


@pytest.mark.parametrize("place", [0, LARGE - 13, LARGE - 12, LARGE - 6, LARGE - 1, LARGE, 2 * LARGE - 7])
def test_half_of_a_character_is_told_wherever_it_stands(place: int) -> None:
    """A long text is searched part by part: where two parts meet, too, and a whole pair is none."""
    before, after = b"x" * place, b"x" * LARGE
    assert "half of a character" in refusal_of(before + rb"\ud83d" + after)
    assert "half of a character" in refusal_of(before + rb"\ude00" + after)
    assert "half of a character" not in refusal_of(before + rb"\ud83d\ude00" + after)
