"""What is written in this folder."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

HERE = Path(__file__).parent


def edits() -> list[Any]:
    """The cases of edits.json, as parameters of a test: the old value, the edits, the new value."""
    cases = json.loads((HERE / "edits.json").read_text())
    return [pytest.param(case["old"], case["edits"], case["new"], id=case["name"]) for case in cases]
