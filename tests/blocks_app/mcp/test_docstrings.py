"""A docstring taken apart, as its author may have written it."""

from __future__ import annotations

import pytest

from blocks_app.mcp.docstrings import read

GOOGLE = """Turn a picture.

    It stays as large as it was.

    Args:
        picture (Image): what to turn, which may be
            large.
        *angles: by how much: degrees.

    Raises:
        Error: it cannot be turned.

    Returns:
        The picture.
        Turned.
    """
FIELDS = """Turn a picture.

    :param picture: what to turn,
        which may be large.
    :param int angle: by how much
    :raises Error: never
    :returns: the picture
    """


def test_sections_as_google_writes_them() -> None:
    found = read(GOOGLE)
    assert found.description == "Turn a picture. It stays as large as it was."
    assert found.parameters == {"picture": "what to turn, which may be large.", "angles": "by how much: degrees."}
    assert found.returns == "The picture. Turned."


def test_fields_of_restructured_text() -> None:
    found = read(FIELDS)
    assert found.description == "Turn a picture."
    assert found.parameters == {"picture": "what to turn, which may be large.", "angle": "by how much"}
    assert found.returns == "the picture"


@pytest.mark.parametrize("word", ["Args", "Arguments", "Parameters", "Params"])
def test_other_words_for_the_same(word: str) -> None:
    assert read(f"Do.\n{word}:\n  a: one\n  b: two\nReturns: three").parameters == {"a": "one", "b": "two"}


def test_text_with_colons_is_no_section() -> None:
    assert read("Note: it is slow.\nSee: that.").description == "Note: it is slow. See: that."


@pytest.mark.parametrize(
    "text", ["", "\n\n", "Args:", ":param", "Returns:\n", ":" * 10_000, "Args:\n" + " a:\n" * 9_999]
)
def test_odd_ones_are_read_quickly(text: str) -> None:
    assert isinstance(read(text).description, str)
