"""Settings of queue_app, read at each use so that `override_settings` holds."""

from __future__ import annotations

from typing import Any

from django.conf import settings


def _setting(name: str, default: Any) -> Any:
    return getattr(settings, f"BLOCKS_{name}", default)


def max_body_size() -> int:
    """`BLOCKS_MAX_BODY_SIZE`: most bytes of one JSON request or WebSocket message; 32 MiB. Files go by upload."""
    return int(_setting("MAX_BODY_SIZE", 32 * 1024 * 1024))
