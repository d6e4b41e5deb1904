"""Files in the admin: lists along indices, whole values found, rows and bytes deleted together."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest
from django.contrib.auth.models import Permission, User
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from blocks_app.files.filestore import FileStore
from queue_app.records.event_models import Audit, StoredFile

LIST = "/admin/queue_app/storedfile/"
ROWS = 20_000
MANY = """
WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < %s)
INSERT INTO queue_app_storedfile (file_id, name, orig_name, size, mime, owner, session, mount, made, payer, created,
    expires, place)
SELECT printf('%%022d', i), 'f', 'file' || (i %% 5000), i, 'text/plain', 'user:' || (i %% 400), 's' || (i %% 900),
    'app' || (i %% 3), i %% 2, '', datetime('now', '-' || (%s - i) || ' seconds'), NULL, '' FROM n
"""


@pytest.fixture
def staff(db: None) -> Client:
    client = Client()
    client.force_login(User.objects.create_superuser("root"))
    return client


def test_files_are_listed_found_and_deleted(staff: Client, store: FileStore) -> None:
    mine = store.save(b"x", "mine.txt", owner="user:1", payer="ann")
    other = store.save(b"y", "<i>other</i>.txt", session="s" * 20)
    html = staff.get(LIST).content.decode()
    assert "mine.txt" in html and "<i>other" not in html and f"session {'s' * 6}… <" in html
    for term in ("user:1", mine.id, "mine.txt"):
        html = staff.get(LIST, {"q": term}).content.decode()
        assert "mine.txt" in html and "other" not in html
    action = {"action": "delete_files", "_selected_action": [StoredFile.objects.get(file_id=mine.id).pk]}
    asked = staff.post(LIST, action).content.decode()
    assert "Delete these files?" in asked and "mine.txt" in asked and store.get(mine.id) is not None
    action["confirmed"] = "1"
    assert "1 file deleted" in staff.post(LIST, action, follow=True).content.decode()
    assert (store.get(mine.id), store.ids(), store.used_by("ann")) == (None, [other.id], 0)
    assert Audit.objects.get().target == f"{mine.id[:7]}… mine.txt"


def test_one_file_is_shown_and_deleted(staff: Client, store: FileStore) -> None:
    row = StoredFile.objects.get(file_id=store.save(b"x", "mine.txt").id)
    assert "mine.txt" in staff.get(f"{LIST}{row.pk}/change/").content.decode()
    staff.post(f"{LIST}{row.pk}/delete/", {"post": "yes"})
    assert (store.ids(), StoredFile.objects.count(), Audit.objects.count()) == ([], 0, 1)


def test_looking_is_not_deleting(store: FileStore) -> None:
    user = User.objects.create_user("looks", is_staff=True)
    user.user_permissions.set(Permission.objects.filter(codename="view_storedfile"))
    client = Client()
    client.force_login(user)
    row = StoredFile.objects.get(file_id=store.save(b"x", "mine.txt").id)
    assert 'name="action"' not in client.get(LIST).content.decode()
    client.post(LIST, {"action": "delete_files", "_selected_action": [row.pk]})
    assert client.post(f"{LIST}{row.pk}/delete/", {"post": "yes"}).status_code == 403
    assert StoredFile.objects.count() == 1


def test_a_site_without_rows_is_told_so(staff: Client, settings: Any) -> None:
    settings.BLOCKS_FILE_ROWS = False
    assert "BLOCKS_FILE_ROWS is off" in staff.get(LIST).content.decode()


@pytest.fixture(scope="module")
def many(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    """Many rows, made by the database itself."""
    with django_db_blocker.unblock():
        with connection.cursor() as cursor:
            cursor.execute(MANY, [ROWS, ROWS])
        yield
        StoredFile.objects.all()._raw_delete("default")


@pytest.mark.parametrize(
    "query",
    ["", "?p=40", "?made=1", "?mount=app1", "?since=day", "?o=4", "?q=user:7", "?q=s77", "?q=file3", "?q=nobody"],
)
def test_files_are_read_along_an_index(many: None, staff: Client, query: str) -> None:
    with CaptureQueriesContext(connection) as captured:
        answer = staff.get(LIST + query)
    assert answer.status_code == 200
    lines = []
    with connection.cursor() as cursor:
        for asked in captured.captured_queries:
            if re.search(r'FROM "queue_app_storedfile"', asked["sql"]):
                cursor.execute(f"EXPLAIN QUERY PLAN {asked['sql']}")
                lines += [row[3] for row in cursor.fetchall()]
    assert lines
    for line in lines:
        assert "TEMP B-TREE" not in line or "RIGHT PART" in line, line
        assert "queue_app_storedfile" not in line or "INDEX" in line, line
