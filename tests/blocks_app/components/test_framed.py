"""Options that several components share, and classes that only start otherwise."""

from __future__ import annotations

from typing import Any

import pytest

import blocks_app as gr
from queue_app.testing import PageUser


class Notes(gr.TextArea):
    """A class of the app's own, which takes whatever its base does."""

    defaults = {"placeholder": "Notes"}

    def __init__(self, **options: Any) -> None:
        super().__init__(max_lines=9, **options)


def test_a_class_that_only_starts_otherwise_takes_what_its_base_takes() -> None:
    assert (gr.TextArea().lines, gr.TextArea("x", lines=2).lines, gr.Textbox().lines) == (7, 2, 1)
    assert (gr.Files().file_count, gr.Files(file_count="single").file_count) == ("multiple", "single")
    notes = Notes(label="Mine", placeholder="Other")
    assert (notes.lines, notes.max_lines, notes.placeholder, notes.wire_name) == (7, 9, "Other", "textbox")
    assert Notes().placeholder == "Notes"
    with pytest.raises(TypeError, match="Did you mean 'placeholder'"):
        Notes(placeholdr="x")


def test_its_own_defaults_are_no_part_of_an_update() -> None:
    with gr.Blocks() as demo:
        area = gr.TextArea(lines=3)
        button = gr.Button()
        button.click(lambda: gr.TextArea(label="Told"), None, area)
    with PageUser(demo) as user:
        user.click(button)
        assert (user.prop(area, "label"), user.prop(area, "lines")) == ("Told", 3)


@pytest.mark.parametrize("cls", [gr.Markdown, gr.HTML])
def test_without_a_frame_a_label_is_kept_for_the_frame_that_may_come(cls: type[gr.Component]) -> None:
    assert (cls().props()["container"], cls().props()["show_label"]) == (False, True)
    assert cls(container=True).props()["container"] is True
