"""What a viewer of the admin cannot learn from it: inputs, and names that suffice to act as a visitor."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import Permission, User
from django.test import Client
from django.utils import timezone

from queue_app.records.event_models import Audit, Event, Session, StoredFile
from queue_app.records.flag_models import Flag

ADMIN = "/admin/queue_app/"
TABLES = {"event": Event, "session": Session, "storedfile": StoredFile, "flag": Flag, "audit": Audit}
SESSION, EVENT, FILE = "0k3j2hf9x1c", "e" * 8 + "f" * 24, "Fi" * 11
pytestmark = pytest.mark.django_db


@pytest.fixture
def viewer(db: None) -> Client:
    """Somebody who may look at everything."""
    user = User.objects.create_user("looks", is_staff=True)
    user.user_permissions.set(Permission.objects.filter(codename__startswith="view_"))
    client = Client()
    client.force_login(user)
    return client


@pytest.fixture
def rows(db: None) -> dict[str, int]:
    """One of each, by its number."""
    now = timezone.now()
    about = {"mount": "app", "session": SESSION}
    event = Event.objects.create(
        event_id=EVENT,
        fn=0,
        submitted=now,
        state="failed",
        inputs='["my PIN is 1234"]',
        traceback="T",
        retried_as=EVENT,
        **about,
    )
    session = Session.objects.create(hash=SESSION, mount="app", created=now, seen=now, agent="curl")
    file = StoredFile.objects.create(file_id=FILE, name="a", orig_name="a", size=1, mime="x", created=now, **about)
    audit = Audit.objects.create(user="root", action="cancel", target=str(event), mount="app", outcome="done")
    flag = Flag.objects.create(values="[]", columns="[]", payer="PIN", identity="PIN", created=now, **about)
    found = {"event": event, "session": session, "storedfile": file, "flag": flag, "audit": audit}
    return {name: row.pk for name, row in found.items()}


COLUMNS = ["inputs", "traceback", "event_id", "session", "hash", "file_id", "owner", "payer", "identity", "agent"]
KINDS = ["", "__exact", "__contains", "__icontains", "__startswith", "__regex", "__iregex", "__gt", "__isnull", "__in"]


@pytest.mark.parametrize("model", list(TABLES))
def test_nobody_asks_for_what_no_page_shows(viewer: Client, rows: dict[str, int], model: str) -> None:
    has = {field.name for field in TABLES[model]._meta.fields}
    for column in COLUMNS:
        if column not in has:
            continue
        for kind in KINDS:
            for value in ("PIN", "no such thing"):
                answer = viewer.get(f"{ADMIN}{model}/", {column + kind: value})
                assert answer.status_code == 400, (column, kind)
    for more in (
        "id__gt",
        "pk",
        "submitted__year",
        "state__contains",
        "action__startswith",
        "mount__regex",
        "_to_field",
    ):
        assert viewer.get(f"{ADMIN}{model}/", {more: "1"}).status_code in (302, 400), more


@pytest.mark.parametrize(
    "query", ["state__exact=failed", "mount=app", "since=hour", f"q={EVENT}", "session_of=event-{}"]
)
def test_what_the_filters_offer_still_works(viewer: Client, rows: dict[str, int], query: str) -> None:
    answer = viewer.get(f"{ADMIN}event/?{query.format(rows['event'])}")
    assert answer.status_code == 200 and answer.context["cl"].result_count == 1


def test_lists_are_sorted_by_nothing_else(viewer: Client, rows: dict[str, int]) -> None:
    for model in TABLES:
        for column in range(1, 12):
            answer = viewer.get(f"{ADMIN}{model}/?o={column}")
            ordering = {
                each.lstrip("-")
                for each in answer.context["cl"].get_ordering(
                    answer.wsgi_request, None or answer.context["cl"].queryset
                )
            }
            assert ordering <= {"submitted", "seen", "created", "when", "id", "pk"}, (model, column)


@pytest.mark.parametrize("model", list(TABLES))
def test_no_page_shows_a_name_that_suffices(viewer: Client, rows: dict[str, int], model: str) -> None:
    for address in ("", f"{rows[model]}/change/", f"{rows[model]}/history/"):
        answer = viewer.get(f"{ADMIN}{model}/{address}")
        html = answer.content.decode()
        assert answer.status_code == 200, address
        assert not [each for each in (SESSION, EVENT, FILE, "PIN") if each in html], address


@pytest.mark.parametrize("model", ["event", "storedfile"])
@pytest.mark.parametrize("of", ["event", "session"])
def test_the_rows_of_a_session_are_found_by_its_number(
    viewer: Client, rows: dict[str, int], model: str, of: str
) -> None:
    Event.objects.create(event_id="x", mount="app", fn=0, submitted=timezone.now(), session="another")
    answer = viewer.get(f"{ADMIN}{model}/?session_of={of}-{rows[of]}")
    assert [each.pk for each in answer.context["cl"].result_list] == [rows[model]]
    for odd in (f"{of}-0", f"{of}-", "x", f"{of}-1 OR 1=1", f"{of}-{'9' * 40}"):
        assert viewer.get(f"{ADMIN}{model}/", {"session_of": odd}).context["cl"].result_count == 0


def test_a_page_leads_to_the_rows_of_its_session(viewer: Client, rows: dict[str, int]) -> None:
    html = viewer.get(f"{ADMIN}session/{rows['session']}/change/").content.decode()
    assert f"event/?session_of=session-{rows['session']}" in html
    assert f"storedfile/?session_of=session-{rows['session']}" in html
    assert f"?session_of=event-{rows['event']}" in viewer.get(f"{ADMIN}event/{rows['event']}/change/").content.decode()
