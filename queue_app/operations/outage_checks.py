"""What `manage.py check --deploy` says about the servers around a site: could they be waited for without an end, and
has the database the same time."""

from __future__ import annotations

import time
from collections.abc import Iterable, Sequence
from typing import Any

from django.apps import AppConfig
from django.conf import settings
from django.core.checks import CheckMessage, Warning, register
from django.db import DatabaseError

from queue_app.databases import are_there, connection_of
from queue_app.operations.processes.service import CLOCKS
from queue_app.records.message_models import Process

#: What bounds the wait for a database that is silent, by engine.
_LIMITS = {"postgresql": "connect_timeout", "postgis": "connect_timeout", "mysql": "connect_timeout"}
#: What gives the seconds of its clock, by the kind of a database that may be on another machine.
_CLOCKS = {
    "postgresql": "SELECT extract(epoch FROM clock_timestamp())",
    "mysql": "SELECT unix_timestamp(sysdate(6))",
}


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


@register("blocks", deploy=True)
def check_database_clock(app_configs: Sequence[AppConfig] | None = None, **_: Any) -> Iterable[CheckMessage]:
    """blocks.W067: the clock of this machine and that of the database's differ; asks the database."""
    ahead = _ahead() if are_there() else 0.0
    if abs(ahead) > CLOCKS:
        yield Warning(
            f"The clock of this machine is {ahead:+.1f} s away from the database's. The processes of a site have to "
            "agree: one of another machine takes messages and records of this one for old, or for those to come.",
            hint="Let all machines set their clocks by NTP.",
            id="blocks.W067",
        )


def _ahead() -> float:
    """By how many seconds this machine is ahead; 0 where the database is a file, or does not answer."""
    try:
        connection = connection_of(Process)
        if connection.vendor not in _CLOCKS:
            return 0.0
        with connection.cursor() as cursor:
            before = time.time()
            cursor.execute(_CLOCKS[connection.vendor])
            (there,) = cursor.fetchone()
            return (before + time.time()) / 2 - float(there)
    except DatabaseError:  # which is told by whoever needs it
        return 0.0
