"""A Celery worker that says when it takes tasks, whatever its log leaves out."""

from __future__ import annotations

import sys

from celery.signals import worker_ready


@worker_ready.connect  # type: ignore[untyped-decorator]
def tell(**_: object) -> None:
    """Write it where the arrangement looks."""
    sys.stderr.write("ready\n")
