"""A project's database that was not migrated yet: apps run, and whoever starts one is told what to do."""

from __future__ import annotations

from contextlib import suppress
from functools import partial

NOT_MIGRATED = (
    "The project's database does not have the tables of queue_app yet: run `python manage.py migrate`. Until then the "
    "app runs, and nothing is recorded of it."
)


def lacks_tables() -> bool:
    """Whether it is so, and nobody was told. A database that is away is told of by what needs it; one that may not be
    asked here, as in a test without it, is none (RuntimeError)."""
    from django.conf import settings

    if not any(each.get("ENGINE") for each in settings.DATABASES.values()):
        return False  # most scripts: nothing is loaded for them
    from django.db import DatabaseError, InterfaceError

    from queue_app import databases
    from queue_app.records.db_file_registry import blocking
    from queue_app.records.event_models import Event

    with suppress(DatabaseError, InterfaceError, RuntimeError):
        return databases.are_there() and not blocking(partial(databases.has_table, Event)) and databases.notes_lack()
    return False
