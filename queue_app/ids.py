"""Names: of events and messages, of this process, and names of others as every database takes them."""

from __future__ import annotations

import os
import socket


def new_id() -> str:
    """32 hex digits that nobody can guess."""
    return os.urandom(16).hex()


def process_name() -> str:
    """How rows and messages name this process; asked for each time, as servers fork."""
    return f"{socket.gethostname()[:80]}:{os.getpid()}"


def is_worker() -> bool:
    """Whether this process runs functions for others, and no page is connected to it; see `celery_app`."""
    return os.environ.get("BLOCKS_ROLE") == "worker"


def text(value: object, longest: int) -> str:
    """Text as every database takes it: no NUL, no half characters, not too long."""
    plain = "" if value is None else str(value)
    return plain.replace("\0", "").encode("utf-8", "replace").decode()[:longest]
