"""The admin's lists with many rows: every query reads along an index and stops early, so size does not matter."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.template.loader import render_to_string
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils.translation import override

from queue_app.operations.admin.paging import MOST, BoundedPaginator
from queue_app.records.event_models import Event, Session

ROWS = 1_000_000
LIST = "/admin/queue_app/event/"

MANY_EVENTS = """
WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < %s)
INSERT INTO queue_app_event (event_id, mount, fn, fn_name, session, identity, username, address, state, submitted,
    wait, duration, messages, error, traceback, inputs, process, retried_as)
SELECT printf('%%032x', i), 'app' || (i %% 3), i %% 7, 'fn' || (i %% 7), 's' || (i %% 5000), '', 'user' || (i %% 400),
    '10.0.0.1', CASE WHEN i %% 1000 = 0 THEN 'failed' ELSE 'done' END,
    datetime('now', '-' || (%s - i) || ' seconds'), 0.1, 0.2, 3, '', '', '', 'host:1', '' FROM n
"""


@pytest.fixture(scope="module")
def many(django_db_setup, django_db_blocker) -> Iterator[None]:
    """Many events, made by the database itself; their indexes are made at once, which is quicker than row by row."""
    indexes = Event._meta.indexes
    with django_db_blocker.unblock():
        with connection.schema_editor() as editor:
            for index in indexes:
                editor.remove_index(Event, index)
            editor.execute(MANY_EVENTS % (ROWS, ROWS), None)
            for index in indexes:
                editor.add_index(Event, index)
        yield
        with connection.cursor() as cursor:
            cursor.execute("DELETE FROM queue_app_event")


@pytest.fixture
def staff(db) -> Client:
    client = Client()
    client.force_login(User.objects.create_superuser("root"))
    return client


def plans(client: Client, address: str) -> list[str]:
    """How the database reads the events for a page: one line per step of each query."""
    with CaptureQueriesContext(connection) as captured:
        answer = client.get(address)
    assert answer.status_code == 200
    fits = answer.context["cl"].result_count <= 50  # then Django asks for the whole page without a limit
    lines = []
    with connection.cursor() as cursor:
        for query in captured.captured_queries:
            if re.search(r'FROM "queue_app_(event|session)"', query["sql"]):
                assert fits or " LIMIT " in query["sql"], query["sql"]
                cursor.execute(f"EXPLAIN QUERY PLAN {query['sql']}")
                lines += [row[3] for row in cursor.fetchall()]
    return lines


@pytest.mark.parametrize(
    "query",
    [
        "",
        "?p=40",
        "?state__exact=failed",
        "?mount=app1",
        "?since=hour",
        "?state__exact=done&since=day",
        "?o=4",
        "?o=-4",
        "?q=user7",
        "?q=fn3",
        "?q=s77",
        f"?q={ROWS:032x}",
        "?q=nobody",
        "?q=user7&state__exact=failed",
    ],
)
def test_events_are_read_along_an_index(many, staff, query) -> None:
    lines = plans(staff, LIST + query)
    assert lines
    for line in lines:
        assert "TEMP B-TREE" not in line or "RIGHT PART" in line, line  # rows of one moment may be sorted by id
        if "queue_app_event" in line:
            assert "INDEX" in line, line


def test_a_page_costs_a_fixed_number_of_queries(many, staff) -> None:
    with CaptureQueriesContext(connection) as captured:
        answer = staff.get(LIST)
    assert len(captured) <= 8
    assert answer.context["cl"].result_count == MOST
    assert len(answer.context["cl"].result_list) == 50
    assert "traceback" not in " ".join(each["sql"] for each in captured.captured_queries if "LIMIT 50" in each["sql"])


def test_a_search_finds_whole_values(many, staff) -> None:
    assert staff.get(LIST, {"q": f"{ROWS:032x}"}).context["cl"].result_count == 1
    assert staff.get(LIST, {"q": "user7"}).context["cl"].result_count == min(ROWS // 400, MOST)
    assert staff.get(LIST, {"q": "s77"}).context["cl"].result_count == ROWS // 5000
    assert staff.get(LIST, {"q": "fn"}).context["cl"].result_count == 0


def test_sessions_are_read_along_an_index(staff) -> None:
    for query in ("", "?mount=a", "?q=nobody"):
        assert not [line for line in plans(staff, "/admin/queue_app/session/" + query) if "TEMP B-TREE" in line]


def test_a_list_is_counted_no_further_than_can_be_paged(db) -> None:
    assert BoundedPaginator(range(10_000), 50).num_pages == MOST // 50
    assert BoundedPaginator(Session.objects.all(), 50).count == 0


def test_a_limit_stays_a_number_in_the_form_whatever_the_language_makes_of_it(settings: Any) -> None:
    settings.LANGUAGE_CODE, settings.USE_THOUSAND_SEPARATOR, settings.ROOT_URLCONF = "de", True, "project.urls"
    group = {"group": {"limit": 1234, "fn": 5678, "mount": "app"}, "name": "slow"}
    shown = {"apps": [{"groups": [group]}], "may_control": True}
    with override("de"):
        page = render_to_string("admin/queue_app/queue_now.html", shown)
    assert 'name="limit" inputmode="numeric" value="1234"' in page and 'name="fn" value="5678"' in page
