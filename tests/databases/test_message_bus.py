"""PostgreSQL and Redis wake the message bus; what they do not tell is found by looking."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

import psycopg2
import pytest
from django.utils import timezone

from queue_app.cluster import message_bus, waking
from queue_app.cluster.message_bus import MessageBus
from queue_app.cluster.waking_postgres import words_of
from queue_app.databases import rows
from queue_app.records.message_models import Letter
from tests.databases.conftest import Site, using
from tests.databases.pooler import pooled
from tests.house.sources import ROOT

NEVER = 3600.0  # seconds between two looks: what is heard in a test was told


def soon(condition: Callable[[], Any]) -> Any:
    """What it gives as soon as that is true."""
    limit = time.monotonic() + 60
    while not (found := condition()):
        assert time.monotonic() < limit, "It has not happened."
        time.sleep(0.01)
    return found


class Pair:
    """Two processes of a site, and what the second one has heard."""

    def __init__(self, interval: float) -> None:
        self.one, self.two = MessageBus(interval, "one"), MessageBus(interval, "two")
        self.heard: list[dict[str, Any]] = []
        self.two.listeners["told"] = self.heard.append
        self.two.workers["do"] = lambda body: {"outcome": body["what"].upper()}
        self.one.begin(), self.two.begin()

    def close(self) -> None:
        self.one.close(), self.two.close()

    def are_woken(self) -> bool:
        return self.one.is_woken and self.two.is_woken


@pytest.fixture(autouse=True)
def no_signs_of_life(monkeypatch: pytest.MonkeyPatch) -> None:
    """They would be looks, too."""
    monkeypatch.setattr(message_bus, "SEEN", NEVER)


@contextmanager
def pair(interval: float = NEVER) -> Iterator[Pair]:
    made = Pair(interval)
    try:
        yield made
    finally:
        made.close()


@pytest.fixture(params=["postgresql", "redis"])
def waker(request: pytest.FixtureRequest, settings: Any, django_db_blocker: Any) -> Iterator[Site]:
    """A site whose processes wake each other by PostgreSQL, or by Redis beside SQLite."""
    here: Site = request.getfixturevalue("postgresql" if request.param == "postgresql" else "sqlite")
    if request.param == "redis":
        settings.BLOCKS_REDIS_URL = request.getfixturevalue("redis_url")
    with using(django_db_blocker, default=here.settings):
        yield here


def test_messages_and_answers_are_told_and_not_looked_for(waker: Site) -> None:
    with pair() as site:
        soon(site.are_woken)
        site.one.send("told", {"to": "all"})
        site.one.send("told", {"to": "two"}, "two")
        assert soon(lambda: len(site.heard) == 2 and site.heard) == [{"to": "all"}, {"to": "two"}]
        asked = site.one.ask("do", {"what": "it"}, ["two"])
        assert asked.wait(time.monotonic() + 60) == {"two": {"outcome": "IT"}}


def test_whoever_only_sends_tells_too(waker: Site) -> None:
    """As a management command that logs somebody out."""
    with pair() as site:
        soon(site.are_woken)
        command = MessageBus(NEVER, "command")
        command.send("told", {"n": 1})
        assert soon(lambda: site.heard) == [{"n": 1}]
        command.close()


def test_what_nobody_told_is_found_by_looking(waker: Site) -> None:
    with pair(0.2) as site:
        soon(site.are_woken)
        rows(Letter).create(sender="old", kind="told", body='{"n":1}', expires=_later())
        assert soon(lambda: site.heard) == [{"n": 1}]


def test_a_connection_that_was_ended_is_opened_again(postgresql: Site, django_db_blocker: Any) -> None:
    server, name = postgresql.server, postgresql.settings["NAME"]
    assert server is not None
    end = f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{name}' AND query LIKE 'LISTEN%'"
    with using(django_db_blocker, default=postgresql.settings), pair() as site:
        soon(site.are_woken)
        assert len(server.run(end)) == 2
        soon(lambda: not site.two.is_woken)
        site.one.send("told", {"n": 1})  # it may be deaf yet, and looks when it listens again
        assert soon(lambda: site.heard) == [{"n": 1}]


def test_after_a_restart_of_the_database_it_is_woken_again(postgresql: Site, django_db_blocker: Any) -> None:
    server = postgresql.server
    assert server is not None
    with using(django_db_blocker, default=postgresql.settings), pair() as site:
        soon(site.are_woken)
        server.stop()
        soon(lambda: not site.two.is_woken)
        site.one.send("told", {"n": 1})
        server.start()
        assert soon(lambda: site.heard) == [{"n": 1}]
        soon(site.are_woken)


def test_behind_a_pooler_it_looks(postgresql: Site, django_db_blocker: Any, tmp_path: Path, caplog: Any) -> None:
    """LISTEN would hold for a connection that somebody else gets next."""
    assert postgresql.server is not None
    caplog.set_level("INFO", "queue_app.post")
    with ExitStack() as until_end:
        behind = until_end.enter_context(pooled(postgresql.server, postgresql.settings, tmp_path))
        until_end.enter_context(using(django_db_blocker, default=behind))
        site = until_end.enter_context(pair(0.2))
        site.one.send("told", {"n": 1})
        assert soon(lambda: site.heard) == [{"n": 1}]
        soon(lambda: [each for each in caplog.records if each.action == "post.looks"])
        assert not site.two.is_woken
        listening = "SELECT count(*) FROM pg_stat_activity WHERE query LIKE 'LISTEN%'"
        assert postgresql.server.run(listening) == [(0,)]


def test_a_redis_that_is_away_costs_the_wait_until_the_next_look(sqlite: Site, settings: Any, django_db_blocker: Any,
                                                                caplog: Any) -> None:  # fmt: skip
    settings.BLOCKS_REDIS_URL = "redis://127.0.0.1:1"
    with using(django_db_blocker, default=sqlite.settings), pair(0.2) as site:
        for number in range(3):
            site.one.send("told", {"n": number})
            soon(lambda: len(site.heard) == number + 1)  # noqa: B023 - asked at once
    told = [each.action for each in caplog.records if each.name == "queue_app.post"]
    assert sorted(told) == ["post.deaf"] * 2 + ["post.not_notified"] * 2


def test_words_come_with_either_driver(postgresql: Site) -> None:
    assert postgresql.server is not None
    place = postgresql.settings
    with closing(psycopg2.connect(host=place["HOST"], user="postgres", dbname=place["NAME"])) as connection:
        connection.autocommit = True
        with connection.cursor() as cursor:
            cursor.execute(f"LISTEN {waking.CHANNEL}")
            cursor.execute("SELECT pg_notify(%s, %s)", [waking.CHANNEL, "two\none"])
        assert soon(lambda: words_of(connection)) == ["two\none"]


def test_a_site_whose_only_driver_is_psycopg2_writes_and_hears(postgresql: Site) -> None:
    place = {
        "DJANGO_POSTGRES": postgresql.settings["NAME"],
        "PGHOST": postgresql.settings["HOST"],
        "PGUSER": "postgres",
    }
    environment = {**os.environ, "DJANGO_SETTINGS_MODULE": "project.settings", "BLOCKS_MESSAGE_BUS": "0", **place}
    command = [sys.executable, "-m", "tests.databases.psycopg2_program"]
    run = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=120)
    assert run.returncode == 0, run.stdout + run.stderr


def test_nothing_listens_where_there_is_neither(sqlite: Site, django_db_blocker: Any) -> None:
    assert "BLOCKS_REDIS_URL" not in os.environ
    with using(django_db_blocker, default=sqlite.settings), pair(0.05) as site:
        site.one.send("told", {"n": 1})
        assert soon(lambda: site.heard) == [{"n": 1}] and not site.two.is_woken


def _later() -> Any:
    return timezone.now() + timedelta(minutes=1)
