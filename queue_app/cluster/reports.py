"""What the site's other processes serve at this moment: they write it down at each look while somebody looks.

Whoever opens the live queue sends a message to all; for WATCHED seconds after it each process writes a report into its
own row. So nothing is written while nobody looks, and a page never waits for more than one interval.
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import msgspec
from django.utils import timezone

from blocks_app.web.registry import revision
from queue_app.cluster import message_bus
from queue_app.cluster.message_bus import MessageBus
from queue_app.databases import rows, writing
from queue_app.engines.worker_registry import ProcessInfo, version_of
from queue_app.execution.control import operating
from queue_app.execution.engine import QueueSnapshot
from queue_app.ids import process_name
from queue_app.records.message_models import Process

KIND = "watch"
NOW = "report"
WATCHED = 12.0  # seconds that reports are written after somebody has looked
FRESH = timedelta(seconds=4)  # older reports are not shown as what is
QUICKLY = 0.5  # seconds in which a process's own loop has to answer for its report
FIRST = 1.6  # seconds that the first look waits for reports: one interval and a little

#: When this process began, or nearly so.
STARTED = time.time()


class WrittenReport(msgspec.Struct, frozen=True):
    """What a process writes down of itself."""

    apps: list[QueueSnapshot]
    about: ProcessInfo


_reports = msgspec.json.Decoder(WrittenReport)


@dataclass(frozen=True, slots=True)
class ProcessReport:
    """Another process: its name, what it serves, or None when it has not said (any more), and what it is."""

    name: str
    apps: list[QueueSnapshot] | None
    about: ProcessInfo | None = None


class Reporting:
    """Writes the reports of this process while somebody looks."""

    def __init__(self, to: MessageBus) -> None:
        self._bus = to
        self._until = 0.0
        to.listeners[KIND] = self.watch
        to.workers[NOW] = self.report
        to.looks.append(self.write)

    def watch(self, body: dict[str, Any]) -> None:
        """Somebody looks."""
        self._until = time.monotonic() + WATCHED

    def report(self, body: dict[str, Any]) -> dict[str, Any]:
        """Somebody waits for the first report."""
        self.watch(body)
        self.write()
        return {"done": True}

    def write(self) -> None:
        """Write what there is, if somebody looks. Called at each look in the bus's thread."""
        if time.monotonic() > self._until:
            return
        try:
            apps = operating.snapshots(QUICKLY)
            text = msgspec.json.encode(WrittenReport(apps, this_process(apps))).decode()
        except TimeoutError:
            return  # and the report that is there grows old
        with writing(Process):
            rows(Process).filter(name=self._bus.name).update(report=text, reported=timezone.now())


def others() -> list[ProcessReport]:
    """What the other processes serve. Asks them to go on telling; the first time it waits for them a little."""
    here = message_bus.current()
    if here is None:
        return []
    found = _process_reports(here)
    if not found:
        return []
    here.send(KIND, {}, lifetime=WATCHED)
    silent = [each.name for each in found if each.apps is None]
    if silent:
        asked = here.ask(NOW, {}, silent, lifetime=FIRST)
        asked.wait(time.monotonic() + FIRST)
        here.forget(asked)
        found = _process_reports(here)
    return found


def _process_reports(here: MessageBus) -> list[ProcessReport]:
    return [report_of(each) for each in message_bus.present() if each.name != here.name]


def report_of(process: Process) -> ProcessReport:
    """What a process has written down, as far as it is fresh and this release can read it."""
    host, _, pid = process.name.rpartition(":")
    number = int(pid) if pid.isdecimal() else 0
    bare = ProcessInfo(
        process.name, "web", host, number, started=process.started.timestamp(), seen=process.seen.timestamp()
    )
    if process.reported is None or timezone.now() - process.reported > FRESH:
        return ProcessReport(process.name, None, bare)
    try:
        report = _reports.decode(process.report)
    except msgspec.DecodeError:  # another version of this program
        return ProcessReport(process.name, None, bare)
    return ProcessReport(process.name, report.apps, msgspec.structs.replace(report.about, seen=bare.seen))


def this_process(apps: list[QueueSnapshot]) -> ProcessInfo:
    """What this process is, where it serves these apps. One that runs functions itself says how many it may."""
    name, mounts = process_name(), [each.mount for each in operating.served()]
    host, _, pid = name.rpartition(":")
    versions = {each.key: revision(each) for each in mounts}
    own = [each for each in apps if not each.shared]
    groups = [group for app in own for group in app.groups]
    return ProcessInfo(
        name,
        "web",
        host,
        int(pid),
        pool="threads" if own else "",
        slots=max((each.options.max_threads for each in mounts), default=0) if own else 0,
        running=sum(each.running + each.direct for each in own),
        apps=versions,
        version=version_of(versions),
        started=STARTED,
        draining="drain" if groups and all(each.draining for each in groups) else "",
        seen=time.time(),
    )
