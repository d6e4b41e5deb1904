"""Every process of a site: those that are in the registry of its workers, and those that answer on the message bus."""

from __future__ import annotations

from dataclasses import dataclass, field

from django.db import DatabaseError

from queue_app.cluster import commands
from queue_app.cluster.reports import ProcessReport, others, this_process
from queue_app.engines.worker_registry import ProcessInfo, processes_now, versioned
from queue_app.exceptions import CannotDo
from queue_app.execution.control import operating
from queue_app.execution.engine import QueueSnapshot, shares_events
from queue_app.ids import process_name

ACTIONS = ("drain", "reopen", "end")
AWAY = "The Redis of the queue does not answer: no worker can be seen."


@dataclass(slots=True)
class Members:
    """The processes, by name, and what kept some from being seen."""

    found: list[ProcessInfo] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)

    @property
    def workers(self) -> list[ProcessInfo]:
        """Those that only run functions."""
        return [each for each in self.found if each.role == "worker"]


def members(*, with_this: bool = False) -> Members:
    """All that live. Asks the other processes, and Redis where the site has workers.

    This process counts when it serves an app, or `with_this`: as a page of the admin knows that it serves.
    """
    made = Members()
    if with_this:
        made.found.append(this_process([]))
    known = {each.name: each for each in (*made.found, *_of_bus(made))}
    if shares_events():
        try:
            known |= {each.name: each for each in registered()}
        except OSError:
            made.problems.append(AWAY)
    made.found = sorted(known.values(), key=lambda each: (each.role != "web", each.host, each.node, each.pid))
    return made


def registered() -> list[ProcessInfo]:
    """Those that say in Redis that they live. Raises OSError when it does not answer."""
    from redis.exceptions import RedisError  # the driver is an extra

    try:
        return processes_now()
    except RedisError as error:
        raise OSError(AWAY) from error


def _of_bus(made: Members) -> list[ProcessInfo]:
    found = []
    try:
        if next(operating.served(), None) is not None:
            found.append(this_process(operating.snapshots()))
    except TimeoutError:
        made.problems.append("The server's loop does not answer.")
    try:
        found += [each.about for each in others() if each.about is not None]
    except DatabaseError:
        made.problems.append("The database does not answer: other processes cannot be asked.")
    return found


def reports() -> list[ProcessReport]:
    """The queues of the site: those of each process, or the one that all share.

    Raises OSError when the Redis that has it does not answer.
    """
    if shares_events():
        from redis.exceptions import RedisError  # the driver is an extra

        from queue_app.engines.inspection import snapshots  # Celery

        try:
            found: list[QueueSnapshot] = snapshots()
        except RedisError as error:
            raise OSError(AWAY) from error
        return [ProcessReport(process_name(), found)]
    return [ProcessReport(process_name(), operating.snapshots()), *others()]


def change(name: str, action: str) -> str:
    """Drain, reopen or end a process or worker; the outcome in words. Raises CannotDo."""
    if action not in ACTIONS:
        raise CannotDo(f"There is no action {action!r}.")
    found = [each for each in members().found if name in (each.name, each.node)]
    if not found:
        raise CannotDo(f"There is no process {name} (any more).")
    if found[0].role == "worker":
        from redis.exceptions import RedisError  # the driver is an extra

        from queue_app.engines.inspection import change_worker  # Celery

        try:
            return change_worker(found[0], action)
        except RedisError as error:
            raise CannotDo(AWAY) from error
    return commands.change_process(found[0].name, action, commands.others()).finish(commands.deadline())


def change_group(report: ProcessReport, mount: str, fn: int, action: str, limit: str) -> str:
    """Change a group: in the whole site where that shares it, else in the process of this report. Raises CannotDo."""
    if shares_events():
        from queue_app.engines.inspection import change_group as change_shared  # Celery

        return change_shared(mount, fn, action, operating.limit_of(limit) if action == "limit" else None)
    body = {"mount": mount, "fn": fn, "change": action, "limit": limit}
    order = commands.change_group(report.name, False, body, commands.others())
    return order.finish(commands.deadline())


def queues_of(info: ProcessInfo) -> list[str]:
    """The Celery queues of a process, without those that are for its version alone."""
    return [each for each in info.queues if each not in {versioned(queue, info.version) for queue in info.queues}]


def differing(found: list[ProcessInfo]) -> dict[str, dict[str, list[str]]]:
    """The apps that run in more than one version: of each the processes, by version."""
    versions: dict[str, dict[str, list[str]]] = {}
    for each in found:
        for mount, version in each.apps.items():
            versions.setdefault(mount, {}).setdefault(version, []).append(each.node or each.name)
    return {mount: by for mount, by in versions.items() if len(by) > 1}
