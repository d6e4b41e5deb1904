"""The pieces of code that pages of docs/ show, and running them in one process."""

from __future__ import annotations

import re
from typing import Any

from tests.house.sources import ROOT

FENCE = re.compile(r"^( *)```(\w*)\n(.*?)^ *```$", re.DOTALL | re.MULTILINE)


def examples(page: str, language: str = "python") -> list[str]:
    """The pieces of code of a page."""
    found = FENCE.findall((ROOT / page).read_text(encoding="utf-8"))
    return [re.sub(f"^{indent}", "", code, flags=re.MULTILINE) for indent, kind, code in found if kind == language]


def run(code: str, names: dict[str, Any], file: str = "start_page") -> None:
    """Run one example after those before it."""
    exec(compile(code, file, "exec"), names)
