"""What monitors read: figures, spans, health; and who may."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client, override_settings
from django.urls import resolve
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter

import blocks_app as gr
from blocks_app.protocol import Output, ProcessCompleted
from queue_app.delivery.outbox import Outbox
from queue_app.execution.control import throughput
from queue_app.operations import metrics, tracing
from queue_app.records import event_log
from queue_app.signals import JobChanged, job_changed, job_delivered
from queue_app.testing import PageUser
from tests.house.sources import ROOT
from tests.queue_app.conftest import app
from tests.queue_app.transport.test_consumers import Page

TOKEN = {"HTTP_AUTHORIZATION": "Bearer open sesame"}
with_token = override_settings(BLOCKS_MONITORING_TOKEN="open sesame")


def shop() -> tuple[gr.Blocks, gr.Button, gr.Button]:
    def fails(text: str) -> str:
        raise ValueError("no")

    with gr.Blocks() as demo:
        text = gr.Textbox("a")
        good, bad = gr.Button("good"), gr.Button("bad")
        good.click(lambda value: value.upper(), text, text, api_name="shout")
        bad.click(fails, text, text)
    return demo, good, bad


@pytest.fixture
def counting() -> Iterator[metrics.Metrics]:
    metrics.uninstall()
    yield metrics.install()
    metrics.uninstall()


def value(counted: metrics.Metrics, name: str, **labels: str) -> float | None:
    return counted.registry.get_sample_value(name, labels)


def test_events_are_counted_from_submission_to_delivery(counting) -> None:
    demo, good, bad = shop()
    with PageUser(demo) as page:
        page.click(good)
        page.click(bad)
        app = page.mount.key
        assert value(counting, "blocks_events_submitted_total", app=app) == 2
        function = demo.dependencies[1].name
        assert value(counting, "blocks_events_total", app=app, function=function, state="failed") == 1
        for name in ("wait", "delivery"):
            assert value(counting, f"blocks_event_{name}_seconds_count", app=app) == 2
        assert value(counting, "blocks_event_run_seconds_count", app=app, function=function) == 1
        assert value(counting, "blocks_group_limit", app=app, group="0") == 1
        assert value(counting, "blocks_sessions", app=app) == 1
        assert not counting._unread


def test_nothing_is_observed_when_nobody_asks() -> None:
    metrics.uninstall()
    tracing.uninstall()
    others = [
        each for each in job_changed.receivers if each is not throughput.note
    ]  # the queue's own, with an event log
    assert (others, job_delivered.receivers) == ([], [])


@pytest.mark.django_db
@with_token
def test_metrics_are_for_the_token_in_a_header_only(counting) -> None:
    client = Client()
    assert client.get("/metrics").status_code == 401
    assert client.get("/metrics?token=open%20sesame").status_code == 401
    assert client.get("/metrics", HTTP_AUTHORIZATION="Bearer wrong").status_code == 401
    answer = client.get("/metrics", **TOKEN)
    assert answer.status_code == 200 and b"blocks_event_wait_seconds" in answer.content
    assert answer["Content-Type"].startswith("text/plain") and "no-store" in answer["Cache-Control"]


@pytest.mark.django_db
@pytest.mark.parametrize("address", ["/metrics", "/health", "/ready"])
def test_staff_may_ask_and_others_not(address) -> None:
    client = Client()
    assert client.get(address).status_code == 401
    assert client.get(address, HTTP_AUTHORIZATION="Bearer ").status_code == 401  # no token is set
    client.force_login(User.objects.create_user("visitor"))
    assert client.get(address).status_code == 403
    client.force_login(User.objects.create_user("staff", is_staff=True))
    assert client.get(address).status_code == 403
    client.force_login(User.objects.create_superuser("root"))
    assert client.get(address).status_code == 200
    assert client.post(address).status_code == 405


@override_settings(BLOCKS_METRICS=False, BLOCKS_HEALTH="")
def test_what_is_disabled_is_absent() -> None:
    for address in ("/metrics", "/health", "/ready"):
        assert resolve(address)
        assert Client().get(address).status_code == 404


@with_token
def test_metrics_are_absent_without_the_library(monkeypatch) -> None:
    monkeypatch.setattr(metrics, "find_spec", lambda name: None)
    assert Client().get("/metrics", **TOKEN).status_code == 404


@pytest.fixture
def spans() -> Iterator[InMemorySpanExporter]:
    exporter, provider = InMemorySpanExporter(), TracerProvider()
    provider.add_span_processor(SimpleSpanProcessor(exporter))
    tracing.install(provider)
    yield exporter
    tracing.uninstall()


def exported(exporter: InMemorySpanExporter) -> dict[str, Any]:
    return {span.name: span for span in exporter.get_finished_spans()}


def test_an_event_is_a_span_from_submission_to_delivery(spans) -> None:
    demo, good, _ = shop()
    with PageUser(demo) as page:
        page.click(good)
    found = exported(spans)
    root = found[f"event {demo.dependencies[0].name}"]
    parts = [found[name] for name in ("wait", "run", "deliver")]
    assert all(part.parent.span_id == root.context.span_id for part in parts)
    assert root.start_time == parts[0].start_time
    assert root.end_time == parts[2].end_time
    assert [one.end_time for one in parts[:2]] == [two.start_time for two in parts[1:]]
    assert root.attributes["blocks.state"] == "done"


def test_a_failed_event_says_so_and_continues_its_requests_trace(spans) -> None:
    demo, _, bad = shop()
    parent = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"
    with PageUser(demo, headers={"traceparent": parent}) as page:
        page.click(bad)
    root = exported(spans)[f"event {demo.dependencies[1].name}"]
    assert root.status.status_code.name == "ERROR"
    assert root.events[0].attributes["exception.type"] == "ValueError"
    assert f"{root.context.trace_id:032x}" == "0af7651916cd43dd8448eb211c80319c"


def test_the_span_of_an_event_that_a_worker_runs_ends_with_it(spans, monkeypatch) -> None:
    monkeypatch.setenv("BLOCKS_ROLE", "worker")
    demo, good, _ = shop()
    job_changed.connect(finished := Finished(spans))
    parent = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"
    with PageUser(demo, headers={"traceparent": parent}) as page:
        page.click(good)
    job_changed.disconnect(finished)
    assert finished.names == [["wait", "run", f"event {demo.dependencies[0].name}"]]
    assert {f"{span.context.trace_id:032x}" for span in spans.get_finished_spans()} == {parent.split("-")[1]}


def test_an_event_that_ends_in_a_worker_counts_until_it_is_delivered_here(settings) -> None:
    settings.BLOCKS_ENGINE = "queue_app.engines.celery.CeleryEngine"
    counted = metrics.Metrics()
    queued = JobChanged("job.queued", 1.0, "e", "app", 0, "f", "s", None, None, None, "queued", 1.0, waited=2.0)
    counted.note(queued)
    counted.delivered("e")
    counted.delivered("e")
    assert value(counted, "blocks_event_whole_seconds_count", app="app") == 1
    assert value(counted, "blocks_event_whole_seconds_sum", app="app") >= 2
    assert value(counted, "blocks_event_delivery_seconds_count", app="app") is None


class Finished:
    """Which spans have ended when a job has."""

    def __init__(self, spans: InMemorySpanExporter) -> None:
        self.spans = spans
        self.names: list[list[str]] = []

    def __call__(self, change: JobChanged) -> None:
        if change.action == "job.done":
            self.names.append([span.name for span in self.spans.get_finished_spans()])


def test_tracing_without_the_library_says_what_to_install(monkeypatch) -> None:
    from django.core.exceptions import ImproperlyConfigured

    monkeypatch.setattr(tracing, "find_spec", lambda name: None)
    with pytest.raises(ImproperlyConfigured, match="opentelemetry-api"):
        tracing.Tracing()
    assert event_log.current() is None


TOGETHER = """
import django
from django.conf import settings
from queue_app.server.minimal_project import minimal_settings
settings.configure(**minimal_settings())
django.setup()
import blocks_app as gr
from queue_app.operations import metrics
from queue_app.testing import PageUser

counted = metrics.install()
with gr.Blocks() as demo:
    text, button = gr.Textbox("a"), gr.Button("go")
    button.click(lambda value: value.upper(), text, text, api_name="shout")
with PageUser(demo) as page:
    page.click(button)
    print(counted.page()[0].decode())
"""


def test_processes_count_together_in_a_folder(tmp_path) -> None:
    script = tmp_path / "app.py"
    script.write_text(TOGETHER)
    (folder := tmp_path / "counts").mkdir()
    variables = {**os.environ, "PYTHONPATH": str(ROOT), "PROMETHEUS_MULTIPROC_DIR": str(folder)}
    variables.pop("DJANGO_SETTINGS_MODULE", None)
    pages = [
        subprocess.run([sys.executable, script], env=variables, capture_output=True, text=True, timeout=300, check=True)
        for _ in range(2)
    ]
    first, second = (dict(re.findall(r"^(\w+)\{.*\} ([\d.]+)$", page.stdout, re.M)) for page in pages)
    assert (float(first["blocks_events_total"]), float(second["blocks_events_total"])) == (1, 2)
    assert float(second["blocks_event_whole_seconds_count"]) == 2
    assert re.search(r'^blocks_sessions\{app=".*",process="\d+"\} 1\.0$', pages[1].stdout, re.M)


def test_the_end_is_delivered_when_it_has_been_written(monkeypatch) -> None:
    exported: list[str] = []
    monkeypatch.setattr(job_delivered, "receivers", [exported.append])
    box = Outbox()
    reading = box.subscribe()
    for name in ("e1", "e2"):
        box.publish(ProcessCompleted(event_id=name, output=Output(data=[]), success=True))
        assert reading.take()
    assert exported == ["e1"]  # whoever asks for more has written what came before
    reading.close()
    assert exported == ["e1", "e2"]
    reading.close()
    assert exported == ["e1", "e2"]


async def test_a_pages_wait_counts_from_the_click(bench, counting, spans, settings) -> None:
    settings.ALLOWED_HOSTS = ["*"]
    page = Page(b := bench(app(lambda text: text)))
    for number, waited in enumerate((1500, -5, 1e300)):
        page.send(type="submit", event_id=str(number) * 32, fn_index=0, data=["x"], waited=waited)
        await page.messages()
    await page.leave()
    assert value(counting, "blocks_event_page_seconds_count", app=b.mount.key) == 2
    assert value(counting, "blocks_event_page_seconds_sum", app=b.mount.key) == 1.5 + 3600
    assert value(counting, "blocks_event_whole_seconds_sum", app=b.mount.key) > 3601.5
    first = next(span for span in spans.get_finished_spans() if span.name == "page")
    assert (first.end_time - first.start_time) / 1e9 == pytest.approx(1.5)
    root = next(span for span in spans.get_finished_spans() if span.context.span_id == first.parent.span_id)
    assert root.start_time == first.start_time
