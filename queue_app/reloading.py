"""Start the process anew when a source file changes: Django's reloader, without its blind first second."""

from __future__ import annotations

import os
import signal
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from django.utils import autoreload


class Reloader(autoreload.StatReloader):
    """Looks at every loaded source file once a second.

    Django's own takes the first look at a file for its loaded state. An app is up in less than a second, and
    whoever saves the file before that first look would wait for ever: such a file counts as changed here.
    """

    def __init__(self) -> None:
        super().__init__()
        self.started = time.time()
        self.seen: set[Path] = set()

    def snapshot_files(self) -> Iterator[tuple[Path, float]]:
        """Each watched file with its time; a file saved since the start shows at first as if it were old."""
        for file, saved in super().snapshot_files():
            first = file not in self.seen
            self.seen.add(file)
            # A time in the future is a wrong clock's, and would start us anew for ever.
            yield file, 0.0 if first and self.started < saved <= time.time() else saved


def run(main: Callable[[], Any]) -> None:
    """Run `main` in a child of this process, and again whenever a source file has changed."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    if os.environ.get(autoreload.DJANGO_AUTORELOAD_ENV) != "true":
        sys.exit(autoreload.restart_with_reloader())
    autoreload.start_django(Reloader(), main)
