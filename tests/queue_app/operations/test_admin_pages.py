"""The admin's pages as operators read them: what they say first, what they ask before, and in which words."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.contrib.auth.models import Permission, User
from django.test import Client
from django.utils import timezone
from django.utils.translation import override

from queue_app.cluster import commands
from queue_app.execution.engine import GroupSnapshot
from queue_app.operations.admin import live_queue, overview, tracebacks, words
from queue_app.operations.admin.paging import MOST
from queue_app.records.event_models import Audit, Event, Minute, Session
from queue_app.records.flag_models import Flag

ADMIN = "/admin/queue_app/"
TRACE = f"""Traceback (most recent call last):
  File "{tracebacks.__file__}", line 9, in shown
    ours()
  File "/srv/shop/apps/classify.py", line 41, in classify
    scores = model(prepare(picture))
             ^^^^^^^^^^^^^^^^^^^^^^^
  File "/srv/shop/.venv/lib/python3.12/site-packages/torch/nn/module.py", line 1501, in call
    return forward(*args)
  File "/opt/python/lib/python3.12/json/decoder.py", line 3, in decode
    raise
  File "/srv/shop/apps/preparing.py", line 12, in prepare
    raise ValueError("<no>")
ValueError: <no>
"""


@pytest.fixture
def staff(db: None) -> Client:
    client = Client()
    client.force_login(User.objects.create_superuser("root"))
    return client


def event(**more: Any) -> Event:
    given = {"event_id": "e" * 32, "mount": "shop", "fn": 7, "fn_name": "classify", "submitted": timezone.now()}
    return Event.objects.create(**{**given, **more})


def session(**more: Any) -> Session:
    now = timezone.now()
    return Session.objects.create(hash="0k3j2hf9x1c", mount="shop", created=now, seen=now, **more)


@pytest.fixture
def done(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Which orders were given; each is carried out."""
    given: list[str] = []

    def execute(body: dict[str, Any]) -> dict[str, Any]:
        given.append(body["action"])
        return {"done": True, "here": True, "outcome": "ok"}

    monkeypatch.setattr(commands, "execute", execute)
    return given


def test_a_page_of_an_event_begins_with_the_lines_of_the_sites_own_code(staff: Client) -> None:
    row = event(state="failed", error="ValueError: <no>", traceback=TRACE)
    html = staff.get(f"{ADMIN}event/{row.pk}/change/").content.decode()
    places = ["ValueError: &lt;no&gt;", "apps/preparing.py, line 12, prepare", "apps/classify.py, line 41, classify"]
    found = [html.index(each) for each in (*places, "The whole traceback", "torch/nn")]
    assert found == sorted(found)
    assert "scores = model(prepare(picture))" in html and "<no>" not in html


def test_what_is_no_traceback_of_the_site_is_shown_as_it_is() -> None:
    assert [each.function for each in tracebacks.own(TRACE)] == ["classify", "prepare"]
    assert "<ol" not in tracebacks.shown("no traceback at all", "error")
    group = (
        '  + Exception Group Traceback (most recent call last):\n  |   File "/srv/a.py", line 3, in f\n  |     g()\n'
    )
    assert [each.file for each in tracebacks.own(group)] == ["/srv/a.py"]


@pytest.mark.parametrize(
    ("state", "more", "buttons"),
    [
        ("running", {}, ["Cancel this event"]),
        ("queued", {}, ["Cancel this event"]),
        ("failed", {"inputs": "[]"}, ["Submit this event again"]),
        ("failed", {}, []),
        ("cancelled", {"inputs": "[]", "retried_as": "x"}, []),
        ("done", {}, []),
    ],
)
def test_a_page_of_an_event_offers_what_makes_sense(
    staff: Client, state: str, more: dict[str, str], buttons: list[str]
) -> None:
    html = staff.get(f"{ADMIN}event/{event(state=state, **more).pk}/change/").content.decode()
    assert re.findall(r'<button class="blocks-button[^>]*>([^<]*)', html) == buttons


def test_an_event_is_cancelled_on_its_own_page(staff: Client, done: list[str]) -> None:
    row = event(state="running")
    address = f"{ADMIN}event/{row.pk}/act/cancel/"
    assert staff.get(address).status_code == 405
    answer = staff.post(address, follow=True)
    assert answer.redirect_chain == [(f"{ADMIN}event/{row.pk}/change/", 302)]
    assert done == ["cancel"] and Audit.objects.get().target == str(row)
    for number in (0, 10**20):
        assert staff.post(f"{ADMIN}event/{number}/act/cancel/").status_code == 404
    assert staff.post(f"{ADMIN}event/{row.pk}/act/delete_selected/").status_code == 403


def test_a_button_needs_the_permission_of_its_action(db: None, done: list[str]) -> None:
    user = User.objects.create_user("looks", is_staff=True)
    user.user_permissions.set(Permission.objects.filter(codename="view_event"))
    client = Client()
    client.force_login(user)
    row = event(state="running")
    assert "Cancel this event" not in client.get(f"{ADMIN}event/{row.pk}/change/").content.decode()
    assert client.post(f"{ADMIN}event/{row.pk}/act/cancel/").status_code == 403
    assert Client().post(f"{ADMIN}event/{row.pk}/act/cancel/").status_code == 302
    assert done == [] and not Audit.objects.exists()


@pytest.mark.parametrize(("action", "question"), [("end", "End these"), ("delete_state", "Delete the state of these")])
def test_sessions_and_their_state_go_after_a_question(
    staff: Client, done: list[str], action: str, question: str
) -> None:
    row = session(connections=1)
    for address in (f"{ADMIN}session/", f"{ADMIN}session/{row.pk}/act/{action}/"):
        sent = {"action": action, "_selected_action": [row.pk]}
        asked = staff.post(address, sent)
        assert asked.status_code == 200 and f"{question} sessions?" in asked.content.decode()
        assert done == []
        answer = staff.post(address, {**sent, "confirmed": "1"})
        assert answer.status_code == 302 and len(done) == 1
        done.clear()


def test_flags_go_after_a_question(staff: Client) -> None:
    row = Flag.objects.create(values="[]", columns="[]", mount="shop", created=timezone.now())
    sent = {"action": "delete_flags", "_selected_action": [row.pk]}
    assert "Delete these flags?" in staff.post(f"{ADMIN}flag/", sent).content.decode()
    assert Flag.objects.count() == 1
    assert "1 flag deleted." in staff.post(f"{ADMIN}flag/", {**sent, "confirmed": "1"}, follow=True).content.decode()
    assert Flag.objects.count() == 0


def test_all_dates_are_written_in_one_way_to_the_second(staff: Client) -> None:
    moment = datetime(2026, 3, 4, 15, 6, 7, tzinfo=UTC)
    row = event(state="done", submitted=moment, started=moment, finished=moment)
    kept = session()
    Session.objects.update(created=moment, seen=moment)
    Audit.objects.create(user="root", action="cancel", target="x", outcome="done")
    Audit.objects.update(when=moment)
    pages = [f"event/{row.pk}/change/", f"session/{kept.pk}/change/", "event/", "session/", "audit/"]
    pages.append(f"audit/{Audit.objects.get().pk}/change/")
    for page in pages:
        html = staff.get(ADMIN + page).content.decode()
        assert "2026-03-04 15:06:07" in html, page
        assert "March 4" not in html, page


def test_a_list_is_called_what_it_is_and_says_when_there_are_more(staff: Client, monkeypatch: Any) -> None:
    event()
    html = staff.get(f"{ADMIN}event/").content.decode()
    assert "<h1>Events</h1>" in html and "newest" not in html
    Event.objects.bulk_create(
        Event(event_id=str(number), mount="shop", fn=0, submitted=timezone.now()) for number in range(MOST)
    )
    assert f"The newest {MOST} are listed" in staff.get(f"{ADMIN}event/").content.decode()


def test_each_cell_of_a_list_names_its_column_for_narrow_screens(staff: Client) -> None:
    event(state="queued")
    html = staff.get(f"{ADMIN}event/").content.decode()
    row = html[html.index("<tbody") : html.index("</tbody>")]
    labels = re.findall(r'data-label="([^"]*)"', row)
    assert labels == ["Function", "User", "State", "Submitted", "Wait", "Run", "Error"]
    assert ">waiting</span>" in row


def test_events_of_a_process_are_those_that_it_has_now(staff: Client) -> None:
    for number, state in enumerate(("running", "done", "failed")):
        event(event_id=str(number), state=state, process="web-2:4711")
    event(event_id="other", state="running", process="web-1:1")

    def listed(query: str) -> set[str]:
        return {each.event_id for each in staff.get(f"{ADMIN}event/?{query}").context["cl"].result_list}

    assert listed("process=web-2:4711") == {"0"}
    assert listed("process=web-2:4711&state__exact=failed") == {"2"}


@pytest.mark.parametrize(
    ("seconds", "text"),
    [(None, "–"), (0, "0 s"), (0.0123, "0.012 s"), (59.4, "59 s"), (59.6, "1 min 0 s"), (75, "1 min 15 s"),
     (3599, "59 min 59 s"), (4000, "1 h 6 min"), (90_000, "1 d 1 h")],
)  # fmt: skip
def test_durations_are_told_in_words(seconds: float | None, text: str) -> None:
    assert words.duration(seconds) == text


def test_durations_are_told_in_the_operators_language() -> None:
    with override("ja"):
        assert words.duration(75) == "1 分 15 秒"


def group(**more: Any) -> GroupSnapshot:
    given: dict[str, Any] = {
        "mount": "shop", "fn": 0, "names": ("classify",), "limit": 2, "running": 0, "waiting": 0, "average": 10.0,
        "expected": 10.0, "oldest": None, "paused": False, "draining": False,
    }  # fmt: skip
    return GroupSnapshot(**{**given, **more})


def test_an_expected_wait_is_the_wait_without_the_run() -> None:
    assert words.wait(live_queue.expected_wait(group())) == "no wait"
    assert words.wait(live_queue.expected_wait(group(running=2, waiting=4, expected=40.0))) == "30 s"
    assert live_queue.expected_wait(group(average=None, expected=None)) is None


def test_the_start_page_tells_what_fails_and_leads_there(staff: Client) -> None:
    now = timezone.now()
    Minute.objects.create(mount="shop", minute=now.replace(second=0, microsecond=0), done=5, failed=2)
    for number in range(3):
        event(event_id=str(number), state="failed", error="ValueError: <no>")
    html = staff.get(ADMIN).content.decode()
    assert "2 of 7 in the last hour" in html
    assert "classify, 3 times" in html and "shop: ValueError: &lt;no&gt;" in html
    [address] = set(re.findall(r'href="([^"]*q=classify[^"]*)"', html))
    assert len(staff.get(address.replace("&amp;", "&")).context["cl"].result_list) == 3


def test_the_start_page_tells_what_is_full(monkeypatch: pytest.MonkeyPatch, staff: Client) -> None:
    snapshot = live_queue.QueueSnapshot(
        "shop", "Shop", (group(running=2, waiting=4, expected=40.0),), 4, 2, 0, 3, False
    )
    monkeypatch.setattr(overview.operating, "snapshots", lambda: [snapshot])
    html = staff.get(ADMIN).content.decode()
    assert "4 wait: all slots are taken (2); expected wait 30 s" in html
    assert "2 running, 4 waiting" in html and f'href="{ADMIN}queue/#shop"' in html


def test_the_start_page_shows_no_more_than_may_be_seen(db: None) -> None:
    event(state="failed", error="secret")
    client = Client()
    user = User.objects.create_user("looks", is_staff=True)
    user.user_permissions.set(Permission.objects.filter(codename="view_queue"))
    client.force_login(user)
    html = client.get(ADMIN).content.decode()
    assert "What runs" in html and "What fails" not in html and "secret" not in html
    user.user_permissions.set(Permission.objects.filter(codename="view_event"))
    html = client.get(ADMIN).content.decode()
    assert "What runs" not in html and "What fails" in html


def test_groups_of_the_whole_site_are_told_once(db: None) -> None:
    minute = timezone.now().replace(second=0, microsecond=0) - timedelta(minutes=1)
    Minute.objects.create(mount="shop", minute=minute, done=8, failed=2)
    shared = live_queue.QueueSnapshot("shop", "Shop", (group(waiting=3),), 3, 0, 0, 2, False, True)
    reports = [live_queue.ProcessReport(name, [shared]) for name in ("web-1:1", "web-2:2")]
    [shown] = live_queue.shown_apps(reports)
    assert (shown.waiting, shown.sessions, len(shown.groups), shown.is_shared) == (3, 4, 1, True)
    assert (shown.rate, shown.groups[0]["rate"]) == ("2", "–")
    assert shown.processes == ["web-1:1", "web-2:2"] and shown.groups[0]["process"] == ""
