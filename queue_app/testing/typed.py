"""What the visitor types while answers come: a port of what blocks_app/frontend/typing.ts does with values."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

#: Wire names of the components whose value is what the visitor types, letter by letter.
TYPED = frozenset(("textbox", "number", "multimodaltextbox", "dialogue", "code", "colorpicker"))


@dataclass(slots=True)
class Basis:
    """A value as it was when a function was asked, and how many the server had given the block by then."""

    value: Any
    given: int


def same(one: Any, other: Any) -> bool:
    """Whether two wire values are equal to a browser: true is not 1, and the order of names counts."""
    if isinstance(one, bool) or isinstance(other, bool):
        return one is other
    if isinstance(one, (list, tuple)) and isinstance(other, (list, tuple)):
        return len(one) == len(other) and all(map(same, one, other))
    if isinstance(one, dict) and isinstance(other, dict):
        return list(one) == list(other) and all(same(one[name], other[name]) for name in one)
    return bool(one == other)


def merged(basis: Any, answer: Any, typed: Any) -> Any:
    """The answer to `basis` for a field that holds `typed` by now.

    What was put in since is put into the answer as well; where there is no telling where it belongs, the visitor's text
    stays.
    """
    if same(basis, typed):
        return answer
    if same(basis, answer) or not isinstance(typed, str):
        return typed
    before, after = str(basis if basis is not None else ""), str(answer if answer is not None else "")
    start, end = _difference(before, typed)
    put = typed[start : len(typed) - end]
    if start == len(before):
        return after + put
    if end == len(before):
        return put + after
    if len(after) != len(before):
        return typed
    return after[:start] + put + after[len(after) - end :]


def merged_message(basis: Any, answer: Any, typed: Any) -> dict[str, Any]:
    """The same for a text with files: what was written behind the text, and files that were added, are kept."""
    old, given, now = (each or {"text": "", "files": []} for each in (basis, answer, typed))
    known = {each["path"] for each in old["files"]}
    added = [each for each in now["files"] if each["path"] not in known]
    written = now["text"].removeprefix(old["text"])
    text = given["text"] + written if now["text"].startswith(old["text"]) else now["text"]
    return {"text": text, "files": [*given["files"], *added]}


def _difference(one: str, other: str) -> tuple[int, int]:
    """Where two texts begin to differ, and how much of their ends is the same."""
    most = min(len(one), len(other))
    start = end = 0
    while start < most and one[start] == other[start]:
        start += 1
    while end < most - start and one[-1 - end] == other[-1 - end]:
        end += 1
    return start, end
