"""Addresses of resources, and which function an address asks for."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import TYPE_CHECKING
from urllib.parse import unquote

if TYPE_CHECKING:
    from blocks_app.mcp.tools import Tool

_NAME = re.compile(r"\{(\w+)\}")


def find_resource(tools: Iterable[Tool], uri: str) -> tuple[Tool, dict[str, str]] | None:
    """The resource of an address, with its arguments; one without arguments first."""
    for tool in sorted(tools, key=lambda each: len(each.parameters)):
        if tool.mark.kind == "resource" and (found := _arguments(tool.mark.uri_template, uri)) is not None:
            return tool, found
    return None


def _arguments(template: str, uri: str) -> dict[str, str] | None:
    parts = _NAME.split(template)
    pattern = "".join(
        f"(?P<{part}>[^/?#]+)" if at % 2 and part not in parts[1:at:2] else re.escape(part)
        for at, part in enumerate(parts)
    )
    match = re.fullmatch(pattern, uri)
    return None if match is None else {name: unquote(value) for name, value in match.groupdict().items()}
