"""Delete what the event log has kept for long enough, and files that are past their time or only half there."""

from __future__ import annotations

from argparse import ArgumentParser
from datetime import timedelta
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db.models import Model
from django.utils import timezone

from blocks_app.files.filestore import default_store
from queue_app import conf
from queue_app.records import flags, link_cleanup
from queue_app.records.event_models import Event, Minute, Session
from queue_app.records.file_cleanup import DAY, sweep

BATCH = 2_000  # rows per statement, so that nobody who writes meanwhile waits for long

#: What is deleted, and by which time it is as old as it is.
SWEPT: tuple[tuple[type[Model], str], ...] = ((Event, "submitted"), (Session, "seen"), (Minute, "minute"))


class Command(BaseCommand):
    """`manage.py blocks_sweep [--days N]`: for cron, or a systemd timer."""

    help = (
        "Delete events, sessions and figures older than BLOCKS_EVENT_RETENTION days (what was done by hand is kept), "
        "files and links past their time, rows without bytes, and bytes without rows."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        """The options."""
        parser.add_argument("--days", type=float, default=None, help="instead of BLOCKS_EVENT_RETENTION")

    def handle(self, *args: Any, **options: Any) -> None:
        """Delete, and tell how much."""
        days = conf.event_retention() if options["days"] is None else options["days"]
        if days < 0:
            raise CommandError("A number of days is not negative.")
        limit = timezone.now() - timedelta(days=days)
        lines = [f"{_sweep(model, field, limit):,} {model._meta.verbose_name_plural}" for model, field in SWEPT]
        if options["verbosity"]:
            self.stdout.write(f"Deleted {', '.join(lines)} older than {days:g} days.")
        lost = flags.sweep(DAY)
        links = link_cleanup.sweep()
        swept = sweep(default_store())
        if options["verbosity"]:
            self.stdout.write(
                f"Deleted {swept}, {lost:,} copies of files without flags, {links:,} links past their time."
            )


def _sweep(model: type[Model], field: str, limit: Any) -> int:
    """Delete the rows from before `limit`, the oldest first, a batch at a time; how many there were."""
    rows, total = model._default_manager, 0
    while True:
        old = list(rows.filter(**{f"{field}__lt": limit}).order_by(field).values_list("pk", flat=True)[:BATCH])
        if not old:
            return total
        total += rows.filter(pk__in=old).delete()[0]
