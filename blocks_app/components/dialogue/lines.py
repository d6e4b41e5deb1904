"""A dialogue as lines, and as one text."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, TypedDict


class DialogueLine(TypedDict):
    """What somebody says."""

    speaker: str
    text: str


Formatter = Callable[[str, str], str]
Unformatter = Callable[[str, str], dict[str, str]]


def formatted(speaker: str, text: str) -> str:
    """One line as text, with its speaker in brackets."""
    return f"[{speaker}] {text}"


def unformatted(line: str, speaker: str) -> dict[str, str]:
    """A line of text as speaker and words; without brackets it is said by `speaker`."""
    name, bracket, words = line.strip().removeprefix("[").partition("]")
    if not line.strip().startswith("[") or not bracket:
        return {"speaker": speaker, "text": line.strip()}
    return {"speaker": name, "text": words.strip()}


def joined(lines: Sequence[DialogueLine], separator: str, formatter: Formatter) -> str:
    """All lines as one text; nobody who says nothing is an empty text."""
    if len(lines) == 1 and not lines[0]["text"]:
        return ""
    return separator.join(formatter(line["speaker"], line["text"]) for line in lines)


def split(text: str, separator: str, unformatter: Unformatter, speaker: str) -> list[DialogueLine]:
    """The lines of a text, without empty ones.

    Raises:
        ValueError: `unformatter` gave something else than a speaker and a text.
    """
    found = [unformatter(each.strip(), speaker) for each in text.split(separator) if each.strip()]
    return [line for line in map(line_of, found) if line["speaker"] or line["text"]]


def line_of(given: Any) -> DialogueLine:
    """A line with nothing but speaker and text. Raises ValueError for anything that has not both, as texts."""
    try:
        speaker, text = given["speaker"], given["text"]
    except (TypeError, KeyError, IndexError):
        speaker = text = None
    if not isinstance(speaker, str) or not isinstance(text, str):
        raise ValueError('A line of a dialogue is a dict such as {"speaker": "Ada", "text": "Hello"}.')
    return {"speaker": speaker, "text": text}
