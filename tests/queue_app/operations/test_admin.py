"""The admin: who may do what, what it does to the queue, and that it is written down."""

from __future__ import annotations

import threading
from collections.abc import Iterator

import pytest
from django.contrib.auth.models import Permission, User
from django.test import Client
from django.utils import timezone

import blocks_app as gr
from queue_app.cluster import commands
from queue_app.execution.control import operating, throughput
from queue_app.execution.control.inspection import rough_size
from queue_app.operations.admin import charts as admin_charts
from queue_app.records import event_log
from queue_app.records.event_log import EventLog
from queue_app.records.event_models import Audit, Event, Minute, Session
from queue_app.signals import job_changed
from queue_app.testing import PageUser

ADMIN = "/admin/queue_app/"
pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def staff(db) -> Client:
    return login("root", superuser=True)


def login(name: str, *permissions: str, superuser: bool = False) -> Client:
    """Somebody of the staff with these permissions of the queue."""
    user = User.objects.create_user(name, is_staff=True, is_superuser=superuser)
    user.user_permissions.set(Permission.objects.filter(codename__in=permissions, content_type__app_label="queue_app"))
    client = Client()
    client.force_login(user)
    return client


@pytest.fixture
def noting() -> Iterator[EventLog]:
    """Writes when it is flushed, and not while the test itself uses the database: SQLite's in memory is for one."""
    made = event_log.install(EventLog(gather=3600))
    yield made
    event_log.uninstall()


class Shop:
    """An app with a function that waits until it may go on, one that fails once, and one that counts."""

    def __init__(self) -> None:
        self.go = threading.Event()
        self.broken = True
        with gr.Blocks() as self.demo:
            self.text, self.out = gr.Textbox("a"), gr.Textbox()
            self.slow, self.fail, self.count = gr.Button("slow"), gr.Button("fail"), gr.Button("count")
            total = gr.State(0)
            self.slow.click(self.wait, self.text, self.out)
            self.fail.click(self.fails_once, self.text, self.out)
            self.count.click(lambda number: (number + 1, str(number + 1)), total, [total, self.out])

    def wait(self, text: str) -> str:
        self.go.wait(20)
        return text.upper()

    def fails_once(self, text: str) -> str:
        if self.broken:
            raise ValueError("no <b>luck</b>")
        return f"{text} at last"


@pytest.fixture
def shop() -> Iterator[Shop]:
    made = Shop()
    yield made
    made.go.set()


def control(client: Client, page: PageUser, action: str, fn: int = 0, **more: str) -> str:
    """Press a button of the live queue; the message that the page then shows."""
    sent = {"mount": page.mount.key, "fn": str(fn), "action": action, "name": "g", **more}
    answer = client.post(f"{ADMIN}queue/control/", sent, follow=True)
    assert answer.status_code == 200
    return " ".join(str(message) for message in answer.context["messages"])


def act(client: Client, model: str, action: str, row: Event | Session) -> str:
    """Choose a row and an action of its list, and say that it is meant; the message that the page then shows."""
    sent = {"action": action, "_selected_action": [row.pk], "confirmed": "1"}
    answer = client.post(f"{ADMIN}{model}/", sent, follow=True)
    assert answer.status_code == 200
    return " ".join(str(message) for message in answer.context["messages"])


def test_the_live_queue_shows_groups_and_pauses_and_resumes_one(staff, shop) -> None:
    shop.go.set()
    with PageUser(shop.demo) as page:
        assert "paused: nothing starts" in control(staff, page, "pause")
        page.click(shop.slow, wait=False)
        page.until(lambda: page.position(shop.out) is not None)
        html = staff.get(f"{ADMIN}queue/").content.decode()
        assert "1 waiting, 0 running" in html and "paused" in html
        assert "goes on" in control(staff, page, "resume")
        page.until(lambda: page.value(shop.out) == "A")
    assert list(Audit.objects.values_list("user", "action")) == [("root", "resume"), ("root", "pause")]


def test_a_limit_is_changed_while_events_wait(staff, shop) -> None:
    with PageUser(shop.demo) as page, PageUser(shop.demo) as other:
        page.click(shop.slow, wait=False)
        other.click(shop.slow, wait=False)
        other.until(lambda: other.position(shop.out) is not None)
        assert "limit 2" in control(staff, page, "limit", limit="2")
        page.until(lambda: operating.snapshots()[0].running == 2)
        assert "whole number" in control(staff, page, "limit", limit="0")
        assert "limit none" in control(staff, page, "limit", limit="")
        shop.go.set()
        page.until(lambda: page.value(shop.out) == "A")
        other.until(lambda: other.value(shop.out) == "A")


def test_a_draining_group_refuses_new_events_in_words(staff, shop) -> None:
    shop.go.set()
    with PageUser(shop.demo) as page:
        control(staff, page, "drain")
        page.click(shop.slow)
        assert page.value(shop.out) != "A"
        control(staff, page, "reopen")
        page.click(shop.slow)
        assert page.value(shop.out) == "A"


def test_a_waiting_event_is_cancelled(staff, shop, noting) -> None:
    with PageUser(shop.demo) as page, PageUser(shop.demo) as other:
        page.click(shop.slow, wait=False)
        other.click(shop.slow, wait=False)
        other.until(lambda: other.position(shop.out) is not None)
        assert noting.flush()
        row = Event.objects.get(state="queued")
        assert "done for 1" in act(staff, "event", "cancel", row)
        assert "It has ended" in act(staff, "event", "cancel", row)
        shop.go.set()
        page.until(lambda: page.value(shop.out) == "A")
        noting.flush()
    row.refresh_from_db()
    assert (row.state, row.started) == ("cancelled", None)
    assert [each.outcome[:9] for each in Audit.objects.order_by("id")] == ["cancelled", "It has en"]


def test_a_failed_event_shows_its_traceback_and_is_tried_again(staff, shop, noting) -> None:
    with PageUser(shop.demo) as page:
        page.click(shop.fail)
        assert noting.flush()
        row = Event.objects.get(state="failed")
        html = staff.get(f"{ADMIN}event/{row.pk}/change/").content.decode()
        assert "in fails_once" in html and "no &lt;b&gt;luck&lt;/b&gt;" in html
        shop.broken = False
        assert "done for 1" in act(staff, "event", "retry", row)
        page.until(lambda: operating.snapshots()[0].waiting + operating.snapshots()[0].running == 0)
        assert noting.flush()
    again = Event.objects.get(state="done")
    assert (again.session, again.fn_name, again.messages) == (row.session, row.fn_name, 2)


def test_an_event_without_kept_inputs_cannot_be_tried_again(staff) -> None:
    row = Event.objects.create(event_id="e", mount="gone", fn=0, submitted=timezone.now(), state="failed")
    assert "inputs were not kept" in act(staff, "event", "retry", row)
    Event.objects.update(inputs="[]")
    assert "does not serve gone" in act(staff, "event", "retry", row)


def test_a_session_is_shown_emptied_and_ended(staff, shop, noting) -> None:
    with PageUser(shop.demo) as page:
        page.click(shop.count)
        page.click(shop.count)
        assert (page.value(shop.out), noting.flush()) == ("2", True)
        row = Session.objects.get()
        html = staff.get(f"{ADMIN}session/{row.pk}/change/").content.decode()
        assert ": int, 28\xa0bytes" in html
        assert "done for 1" in act(staff, "session", "delete_state", row)
        page.click(shop.count)
        assert page.value(shop.out) == "1"
        assert "1 value, " in staff.get(f"{ADMIN}session/").content.decode()
        assert "done for 1" in act(staff, "session", "end", row)
        assert "no process has it" in act(staff, "session", "end", row)
    assert set(Audit.objects.values_list("action", flat=True)) == {"delete state", "end session"}


def test_each_action_needs_its_permission(shop, noting) -> None:
    with PageUser(shop.demo) as page:
        page.click(shop.count)
        noting.flush()
        event, session = Event.objects.get(), Session.objects.get()
        looks = login("looks", "view_event", "view_session", "view_queue", "view_storedfile", "view_audit")
        for model in ("event", "session", "queue", "storedfile", "audit"):
            html = looks.get(f"{ADMIN}{model}/").content.decode()
            assert 'name="action"' not in html
        assert looks.post(f"{ADMIN}queue/control/", {"action": "pause"}).status_code == 403
        act(looks, "event", "cancel", event)
        act(looks, "session", "end", session)
        assert page.value(shop.out) == "1"
        controls = login("controls", "view_queue", "control_queue")
        assert "paused" in control(controls, page, "pause")
    assert [each.user for each in Audit.objects.all()] == ["controls"]


ACTIONS = [
    ("event", "cancel", "cancel_event"),
    ("event", "retry", "retry_event"),
    ("session", "end", "end_session"),
    ("session", "delete_state", "delete_session_state"),
]


@pytest.mark.parametrize(("model", "action", "permission"), ACTIONS)
def test_an_action_is_done_and_written_down_with_its_permission_and_with_no_other(
    model, action, permission, monkeypatch
) -> None:
    now = timezone.now()
    rows = {
        "event": Event.objects.create(event_id="e", mount="m", fn=0, submitted=now, state="running"),
        "session": Session.objects.create(hash="s", mount="m", created=now, seen=now),
    }
    done: list[str] = []
    monkeypatch.setattr(
        commands, "execute", lambda body: done.append(body["action"]) or {"done": True, "here": True, "outcome": "ok"}
    )
    others = [each for _, _, each in ACTIONS if each != permission]
    act(login("without", "view_event", "view_session", *others), model, action, rows[model])
    assert (done, Audit.objects.count()) == ([], 0)
    act(login("with", "view_event", "view_session", permission), model, action, rows[model])
    assert len(done) == 1
    written = Audit.objects.get()
    assert (written.user, written.action, written.target, written.mount, written.outcome) == (
        "with", done[0], str(rows[model]), "m", "ok",
    )  # fmt: skip


def test_the_part_of_the_live_queue_that_is_fetched_needs_the_same_permission(staff) -> None:
    answer = staff.get(f"{ADMIN}queue/now/")
    assert answer.status_code == 200 and b"<html" not in answer.content
    assert "no-store" in answer["Cache-Control"]
    assert Client().get(f"{ADMIN}queue/now/").status_code == 302
    assert login("looks", "view_event").get(f"{ADMIN}queue/now/").status_code == 403


def test_an_event_is_tried_again_once_and_leads_to_the_new_one(staff, shop, noting) -> None:
    with PageUser(shop.demo) as page:
        page.click(shop.fail)
        assert noting.flush()
        row = Event.objects.get(state="failed")
        act(staff, "event", "retry", row)
        assert "tried again already" in act(staff, "event", "retry", row)
        page.until(lambda: operating.snapshots()[0].waiting + operating.snapshots()[0].running == 0)
        assert noting.flush()
        row.refresh_from_db()
        again = Event.objects.get(event_id=row.retried_as)
    html = staff.get(f"{ADMIN}event/{row.pk}/change/").content.decode()
    assert f'<a href="{ADMIN}event/{again.pk}/change/">{again}</a>' in html
    assert page.value(shop.out) != "a at last"


def test_a_group_tells_how_many_events_it_ends_in_a_minute(shop, monkeypatch) -> None:
    monkeypatch.setattr(throughput, "counts", {})
    monkeypatch.setattr(job_changed, "receivers", [])
    throughput.install()
    with PageUser(shop.demo) as page:
        for _ in range(10):
            page.click(shop.count)
        (app,) = operating.snapshots()
    found = {group.names: group.per_minute for group in app.groups}
    assert found[("lambda",)] == 2.0 and found[("wait",)] == 0.0


@pytest.mark.parametrize("model", ["event", "session", "queue", "storedfile", "audit"])
def test_nobody_else_sees_anything(model) -> None:
    address = f"{ADMIN}{model}/"
    assert Client().get(address).status_code == 302
    assert login("staff").get(address).status_code == 403


def test_the_charts_show_the_last_hour(staff) -> None:
    now = timezone.now().replace(second=0, microsecond=0)
    Minute.objects.create(mount="a", minute=now, submitted=5, started=4, done=3, failed=1, waited=8.0)
    Minute.objects.create(mount="b", minute=now, done=2)
    Minute.objects.create(mount="a", minute=now - timezone.timedelta(hours=2), done=99)
    html = staff.get(f"{ADMIN}queue/").content.decode()
    assert "6 in the last hour" in html and "1 in the last hour" in html and "at most 2 s" in html
    assert html.count("<rect") == 3


@pytest.mark.django_db
def test_a_wait_of_a_moment_is_no_mountain() -> None:
    now = timezone.now().replace(second=0, microsecond=0)
    Minute.objects.create(mount="a", minute=now, submitted=4, started=4, done=4, waited=0.04)
    ended, wait, _ = admin_charts.last_hour()
    assert ended.bars[-1].height == admin_charts.HEIGHT and wait.bars[-1].height < 3


def test_a_size_is_counted_through_containers_and_stops() -> None:
    assert rough_size([b"x" * 10_000, {"a": b"y" * 10_000}]) > 20_000
    endless: list[object] = []
    endless.append(endless)
    assert rough_size(endless) < 1_000
