"""For scripts without a project: `ensure_django()` makes the smallest one that our apps need."""

from __future__ import annotations

from queue_app.server.minimal_project import ensure_django

__all__ = ["ensure_django"]
