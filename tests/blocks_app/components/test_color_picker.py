"""ColorPicker: what css reads as a colour, unchanged both ways."""

from __future__ import annotations

import pytest

import blocks_app as gr


@pytest.mark.parametrize(
    "color", ["#fff", "#FF8800", "#ff880080", "rgba(1,2,3,.5)", "hsl(120deg 50% 50% / 10%)", "rebeccapurple", "", None]
)
def test_colors_pass_unchanged_both_ways(color: str | None) -> None:
    picker = gr.ColorPicker()
    assert picker.preprocess(color) == picker.postprocess(color) == color


@pytest.mark.parametrize("sent", [5, ["#fff"], "#ggg", "url(javascript:1)", "red; background: blue", "#" + "f" * 9999])
def test_what_is_no_color_is_refused(sent: object) -> None:
    with pytest.raises(gr.Error, match='ColorPicker "Sky": a colour such as #ff8800'):
        gr.ColorPicker(label="Sky").preprocess(sent)
