"""What is kept of failed events is bounded per event, per visitor and in all, in memory and in the database."""

from __future__ import annotations

import asyncio
import json
from typing import Any

import pytest

from blocks_app.running.failures import Failure
from queue_app.records import event_log, failure_details
from queue_app.records.event_log_writer import write
from queue_app.records.event_models import Event
from queue_app.records.failure_details import Details, KeptChange, measure
from queue_app.signals import JobChanged
from tests.queue_app.conftest import app
from tests.queue_app.records.test_event_log import change

MB = 1024 * 1024


def failed(data: Any, who: str = "user:1", error: Failure | None = None) -> JobChanged:
    return JobChanged(
        "job.failed", 1.0, "e", "app", 0, "f", "s", who, None, None, "failed", 1.0, error=error, data=[data]
    )


def failure() -> Failure:
    try:
        raise ValueError("no")
    except ValueError as error:
        return Failure(error)


@pytest.mark.parametrize(
    "data", [["a" * 1_000, [1, 2.5, None, {"key": "é" * 50}]], list(range(3_000)), {"a": [[]] * 9}]
)
def test_sizes_are_near_the_truth(data: Any) -> None:
    size = len(json.dumps(data))
    assert size / 3 < measure(data, 10 * MB) < size * 3
    assert measure(data, 10) > 10


def test_large_inputs_are_not_kept_and_the_failure_lets_go_of_the_function() -> None:
    kept = Details().admit(failed("x" * 100_000, error=failure().detached()))
    assert kept.data is None and (described := kept.error) is not None and described.error.__traceback__ is None
    assert described.line == "ValueError: no" and "raise ValueError" in described.trace
    assert isinstance(kept, KeptChange) and kept.size == len(described.trace)


def test_what_waits_in_memory_is_bounded_per_visitor_and_in_all(settings: Any) -> None:
    settings.BLOCKS_EVENT_LOG_VISITOR = MB
    details = Details()
    kept = [details.admit(failed("x" * 50_000)).data for _ in range(100)]
    assert 15 < sum(data is not None for data in kept) < 25
    for number in range(1_000):
        details.admit(failed("x" * 50_000, f"user:{number}"))
    assert 15 * MB < details.waiting <= failure_details.WAITING
    details.written(details.waiting, 100)
    assert details.admit(failed("x", "user:9999")).data == ["x"]


@pytest.mark.django_db
def test_of_one_visitor_and_of_all_the_newest_stay_in_the_database(settings: Any) -> None:
    demo = app(lambda text: text)
    more: dict[str, Any] = {"action": "job.failed", "state": "failed", "data": ["x" * 10_000]}
    loud = [change(demo, name=f"a{n}", submitted=1_000.0 + n, identity="loud", **more) for n in range(50)]
    others = [change(demo, name=f"b{n}", submitted=10.0 + n, identity=f"user:{n}", **more) for n in range(50)]
    write([*loud, *others], "p:1", 65_536)
    assert Event.objects.filter(kept__gt=10_000).count() == 100
    settings.BLOCKS_EVENT_LOG_VISITOR, settings.BLOCKS_EVENT_LOG_KEPT = 100_000, 400_000
    details = Details()
    details.written(0, 100)
    assert details.is_due() and details.look() == 100 - 39
    assert not details.is_due()
    kept = Event.objects.exclude(inputs="")
    assert sorted(kept.filter(identity="loud").values_list("event_id", flat=True)) == [f"a{n}" for n in range(41, 50)]
    assert (kept.count(), Event.objects.count()) == (39, 100)
    assert sum(kept.values_list("kept", flat=True)) <= 400_000


@pytest.mark.django_db
def test_those_without_a_login_are_told_apart_by_their_address_not_by_their_session() -> None:
    demo = app(lambda text: text)
    more: dict[str, Any] = {"action": "job.failed", "state": "failed", "data": ["x" * 60_000], "identity": ""}
    many = [change(demo, name=f"a{n}", session=f"s{n}", submitted=1_000.0 + n, **more) for n in range(50)]
    write(many, "p:1", 65_536)
    assert Details().look() == 50 - 2 * MB // 60_004


async def test_the_event_log_gives_back_what_has_been_written(bench, monkeypatch) -> None:
    def fail(text: str) -> str:
        raise ValueError(text)

    written: list[Any] = []
    monkeypatch.setattr(event_log, "write", lambda batch, *_: written.extend(batch))
    noting = event_log.install(event_log.EventLog(gather=0.01))
    try:
        b = bench(app(fail))
        await b.submit("x" * 1_000)
        await b.ends()
        assert await asyncio.to_thread(noting.flush)
        assert [each.size > 1_000 for each in written if getattr(each, "data", None)] == [True]
        assert noting.details.waiting == 0
    finally:
        event_log.uninstall()
