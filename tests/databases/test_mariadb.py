"""What holds on SQLite and PostgreSQL holds on MariaDB: the same tests, once more."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection

from queue_app.records.event_log import EventLog
from queue_app.records.event_models import Event
from tests.databases import mariadb
from tests.databases.conftest import Site, using
from tests.databases.mariadb import MariaDB
from tests.databases.test_at_once import (  # noqa: F401 - they run here, too
    test_a_bus_of_many_messages_loses_none,
    test_large_inputs_and_traces_of_many_failures_are_written,
    test_migrations_go_back_and_forward,
    test_names_that_look_alike_are_others,
    test_of_many_uploads_at_the_quota_just_those_that_fit_are_stored,
    test_processes_that_write_the_same_events_and_minutes_lose_none,
)
from tests.databases.test_clocks import test_a_clock_that_differs_from_the_database_s_is_told  # noqa: F401
from tests.databases.test_conversations import (  # noqa: F401
    test_devices_that_go_on_at_once_lose_no_word,
)
from tests.databases.test_flags import test_flags_are_kept_found_exported_and_deleted  # noqa: F401
from tests.databases.test_open_rows import (  # noqa: F401
    book,
    test_rows_of_events_that_are_over_are_ended_where_whoever_ran_them_has_died,
    worker,
)
from tests.databases.test_writers import (  # noqa: F401
    change,
    test_a_page_that_stores_files_and_its_functions_work_on_both,
    test_old_rows_are_swept_beside_a_site_that_writes,
    test_texts_that_a_database_does_not_take_are_written_nearly_so,
    test_the_admin_shows_it_all,
    test_the_site_saves_while_ours_is_written,
    test_times_are_as_the_site_has_them,
    writers,
)
from tests.queue_app.conftest import app

NAME = "blocks"


@pytest.fixture(scope="module")
def server() -> Iterator[MariaDB]:
    """MariaDB."""
    with mariadb.running() as running:
        yield running


@pytest.fixture(scope="module")
def tables(server: MariaDB, django_db_blocker: Any) -> dict[str, Any]:
    """A database with all tables."""
    server.run(f"CREATE DATABASE {NAME}")
    found = server.settings(NAME)
    with using(django_db_blocker, default=found):
        call_command("migrate", verbosity=0)
    return found


@pytest.fixture
def both(server: MariaDB, tables: dict[str, Any]) -> Site:
    """The other two are not meant here."""
    server.empty(NAME)
    return Site(tables, lambda: server.connections(NAME))


def test_a_text_that_a_table_cannot_have_costs_no_record(site: Site) -> None:
    """Tables of old sites know no emoji."""
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE queue_app_event CONVERT TO CHARACTER SET utf8mb3")
    try:
        book, demo = EventLog(gather=0.01), app(lambda text: text)
        for number in range(5):
            name = "😀" if number == 2 else "ann"
            book.note(change(demo, number, username=name, action="job.done", state="done"))
        assert book.flush(60)
        book.close()
        assert dict(Event.objects.values_list("event_id", "username")) == {
            **{f"e{number}": "ann" for number in range(5)}, "e2": "\\U0001f600",
        }  # fmt: skip
        assert (book.written, book.dropped) == (5, 0)
    finally:
        with connection.cursor() as cursor:
            cursor.execute("ALTER TABLE queue_app_event CONVERT TO CHARACTER SET utf8mb4")
