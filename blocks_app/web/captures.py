"""What a path captured: our own parts apart from those of the site's prefix.

A site may mount an app below captures of its own, `path("<slug:name>/room/", demo.urls)`, and give them any name. Ours
carry a prefix, so that neither ever hides the other.
"""

from __future__ import annotations

import re
from typing import Any

OURS = "blocks_"
_CAPTURE = re.compile(r"<(\w+):(\w+)>")


def private(route: str) -> str:
    """A route of ours for Django's `path`: "call/<str:name>" gives "call/<str:blocks_name>"."""
    return _CAPTURE.sub(rf"<\1:{OURS}\2>", route)


def split(captured: dict[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    """Ours under their plain names, with `mount`, and what the site captured or gave besides."""
    ours = {name.removeprefix(OURS): value for name, value in captured.items() if name.startswith(OURS)}
    return ours, {name: value for name, value in captured.items() if not name.startswith(OURS)}
