"""The processes and workers of a site: who is there, who works what, and what operators do to them."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from io import StringIO
from typing import Any

import msgspec
import pytest
import redis
from django.contrib.auth.models import Permission, User
from django.core.management import CommandError, call_command
from django.test import Client
from django.utils import timezone

import blocks_app as gr
from blocks_app.web.registry import mount, revision, unmount
from queue_app.cluster import commands, reports
from queue_app.engines.worker_registry import DRAINING, PROCESSES, ProcessInfo
from queue_app.execution.control import operating
from queue_app.execution.engine import GroupSnapshot, QueueSnapshot
from queue_app.ids import process_name
from queue_app.operations import health
from queue_app.operations.processes import members, service, worker_checks
from queue_app.records.event_models import Audit
from queue_app.records.message_models import Process
from queue_app.testing import PageUser

PAGE = "/admin/queue_app/worker/"


class Site:
    """A site with workers, of which there are those that a test puts into its Redis."""

    def __init__(self, url: str, key: str, version: str) -> None:
        self.client, self.key, self.version = redis.Redis.from_url(url), key, version

    def has(self, pid: int, **more: Any) -> ProcessInfo:
        """Let a process of it live."""
        given: dict[str, Any] = {
            "name": f"gpu-{pid}:{pid}", "role": "worker", "host": f"gpu-{pid}", "pid": pid, "node": f"w@gpu-{pid}",
            "queues": ("blocks",), "pool": "prefork", "slots": 4, "apps": {self.key: self.version},
            "started": time.time() - 90, "seen": time.time() + 3600,
        }  # fmt: skip
        info = ProcessInfo(**{**given, **more})
        self.client.hset(PROCESSES, info.name, msgspec.json.encode(info))
        return info


@pytest.fixture
def demo() -> Iterator[gr.Blocks]:
    """An app with a plain function, an async one, and one that has a group of its own."""

    async def waits(text: str) -> str:
        return text

    with gr.Blocks() as made:
        text, button = gr.Textbox(), gr.Button()
        button.click(lambda text: text, text, text, api_name="plain")
        button.click(waits, text, text, api_name="waits")
        button.click(waits, text, text, api_name="draw", concurrency_id="gpu")
    mount(made)
    yield made
    unmount(made)


@pytest.fixture
def site(settings: Any, redis_url: str, demo: gr.Blocks, monkeypatch: pytest.MonkeyPatch) -> Iterator[Site]:
    url = f"{redis_url}/11"
    settings.BLOCKS_ENGINE, settings.BLOCKS_REDIS_URL = "queue_app.engines.celery.CeleryEngine", url
    assert demo.mount is not None
    for module in (service, worker_checks):
        monkeypatch.setattr(module, "all_mounts", lambda: [demo.mount])
    made = Site(url, demo.mount.key, revision(demo.mount))
    yield made
    made.client.flushdb()
    made.client.close()


@pytest.fixture
def staff(db: None) -> Client:
    client = Client()
    client.force_login(User.objects.create_superuser("root"))
    return client


def test_a_group_that_nobody_works_makes_the_site_unready(site: Site, settings: Any) -> None:
    settings.BLOCKS_WORKER_QUEUES = {"gpu": "blocks-gpu"}
    two, one = sorted(problem for problem in health.problems() if "Nobody works" in problem)
    assert f"plain, waits of {site.key}" in one and "takes from the Celery queue blocks." in one
    assert f"draw of {site.key}" in two and "worker -Q blocks-gpu" in two
    site.has(1)
    assert [problem for problem in health.problems() if "Nobody works" in problem] == [two]
    site.has(2, queues=("blocks-gpu",))
    assert [problem for problem in health.problems() if "Nobody works" in problem] == []


def test_many_apps_that_nobody_works_are_one_sentence(site: Site) -> None:
    missing = [service.Unserved(f"app{number}", "blocks", ("f",)) for number in range(7)]
    [text] = service.sentences(missing)
    assert text.startswith("Nobody works 7 apps (app0, app1, app2, app3, app4 …):") and "worker -Q blocks" in text


@pytest.mark.parametrize("more", [{"draining": "drain"}, {"apps": {}}, {"role": "web"}, {"seen": 1.0}])
def test_who_takes_nothing_works_nothing(site: Site, more: dict[str, Any]) -> None:
    site.has(1, **more)
    assert any("Nobody works" in problem for problem in service.problems())


def test_a_site_that_runs_its_functions_itself_has_nobody_to_miss(demo: gr.Blocks) -> None:
    assert service.problems() == []


def test_a_redis_that_is_away_is_told(site: Site, settings: Any) -> None:
    settings.BLOCKS_REDIS_URL = "redis://127.0.0.1:1/0"
    assert service.problems() == [members.AWAY]
    assert members.members().problems == [members.AWAY]


def test_workers_are_shown_with_what_they_run_and_what_is_wrong(site: Site, staff: Client) -> None:
    site.has(1, running=3, slots=4, queues=("blocks", "blocks-gpu", "blocks.v"), version="v")
    site.has(2, apps={site.key: "0ther"}, clock=7.5, draining="drain")
    html = staff.get(PAGE).content.decode()
    assert "gpu-1:1" in html and "w@gpu-1" in html and ">blocks, blocks-gpu <" in html and "3 / 4" in html
    assert "prefork" in html and site.version[:8] in html
    assert f"{site.key} runs in different versions: w@gpu-1; w@gpu-2" in html
    assert "The clock of gpu-2 is +7.5 s away" in html
    assert 'href="/admin/queue_app/event/?process=gpu-1%3A1"' in html
    assert html.count('value="drain"') == 1 and html.count('value="reopen"') == 1
    part = staff.get(f"{PAGE}now/")
    assert b"<html" not in part.content and "no-store" in part["Cache-Control"]


def test_a_worker_is_drained_and_opened_again(site: Site, staff: Client) -> None:
    info = site.has(1)
    answer = staff.post(f"{PAGE}control/", {"name": info.name, "action": "drain"}, follow=True)
    assert "drains: it takes nothing new" in answer.content.decode()
    assert site.client.hget(DRAINING, info.node) == b"drain"
    staff.post(f"{PAGE}control/", {"name": info.node, "action": "reopen"})
    assert not site.client.hexists(DRAINING, info.node)
    assert list(Audit.objects.values_list("action", "target")) == [
        ("reopen", "process w@gpu-1"), ("drain", "process gpu-1:1"),
    ]  # fmt: skip


def test_ending_a_worker_is_asked_about_first(site: Site, staff: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    info, ended = site.has(1), []
    monkeypatch.setattr(
        "celery.app.control.Control.broadcast", lambda _, command, **more: ended.append((command, more))
    )
    asked = staff.post(f"{PAGE}control/", {"name": info.name, "action": "end"}).content.decode()
    assert "End this process?" in asked and ended == []
    staff.post(f"{PAGE}control/", {"name": info.name, "action": "end", "confirmed": "1"})
    assert ended == [("shutdown", {"destination": [info.node]})]


def test_who_may_look_may_not_end(site: Site, db: None) -> None:
    info = site.has(1)
    user = User.objects.create_user("looks", is_staff=True)
    client = Client()
    client.force_login(user)
    assert client.get(PAGE).status_code == 403
    user.user_permissions.set(Permission.objects.filter(codename="view_worker"))
    assert 'name="action"' not in client.get(PAGE).content.decode()
    assert client.post(f"{PAGE}control/", {"name": info.name, "action": "drain"}).status_code == 403
    assert Client().get(PAGE).status_code == 302
    assert not Audit.objects.exists()


def test_the_command_lists_workers_and_fails_where_nobody_works(site: Site, db: None, monkeypatch: Any) -> None:
    out, err = StringIO(), StringIO()
    with pytest.raises(SystemExit):
        call_command("blocks_workers", stdout=out, stderr=err)
    assert "Nobody works plain" in err.getvalue()
    site.has(1, running=1)
    call_command("blocks_workers", stdout=(out := StringIO()), stderr=StringIO())
    assert "gpu-1:1 (w@gpu-1)" in out.getvalue() and "1/4" in out.getvalue()
    call_command("blocks_workers", "--json", stdout=(out := StringIO()))
    found = json.loads(out.getvalue())
    assert [each["name"] for each in found["processes"] if each["role"] == "worker"] == ["gpu-1:1"]
    assert found["problems"] == []
    monkeypatch.setattr("celery.app.control.Control.broadcast", lambda *given, **more: None)
    call_command("blocks_workers", "drain", "w@gpu-1", stdout=(out := StringIO()))
    assert "w@gpu-1: drains" in out.getvalue() and site.client.hget(DRAINING, "w@gpu-1") == b"drain"
    with pytest.raises(CommandError, match="There is no process nobody"):
        call_command("blocks_workers", "end", "nobody")


def test_the_queue_of_a_site_with_workers_is_asked_in_redis_alone(site: Site, db: None, monkeypatch: Any) -> None:
    monkeypatch.setattr("queue_app.engines.inspection.all_mounts", service.all_mounts)
    call_command("blocks_queue", "pause", site.key, "plain", stdout=(out := StringIO()))
    assert "plain: paused: nothing starts" in out.getvalue()
    call_command("blocks_queue", "limit", site.key, "draw", "--limit", "7", stdout=StringIO())
    call_command("blocks_queue", "--json", stdout=(out := StringIO()))
    found = {each["names"][0]: (each["paused"], each["limit"]) for each in json.loads(out.getvalue())}
    assert (found["plain"][0], found["draw"][1], found["waits"]) == (True, 7, (False, 1))
    with pytest.raises(CommandError, match="has no function 'nothing'; it has: "):
        call_command("blocks_queue", "drain", site.key, "nothing")
    with pytest.raises(CommandError, match="whole number"):
        call_command("blocks_queue", "limit", site.key, "draw", "--limit", "0")


# Without workers: processes that run functions themselves


@pytest.mark.django_db(transaction=True)
def test_a_process_that_runs_functions_itself_is_listed_drained_and_opened(demo: gr.Blocks) -> None:
    with gr.Blocks() as own:
        text, button = gr.Textbox("a"), gr.Button()
        button.click(lambda text: text.upper(), text, text, api_name="shout")
    with PageUser(own) as page:
        [info] = members.members().found
        assert (info.name, info.role, info.pool, info.slots) == (process_name(), "web", "threads", 40)
        assert info.apps == {page.mount.key: revision(page.mount)} and info.draining == ""
        assert "nothing new is taken" in members.change(process_name(), "drain")
        assert members.members().found[0].draining == "drain"
        page.click(button)
        assert page.value(text) == "a"
        members.change(process_name(), "reopen")
        page.click(button)
        assert page.value(text) == "A"
        call_command("blocks_queue", "pause", page.mount.key, stdout=(out := StringIO()))
        assert f"{page.mount.key}, shout: paused" in out.getvalue()
        call_command("blocks_queue", stdout=(out := StringIO()))
        assert "paused" in out.getvalue()


def test_ending_a_process_is_asking_it_to_end(monkeypatch: pytest.MonkeyPatch) -> None:
    killed: list[Any] = []
    monkeypatch.setattr(operating, "UNTIL_END", 0.0)
    monkeypatch.setattr(operating.os, "kill", lambda *given: killed.append(given))
    assert "BLOCKS_SHUTDOWN_GRACE" in commands.execute({"action": "process", "change": "end"})["outcome"]
    until = time.monotonic() + 30
    while not killed and time.monotonic() < until:
        time.sleep(0.01)  # another thread, which nothing tells of
    assert killed == [(operating.os.getpid(), operating.signal.SIGTERM)]


@pytest.mark.django_db
def test_what_another_process_has_written_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    now = timezone.now()
    group = GroupSnapshot("shop", 0, ("f",), 1, 0, 2, None, None, None, False, False)
    told = reports.WrittenReport(
        [QueueSnapshot("shop", "Shop", (group,), 2, 0, 0, 1, False)], ProcessInfo("w:2", "web", "w", 2)
    )
    text = msgspec.json.encode(told).decode()
    row = Process(name="w:2", started=now, seen=now, report=text, reported=now)
    report = reports.report_of(row)
    assert report.apps == told.apps and report.about is not None and report.about.seen == now.timestamp()
    row.report = "[]"  # of another release
    report = reports.report_of(row)
    assert report.apps is None and report.about is not None and (report.about.host, report.about.pid) == ("w", 2)


def test_a_command_says_why_nobody_tells_of_a_queue(db: None) -> None:
    with pytest.raises(CommandError, match="No process of the site tells of itself"):
        call_command("blocks_queue", "pause", "shop")
    for command in ("blocks_queue", "blocks_workers"):
        call_command(command, stdout=StringIO(), stderr=(err := StringIO()))
        assert "BLOCKS_MESSAGE_BUS" in err.getvalue()


# What `check --deploy` says of workers


def ids(found: Any) -> list[str]:
    return [f"{each.id} {each.msg}" for each in found]


def test_a_pool_that_cannot_end_plain_functions_is_told(site: Site) -> None:
    site.has(1)
    assert ids(worker_checks.check_pools()) == []
    site.has(2, pool="threads")
    [text] = ids(worker_checks.check_pools())
    assert text.startswith("blocks.W061") and f"plain ({site.key})" in text and "w@gpu-2 (threads)" in text
    assert "waits" not in text


def test_clocks_that_differ_are_told(site: Site) -> None:
    site.has(1, clock=0.3)
    assert ids(worker_checks.check_clocks()) == []
    site.has(2, clock=-12.0)
    [text] = ids(worker_checks.check_clocks())
    assert text.startswith("blocks.W062") and "gpu-2 by -12.0 s" in text and "gpu-1" not in text


def test_a_celery_that_hands_out_again_is_told(site: Site, settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    from celery import Celery

    app = Celery("site", set_as_current=False)
    monkeypatch.setattr("tests.queue_app.operations.test_members.app", app, raising=False)
    settings.BLOCKS_CELERY_APP = "tests.queue_app.operations.test_members.app"
    assert ids(worker_checks.check_visibility()) == []
    app.conf.update(broker_transport_options={"visibility_timeout": 10}, task_acks_late=True)
    short, late = ids(worker_checks.check_visibility())
    assert "blocks.W063" in short and "visibility_timeout is 10 s" in short
    assert "blocks.W065" in late and "task_acks_late" in late


def test_a_cache_that_drops_state_is_told(site: Site, settings: Any, redis_url: str) -> None:
    backend = "django.core.cache.backends."
    settings.BLOCKS_STATE_CACHE = "states"
    settings.CACHES = {"states": {"BACKEND": f"{backend}redis.RedisCache", "LOCATION": redis_url}}
    assert ids(worker_checks.check_state_server()) == []
    site.client.config_set("maxmemory-policy", "allkeys-lru")
    try:
        [text] = ids(worker_checks.check_state_server())
    finally:
        site.client.config_set("maxmemory-policy", "noeviction")
    assert text.startswith("blocks.W064") and "maxmemory-policy allkeys-lru" in text
    settings.CACHES = {"states": {"BACKEND": f"{backend}memcached.PyMemcacheCache", "LOCATION": "127.0.0.1:1"}}
    [text] = ids(worker_checks.check_state_server())
    assert "its own choice" in text
