"""The processes and workers of a site: what each serves and runs; draining, reopening and ending one."""

from __future__ import annotations

import time
from argparse import ArgumentParser
from datetime import datetime
from typing import Any

import msgspec
from django.core.management.base import BaseCommand, CommandError

from queue_app.engines.worker_registry import ProcessInfo
from queue_app.operations.processes import printing
from queue_app.operations.processes.members import ACTIONS, change, differing, members, queues_of
from queue_app.operations.processes.service import problems

HEADS = ("PROCESS", "ROLE", "POOL", "RUNS", "QUEUES", "VERSION", "STATE", "UP (s)", "SEEN")


class Command(BaseCommand):
    """`manage.py blocks_workers [--json] [drain|reopen|end NAME]`."""

    help = (
        "List the processes and workers of the site, with what each runs and in which version; or drain, reopen or end "
        "one, by its name or that of its Celery worker. Ends with status 1 when nobody works something of the site."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        """What is done, and to whom."""
        parser.add_argument("action", nargs="?", choices=ACTIONS, help="what is to be done; without it they are listed")
        parser.add_argument("name", nargs="?", help="of the process, or of its Celery worker")
        parser.add_argument("--json", action="store_true", help="for programs")

    def handle(self, *args: Any, **options: Any) -> None:
        """List, or do it."""
        printing.mount_apps()
        action, name = options["action"], options["name"]
        if action is not None:
            if name is None:
                raise CommandError(f"Name the process or worker: blocks_workers {action} NAME.")
            self.stdout.write(f"{name}: " + printing.do(action, f"process {name}", "", lambda: change(name, action)))
            return
        found = members()
        wrong = list(dict.fromkeys([*found.problems, *problems()]))
        versions = differing(found.found)
        if options["json"]:
            listed = [msgspec.to_builtins(each) for each in found.found]
            shown = {"processes": listed, "problems": wrong, "versions": versions}
            self.stdout.write(printing.as_json(shown))
        else:
            self.stdout.write(printing.table(HEADS, [_line(each) for each in found.found]))
            if not found.found:
                self.stderr.write(printing.NOBODY)
            for each in wrong:
                self.stderr.write(self.style.ERROR(each))
            for mount, by in versions.items():
                where = "; ".join(f"{version[:8]}: {', '.join(sorted(set(names)))}" for version, names in by.items())
                self.stderr.write(self.style.WARNING(f"{mount} runs in different versions: {where}"))
        if wrong:
            raise SystemExit(1)


def _line(info: ProcessInfo) -> tuple[object, ...]:
    named = f"{info.name} ({info.node})" if info.node else info.name
    load = f"{info.running}/{info.slots}" if info.slots else info.running
    state = "draining" if info.draining == "drain" else info.draining or "open"
    up = printing.short(time.time() - info.started) if info.started else "-"
    seen = f"{datetime.fromtimestamp(info.seen):%Y-%m-%d %H:%M:%S}" if info.seen else "-"
    queues = ",".join(queues_of(info)) or "-"
    return named, info.role, info.pool or "-", load, queues, info.version[:8] or "-", state, up, seen
