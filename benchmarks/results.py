"""benchmarks/RESULTS.md: what `make bench` says, and after it a section for each program that measures by itself."""

from __future__ import annotations

import re
from pathlib import Path

RESULTS = Path(__file__).with_name("RESULTS.md")
_SECTION = re.compile(r"<!-- (\w+) -->.*?<!-- /\1 -->", re.DOTALL)


def write_section(name: str, title: str, text: str) -> None:
    """Put a section into its place, or at the end; the rest of the page is others'."""
    section = f"<!-- {name} -->\n\n## {title}\n\n{text.strip()}\n\n<!-- /{name} -->"
    page = _read() or "# Measured\n"
    before, _, rest = page.partition(f"<!-- {name} -->")
    if rest:
        section += rest.partition(f"<!-- /{name} -->")[2]
    else:
        before, section = f"{page.rstrip()}\n\n", f"{section}\n"
    RESULTS.write_text(before + section)


def write_page(text: str) -> None:
    """Write the page anew, with the sections that it has."""
    sections = "".join(f"\n{section[0]}\n" for section in _SECTION.finditer(_read()))
    RESULTS.write_text(f"{text.rstrip()}\n{sections}")


def _read() -> str:
    return RESULTS.read_text() if RESULTS.exists() else ""
