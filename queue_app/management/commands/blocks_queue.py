"""The groups of a site's queue: what waits and runs, limits; pausing, draining and limiting one as the admin does."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any, NamedTuple

import msgspec
from django.core.management.base import BaseCommand, CommandError

from queue_app.cluster.reports import ProcessReport
from queue_app.exceptions import CannotDo
from queue_app.execution.engine import GroupSnapshot
from queue_app.operations.processes import printing
from queue_app.operations.processes.members import AWAY, change_group, reports

ACTIONS = ("pause", "resume", "drain", "reopen", "limit")
HEADS = ("APP", "GROUP", "STATE", "LIMIT", "RUNNING", "WAITING", "OLDEST (s)", "AVERAGE (s)", "PROCESS")


class Found(NamedTuple):
    """One group, and the process that has it; that of the whole site has none."""

    report: ProcessReport
    group: GroupSnapshot
    process: str


class Command(BaseCommand):
    """`manage.py blocks_queue [--json] [ACTION APP GROUP] [--limit N] [--process NAME]`."""

    help = (
        "List the groups of each app with what waits and runs, or pause, resume, drain, reopen or limit one: in every "
        "process that has it, or in the one of --process. A group is named by one of its functions."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        """What is done, and to which group."""
        parser.add_argument("action", nargs="?", choices=ACTIONS, help="what is to be done; without it they are listed")
        parser.add_argument("app", nargs="?", help="the app, as the list names it")
        parser.add_argument("group", nargs="?", help="a function of the group; without it every group of the app")
        parser.add_argument("--limit", default=None, help='how many may run at once, with the action "limit"; "none"')
        parser.add_argument("--process", default="", help="only the groups of this process")
        parser.add_argument("--json", action="store_true", help="for programs")

    def handle(self, *args: Any, **options: Any) -> None:
        """List, or do it."""
        printing.mount_apps()
        found = _found(options["process"])
        if options["action"] is None:
            self._list(found, options["json"])
            return
        app, name, action = options["app"], options["group"], options["action"]
        if app is None:
            raise CommandError(f"Name the app: blocks_queue {action} APP [GROUP].")
        if action == "limit" and options["limit"] is None:
            raise CommandError('Say the limit: --limit 3, or --limit none for "as many as come".')
        chosen = [each for each in found if each.group.mount == app and (name is None or name in each.group.names)]
        if not chosen:
            raise CommandError(_why_none(found, app, name))
        for each in chosen:
            self.stdout.write(self._change(each, action, str(options["limit"] or "")))

    def _change(self, each: Found, action: str, limit: str) -> str:
        group = each.group
        name = ", ".join(group.names)
        target = f"group {name}" + (f", limit {limit}" if action == "limit" else "")
        target += f" in {each.process}" if each.process else ""

        def work() -> str:
            return change_group(each.report, group.mount, group.fn, action, limit)

        return f"{group.mount}, {name}: {printing.do(action, target, group.mount, work)}"

    def _list(self, found: list[Found], as_json: bool) -> None:
        if as_json:
            listed = [{**msgspec.to_builtins(each.group), "process": each.process} for each in found]
            self.stdout.write(printing.as_json(listed))
            return
        self.stdout.write(printing.table(HEADS, [_line(each) for each in found]))
        if not found:
            self.stderr.write(printing.NOBODY)


def _found(process: str) -> list[Found]:
    try:
        given = reports()
    except CannotDo as error:
        raise CommandError(str(error)) from error
    except OSError as error:
        raise CommandError(AWAY) from error
    found = [
        Found(report, group, "" if app.shared else report.name)
        for report in given
        for app in report.apps or ()
        for group in app.groups
    ]
    return [each for each in found if process in ("", each.process)]


def _line(each: Found) -> tuple[object, ...]:
    group = each.group
    state = "paused" if group.paused else "draining" if group.draining else "open"
    limit = "none" if group.limit is None else group.limit
    times = printing.short(group.oldest), printing.short(group.average)
    return group.mount, ",".join(group.names), state, limit, group.running, group.waiting, *times, each.process or "all"


def _why_none(found: list[Found], app: str, name: str | None) -> str:
    if not found:
        return printing.NOBODY
    apps = sorted({each.group.mount for each in found})
    if app not in apps:
        return f"There is no app {app!r}; there are: {', '.join(apps)}."
    names = sorted({one for each in found if each.group.mount == app for one in each.group.names})
    return f"{app} has no function {name!r}; it has: {', '.join(names)}."
