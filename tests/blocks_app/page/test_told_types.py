"""Of each component clients are told what Gradio 4.36 or 6.31 tells them; where not, a reason stands here."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

import blocks_app as gr
from tests.blocks_app.page.told_types import CASES, told

THEIRS = json.loads(Path(__file__).with_name("told_types.json").read_text())
SEALED = "the value is encrypted by the server, not by the page, so on the wire it is text"
ACCEPTED: dict[str, dict[str, str]] = {
    "BrowserState {}": {
        **dict.fromkeys(("parameters kind", "parameters type", "returns kind", "returns type"), SEALED),
        "default": "a program that has kept nothing may leave it out",
    },
    **{
        name: dict.fromkeys(("parameters type", "returns type"), "4.36 forgets that there are many pairs")
        for name in ("Chatbot {}", 'Chatbot {"label": "Talk"}')
    },
    "DeepLinkButton {}": {"config type": "it makes links itself, by an element of its own"},
    'Dropdown {"choices": ["a", "b"], "value": "b", "allow_custom_value": true}': dict.fromkeys(
        ("parameters type", "returns type"), "any text is taken, not only the choices"
    ),
    "ParamViewer {}": {"default": "it starts as an empty dict, and may be left out"},
    'Radio {"choices": [["A", 1], ["B", 2]], "value": 2}': dict.fromkeys(
        ("parameters kind", "returns kind"), "these choices are numbers"
    ),
}


def as_of_6(told_text: Any) -> Any:
    """Types of 4.36 in the spelling of 6.31, which ours are in."""
    if not isinstance(told_text, str):
        return told_text
    for old, new in (("Dict[Any, Any]", "str | float | bool | list | dict"), ("Dict(", "dict("), ("List[", "list[")):
        told_text = told_text.replace(old, new)
    return told_text.replace("Tuple[", "tuple[")


@pytest.fixture(scope="module")
def ours() -> dict[str, Any]:
    return told(gr)


def test_each_case_is_there(ours: dict[str, Any]) -> None:
    assert len(ours) == len(CASES)


@pytest.mark.parametrize("case", sorted({*THEIRS["4.36"], *THEIRS["6.31"]}))
def test_clients_are_told_what_one_of_both_tells(ours: dict[str, Any], case: str) -> None:
    versions = [THEIRS[version][case] for version in THEIRS if case in THEIRS[version]]
    names = {*ours[case], *(name for version in versions for name in version)}
    other = {name for name in names if ours[case].get(name) not in [as_of_6(version.get(name)) for version in versions]}
    assert other == ACCEPTED.get(case, {}).keys()
