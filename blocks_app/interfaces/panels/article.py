"""The article under an Interface: a text, or the address of one, which is read once, when the app is declared."""

from __future__ import annotations

import urllib.request

_TIMEOUT = 5.0
_MOST = 1_000_000


def article_text(given: str | None) -> str | None:
    """The text; where an address gives none, the address itself, which the page shows as a link."""
    if given is None or not given.startswith(("http://", "https://")) or any(map(str.isspace, given)):
        return given
    try:
        with urllib.request.urlopen(given, timeout=_TIMEOUT) as answer:  # the app's own address, not a visitor's
            return bytes(answer.read(_MOST)).decode("utf-8", "replace")
    except (OSError, ValueError):
        return given
