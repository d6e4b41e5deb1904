"""The names of sessions. Clients choose them, so there is one rule for what may be one, asked at every endpoint.

Gradio's clients send up to 36 letters, digits and hyphens. A name is kept as long as its session, is written to logs
and rows and stands in addresses, so nothing longer or stranger is taken.
"""

from __future__ import annotations

import re
from typing import Any

from queue_app.exceptions import BadSession

LONGEST = 200  # characters; rows have room for so many
_SECRET = 8  # characters from which on a name may be one that nobody guesses
_SESSION_HASH = re.compile(r"[0-9A-Za-z_.:~-]+")


def checked_session(session_hash: Any) -> str:
    """The session hash; raises BadSession for a missing or absurd one."""
    found = optional_session(session_hash)
    if found is None:
        raise BadSession("Session hash not found.")
    return found


def optional_session(session_hash: Any) -> str | None:
    """The same where an event needs no session; None when it names none."""
    if session_hash is None or session_hash == "":
        return None
    if not isinstance(session_hash, str):
        raise BadSession("The session hash must be a text.")
    if len(session_hash) > LONGEST:
        raise BadSession(f"The session hash is longer than {LONGEST} characters.")
    if _SESSION_HASH.fullmatch(session_hash) is None:
        raise BadSession("The session hash must consist of letters, digits and _ . : ~ -")
    return session_hash


def partly(name: str) -> str:
    """The beginning of a name or an id with which one could act as its visitor: enough to tell it from others.

    So it is shown to whoever watches over the site: pages of the admin, logs, spans.
    """
    return f"{name[: min(8, len(name) // 3)]}…" if name else ""


def logged(session_hash: str) -> str:
    """The same for logs and spans; one so short that anybody could guess it keeps no secret."""
    return partly(session_hash) if len(session_hash) >= _SECRET else session_hash
