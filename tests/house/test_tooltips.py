"""A button that shows an icon alone says in a tooltip what it does, as screen readers hear it."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.house.sources import ROOT
from tests.house.test_frontend import CORE, ELEMENTS, name

OPENING = re.compile(r"<(button|a)\b")
ICONS = re.compile(
    r"\$\{(?:mark|faces\[source\]\[1\])\}"
    r'|\$\{\s*(?:[\w.#]+\s*\?\s*)?icon\("[^"]*"\)(?:\s*:\s*icon\("[^"]*"\))?\s*\}'
)


def end_of_tag(source: str, at: int) -> int:
    """Where a tag of a template ends: the first `>` outside of its expressions."""
    depth = 0
    while source[at] != ">" or depth:
        depth += (source[at] == "{") - (source[at] == "}")
        at += 1
    return at


def nameless(path: Path) -> list[str]:
    """The names of buttons of icons without a tooltip."""
    source = path.read_text()
    found = []
    for match in OPENING.finditer(source):
        end = end_of_tag(source, match.end())
        tag, body = source[match.start() : end], source[end + 1 : source.find(f"</{match[1]}", end)]
        if "aria-label=" in tag and "title=" not in tag and not ICONS.sub("", body).strip():
            found.append(tag)
    return found


@pytest.mark.parametrize("path", [*ELEMENTS, *CORE], ids=name)
def test_buttons_of_icons_have_tooltips(path: Path) -> None:
    assert not nameless(path), f"{path.relative_to(ROOT)}: write title= beside aria-label=."
