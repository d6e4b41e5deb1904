"""What is written in this folder."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

HERE = Path(__file__).parent


def read(name: str) -> Any:
    """One of the files."""
    return json.loads((HERE / name).read_text())


def edits() -> list[Any]:
    """The cases of edits.json, as parameters of a test: the old value, the edits, the new value."""
    return [pytest.param(case["old"], case["edits"], case["new"], id=case["name"]) for case in read("edits.json")]


def scenarios() -> list[Any]:
    """All scenarios, as parameters of a test."""
    files = sorted((HERE / "scenarios").glob("*.json"))
    return [
        pytest.param(each, id=f"{file.stem}: {each['name']}")
        for file in files
        for each in read(f"scenarios/{file.name}")
    ]
