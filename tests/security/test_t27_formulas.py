"""T27: what visitors write is no formula in any table that we make of it."""

from __future__ import annotations

from pathlib import Path

import pytest

import blocks_app as gr
from blocks_app.flagging.cells import harmless
from blocks_app.flagging.csv_logger import CSVLogger, SimpleCSVLogger

SIGNS = ("=", "+", "-", "@", "\t", "\r", "\n")


@pytest.mark.parametrize("modern", [False, True])
@pytest.mark.parametrize("sign", SIGNS)
def test_a_cell_that_begins_like_a_formula_is_quoted(sign: str, modern: bool) -> None:
    assert harmless(f"{sign}cmd|' /C calc'!A0", modern).startswith("'")
    assert harmless(f"a,{sign}1", modern).startswith("'") or sign == "\r"
    assert harmless(f"a{sign}1", modern) == f"a{sign}1"


@pytest.mark.parametrize("folder", ["flagged", ".gradio/flagged"])
def test_labels_options_and_names_are_cells_too(tmp_path: Path, folder: str) -> None:
    for logger in (CSVLogger(), SimpleCSVLogger()):
        logger.setup([gr.Textbox(label="=label")], tmp_path / folder / type(logger).__name__)
        logger.flag(["=value"], "=option", "=name")
    for file in tmp_path.rglob("*.csv"):
        assert not any(cell.startswith("=") for cell in file.read_text().replace("\n", ",").split(",")), file
