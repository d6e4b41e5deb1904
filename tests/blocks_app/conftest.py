"""Fixtures of this room."""

from __future__ import annotations

from tests.security.conftest import make_site, site, store

__all__ = ["make_site", "site", "store"]
