"""Settings of auth_app, read at each use so that `override_settings` holds."""

from __future__ import annotations

from django.conf import settings


def cache_seconds() -> float:
    """`BLOCKS_AUTH_CACHE_SECONDS`: how long a session's user is remembered between requests; 5 by default."""
    return float(getattr(settings, "BLOCKS_AUTH_CACHE_SECONDS", 5))


def login_required() -> bool:
    """`BLOCKS_LOGIN_REQUIRED`: whether mounted apps serve only Django's logged-in users; False by default."""
    return bool(getattr(settings, "BLOCKS_LOGIN_REQUIRED", False))
