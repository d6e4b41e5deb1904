"""Reading settings that most projects do not have, for each request.

Django remembers settings that are there; asking it for one that is not takes ten times as long, and an event asks for a
dozen. What is missing is remembered here until Django says that a setting has changed, as `override_settings` does.
"""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.signals import setting_changed

_NOTHING = object()
_missing: set[str] = set()


def optional(name: str, default: Any) -> Any:
    """The setting of this name, or `default` where the project has none.

    Raises:
        ImproperlyConfigured: there are no settings yet.
    """
    if name in _missing:
        return default
    found = getattr(settings, name, _NOTHING)
    if found is _NOTHING:
        _missing.add(name)
        return default
    return found


def _forget(**_of_signal: Any) -> None:
    _missing.clear()


setting_changed.connect(_forget)
