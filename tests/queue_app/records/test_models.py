"""The tables: they match their migrations, and blocks_sweep empties them in time."""

from __future__ import annotations

from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from queue_app.management.commands import blocks_sweep
from queue_app.records.event_models import Audit, Event, Minute, Session


def rows(days: float) -> None:
    """One row of each, so many days old."""
    at = timezone.now() - timedelta(days=days)
    Event.objects.create(event_id=f"e{days}", mount="a", fn=0, submitted=at)
    Session.objects.create(hash=f"s{days}", mount="a", created=at, seen=at)
    Minute.objects.create(mount="a", minute=at)


@pytest.mark.django_db
def test_the_migrations_are_complete() -> None:
    call_command("makemigrations", "queue_app", check=True, dry_run=True, verbosity=0)


@pytest.mark.django_db
def test_what_is_old_is_deleted_and_the_audit_trail_is_kept(settings, monkeypatch, tmp_path) -> None:
    monkeypatch.setenv("GRADIO_TEMP_DIR", str(tmp_path))
    settings.BLOCKS_EVENT_RETENTION = 7
    monkeypatch.setattr(blocks_sweep, "BATCH", 2)
    Audit.objects.create(user="u", action="a", target="t", outcome="o")
    for days in (0, 6.9, 7.1, 8, 40):
        rows(days)
    out = StringIO()
    call_command("blocks_sweep", stdout=out)
    assert out.getvalue().startswith("Deleted 3 events, 3 sessions, 3 minutes older than 7 days.\n")
    assert [model.objects.count() for model in (Event, Session, Minute, Audit)] == [2, 2, 2, 1]


@pytest.mark.django_db
def test_another_age_can_be_named_and_must_make_sense(monkeypatch, tmp_path) -> None:
    monkeypatch.setenv("GRADIO_TEMP_DIR", str(tmp_path))
    rows(2)
    call_command("blocks_sweep", days=1, verbosity=0)
    assert not Event.objects.exists()
    with pytest.raises(CommandError, match="not negative"):
        call_command("blocks_sweep", days=-1)
