"""Code: text both ways, without white space at its ends, and what is written in a file."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

import blocks_app as gr
from blocks_app.exceptions import DeclarationError
from blocks_app.files.file_data import SAMPLES
from blocks_app.files.paths import InvalidPathError
from queue_app.testing import PageUser


def test_a_function_gets_the_text_as_it_was_sent() -> None:
    assert gr.Code().preprocess("  a\n ") == "  a\n "
    assert gr.Code().preprocess("") == ""
    assert gr.Code().preprocess(None) is None


@pytest.mark.parametrize("sent", [5, ["a"], {"a": 1}, True])
def test_what_is_no_text_is_refused(sent: object) -> None:
    with pytest.raises(gr.Error, match='Code "Query": a text is needed'):
        gr.Code(label="Query").preprocess(sent)


@pytest.mark.parametrize(
    ("made", "shown"), [("  a\n\n b\n ", "a\n\n b"), (5, "5"), ([1], "[1]"), ("", ""), (None, None)]
)
def test_white_space_at_both_ends_is_taken_off(made: object, shown: object) -> None:
    assert gr.Code().postprocess(made) == shown


def test_a_tuple_shows_what_is_written_in_a_file(tmp_path: Path) -> None:
    (tmp_path / "ä.py").write_bytes(b"\xef\xbb\xbfprint(1)\n")
    assert gr.Code((str(tmp_path / "ä.py"),)).initial_value() == "print(1)\n"
    (tmp_path / "picture.png").write_bytes(b"\x89PNG")
    with pytest.raises(ValueError, match="'picture.png' is no text in UTF-8"):
        gr.Code().postprocess((tmp_path / "picture.png",))
    with pytest.raises(InvalidPathError):
        gr.Code().postprocess((str(tmp_path / "none.py"),))


def test_a_file_that_may_not_be_handed_out_is_not_shown() -> None:
    with gr.Blocks() as demo:
        code, sample, passwords = gr.Code(), gr.Button(), gr.Button()
        sample.click(lambda: (str(SAMPLES / "text.txt"),), outputs=code)
        passwords.click(lambda: ("/etc/passwd",), outputs=code)
    with PageUser(demo) as user:
        user.click(sample)
        shown = user.value(code)
        user.click(passwords)
        assert shown == user.value(code) == (SAMPLES / "text.txt").read_text()


@pytest.mark.parametrize("options", [{"language": "klingon"}, {"lines": 0}, {"max_lines": 0}, {"buttons": ["share"]}])
def test_what_cannot_be_is_refused_at_once(options: dict[str, Any]) -> None:
    with pytest.raises(DeclarationError, match="Code: "):
        gr.Code(**options)
