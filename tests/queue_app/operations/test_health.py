"""Health and readiness: what is told, to whom, and when a process is not ready."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.db import DatabaseError
from django.test import Client, override_settings

from queue_app.operations import health
from queue_app.records import event_log
from queue_app.records.event_log import EventLog

TOKEN = {"HTTP_AUTHORIZATION": "Bearer open sesame"}


@pytest.fixture
def noting() -> Iterator[EventLog]:
    made = event_log.install(EventLog(size=0))
    yield made
    event_log.uninstall()


@override_settings(BLOCKS_HEALTH="public")
def test_a_process_that_answers_is_healthy() -> None:
    answer = Client().get("/health")
    assert (answer.status_code, answer.json()) == (200, {"status": "ok"})


@pytest.mark.django_db
@override_settings(BLOCKS_MONITORING_TOKEN="open sesame")
def test_it_is_ready_while_database_and_loops_answer(noting) -> None:
    answer = Client().get("/ready", **TOKEN)
    assert (answer.status_code, answer.json()) == (200, {"status": "ready"})


@override_settings(BLOCKS_MONITORING_TOKEN="open sesame", BLOCKS_HEALTH="public")
def test_why_it_is_not_ready_is_told_to_those_who_may_know(noting, monkeypatch) -> None:
    def away() -> None:
        raise DatabaseError("away")

    monkeypatch.setattr(health.connection, "cursor", away)
    stranger, monitor = Client().get("/ready"), Client().get("/ready", **TOKEN)
    assert (stranger.status_code, stranger.json()) == (503, {"status": "unready"})
    assert monitor.json()["problems"] == ["The database does not answer."]


@pytest.mark.django_db
def test_a_loop_that_hangs_is_a_problem(monkeypatch) -> None:
    def hangs() -> list[object]:
        raise TimeoutError

    monkeypatch.setattr(health, "snapshots", hangs)
    assert health.problems() == ["The server's loop does not answer."]
