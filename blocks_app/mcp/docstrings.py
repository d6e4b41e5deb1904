"""A function's docstring, taken apart: what it does, what its parameters are, what it gives."""

from __future__ import annotations

import inspect
import re
from typing import Any, NamedTuple

_PARAMETERS = ("args", "arguments", "parameters", "params")
_RETURNS = ("returns", "return", "yields")
_OTHERS = ("raises", "example", "examples", "note", "notes", "see also", "todo")
_HEADING = re.compile(r"([A-Za-z][A-Za-z ]*):(.*)")
_ENTRY = re.compile(r"\*{0,2}(\w+)\s*(?:\([^)]*\))?\s*:\s*(.*)")
_FIELD = re.compile(r":(?:param|arg|parameter)\s+(?:[\w.\[\]]+\s+)?(\w+):\s*(.*)|:(returns?):\s*(.*)|:\w+[^:]*:.*")


class Documented(NamedTuple):
    """What a docstring says, each part in one line."""

    description: str = ""
    parameters: dict[str, str] = {}  # nobody changes it
    returns: str = ""


def documented(fn: Any) -> Documented:
    """Read the docstring of a function: sections as Google writes them (`Args:`, `Returns:`), or `:param name:`."""
    noted = getattr(fn, "__doc__", None)
    return read(noted) if isinstance(noted, str) else Documented()


def read(text: str) -> Documented:
    """Read a docstring."""
    description: list[str] = []
    returns: list[str] = []
    parameters: dict[str, str] = {}
    section, name, level = "", "", -1
    for line in inspect.cleandoc(text).splitlines():
        bare, indent = line.strip(), len(line) - len(line.lstrip())
        if (found := _heading(bare)) is not None and indent == 0:
            section, rest = found
            name, level = "", -1
            if section == "returns" and rest:
                returns.append(rest)
        elif (field := _FIELD.fullmatch(bare)) is not None and indent == 0:
            section, name, level = "fields", field[1] or "", -1
            if name:
                parameters[name] = field[2]
            elif field[3]:
                section = "returns"
                returns.append(field[4])
        elif not bare:
            continue
        elif section == "":
            description.append(bare)
        elif section == "returns":
            returns.append(bare)
        elif section == "parameters":
            level = indent if level < 0 else level
            entry = _ENTRY.fullmatch(bare) if indent <= level else None
            if entry is not None:
                name = entry[1]
                parameters[name] = entry[2]
            elif name:
                parameters[name] = f"{parameters[name]} {bare}".strip()
        elif section == "fields" and name:
            parameters[name] = f"{parameters[name]} {bare}".strip()
    return Documented(" ".join(description), parameters, " ".join(returns))


def _heading(line: str) -> tuple[str, str] | None:
    found = _HEADING.fullmatch(line)
    if found is None:
        return None
    word, rest = found[1].lower(), found[2].strip()
    if word in _PARAMETERS and not rest:
        return "parameters", ""
    if word in _RETURNS:
        return "returns", rest
    return ("others", "") if word in _OTHERS and not rest else None
