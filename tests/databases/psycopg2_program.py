"""A process of a site whose only driver of PostgreSQL is psycopg2: it writes records, and hears what others tell."""

from __future__ import annotations

import sys

import django


def main() -> None:
    """Fails, or ends with nothing to say."""
    sys.modules["psycopg"] = None  # type: ignore[assignment] # as if it were not installed
    django.setup()
    hear()
    write()


def hear() -> None:
    """By LISTEN alone: nobody looks within an hour."""
    from django.db import connection

    from queue_app.cluster import message_bus
    from tests.databases.test_message_bus import NEVER, pair, soon

    connection.ensure_connection()
    assert type(connection.connection).__module__.startswith("psycopg2")
    message_bus.SEEN = NEVER
    with pair() as site:
        soon(site.are_woken)
        site.one.send("told", {"to": "all"})
        assert soon(lambda: site.heard) == [{"to": "all"}]


def write() -> None:
    """Also a text that PostgreSQL does not take as it is."""
    from queue_app.records.event_log import EventLog
    from queue_app.records.event_models import Event
    from tests.databases.test_writers import change
    from tests.queue_app.conftest import app

    book, demo = EventLog(gather=0.01), app(lambda text: text)
    for number in range(3):
        book.note(change(demo, number, username="a\x00ü😀", action="job.done", state="done"))
    assert book.flush(60)
    book.close()
    names = dict(Event.objects.values_list("event_id", "username"))
    assert names == dict.fromkeys(("e0", "e1", "e2"), "aü😀"), names
    assert (book.written, book.dropped) == (3, 0)


if __name__ == "__main__":
    main()
