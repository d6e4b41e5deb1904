"""Nothing is remembered from one test to the next."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.cache import cache

from auth_app import known


@pytest.fixture(autouse=True)
def fresh(settings: Any) -> None:
    """Sessions in the cache, as in a launched app; a test that needs users asks for a database."""
    settings.SESSION_ENGINE = "django.contrib.sessions.backends.cache"
    known.forget_all()
    cache.clear()
