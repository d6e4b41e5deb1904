"""The theme builder: what is chosen becomes a style sheet and code."""

from __future__ import annotations

from typing import Any

import blocks_app as gr
from blocks_app.extras.theme_builder import builder_page
from queue_app.testing import PageUser


def test_choices_become_a_style_sheet_and_code_that_makes_it() -> None:
    demo = builder_page()
    by_label: dict[Any, Any] = {getattr(block, "label", None): block for block in demo.blocks.values()}
    with PageUser(demo) as page:
        page.set(by_label["Theme"], "Neon")
        page.set(by_label["Primary hue"], "rose")
        page.set(by_label["Font"], "Lato, serif")
        table = page.value(by_label["Variables"])
        row = next(row for row in table["data"] if row[0] == "body_text_color")
        row[1] = "#123456"
        page.set(by_label["Variables"], table)
        code = page.value(by_label["The theme"])
        assert not page.errors
        sheet = next(page.value(block) for block in demo.blocks.values() if getattr(block, "visible", True) is False)
    assert "--body-text-color: #123456;" in sheet and "--name: neon;" in sheet
    made: dict[str, Any] = {}
    exec(code, made)
    assert made["theme"].css_text() == sheet
    assert isinstance(made["demo"], gr.Blocks)
