"""What `manage.py check --deploy` says about servers around the site that could be waited for without an end."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from django.apps import AppConfig
from django.conf import settings
from django.core.checks import CheckMessage, Warning, register

#: What bounds the wait for a database that is silent, by engine.
_LIMITS = {"postgresql": "connect_timeout", "postgis": "connect_timeout", "mysql": "connect_timeout"}


@register("blocks", deploy=True)
def check_database_limits(app_configs: Sequence[AppConfig] | None = None, **_: Any) -> Iterable[CheckMessage]:
    """blocks.W036: a database that does not answer is waited for as long as the system likes."""
    databases: dict[str, dict[str, Any]] = settings.DATABASES
    for alias, database in databases.items():
        option = _LIMITS.get(str(database.get("ENGINE", "")).rpartition(".")[2])
        options = database.get("OPTIONS") or {}
        if option and option not in options and "service" not in options:
            yield Warning(
                f"The database {alias!r} has no {option}: while its host is silent, visitors wait for minutes.",
                hint=f'Add "{option}": 5 to the OPTIONS of DATABASES[{alias!r}].',
                id="blocks.W036",
            )
