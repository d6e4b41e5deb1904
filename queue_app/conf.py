"""Settings of queue_app, read at each use so that `override_settings` holds."""

from __future__ import annotations

from typing import Any

from django.conf import settings


def _setting(name: str, default: Any) -> Any:
    return getattr(settings, f"BLOCKS_{name}", default)


def max_body_size() -> int:
    """`BLOCKS_MAX_BODY_SIZE`: most bytes of one JSON request or WebSocket message; 32 MiB. Files go by upload."""
    return int(_setting("MAX_BODY_SIZE", 32 * 1024 * 1024))


def session_grace() -> float:
    """`BLOCKS_SESSION_GRACE`: seconds until the events of a session that nobody reads are dropped; 60."""
    return float(_setting("SESSION_GRACE", 60))


def endless_grace() -> float:
    """`BLOCKS_ENDLESS_GRACE`: the same for events that repeat while the page is open (`every=`); 5."""
    return float(_setting("ENDLESS_GRACE", 5))


def session_lifetime() -> float:
    """`BLOCKS_SESSION_LIFETIME`: seconds until a session without connections is forgotten with its state; 3600."""
    return float(_setting("SESSION_LIFETIME", 3600))
