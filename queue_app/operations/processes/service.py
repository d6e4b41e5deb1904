"""What is wrong with the processes of a site: groups that nobody works, versions that differ, clocks, pools."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, NamedTuple

from django.utils.translation import gettext

from blocks_app.web.registry import all_mounts
from queue_app import conf
from queue_app.engines.worker_registry import ProcessInfo, queue_of
from queue_app.execution.engine import shares_events
from queue_app.operations.processes.members import registered

if TYPE_CHECKING:
    from blocks_app.web.registry import Mount

CLOCKS = 2.0  # seconds by which clocks may differ
_NAMED = 5  # functions, or apps, in one sentence
_APART = 3  # apps of one queue that have sentences of their own


class Unserved(NamedTuple):
    """Functions of an app whose events nobody runs, as no live worker that has it takes from their Celery queue."""

    mount: str
    queue: str
    names: tuple[str, ...]


def unserved(found: Iterable[ProcessInfo]) -> list[Unserved]:
    """The functions of this process's apps that none of these workers runs."""
    workers = [each for each in found if each.role == "worker" and not each.draining]
    missing = []
    for mount in all_mounts():
        taken = {queue for each in workers if mount.key in each.apps for queue in each.queues}
        names: dict[str, list[str]] = {}
        for each in mount.blocks.dependencies.values():
            if each.fn is not None and (queue := queue_of(each.concurrency_id, mount.key)) not in taken:
                names.setdefault(queue, []).append(each.api_name)
        missing += [Unserved(mount.key, queue, tuple(dict.fromkeys(of))) for queue, of in names.items()]
    return missing


def sentences(missing: Iterable[Unserved]) -> list[str]:
    """What is wrong, and what to do; of many apps with the same queue in one sentence."""
    by_queue: dict[str, list[Unserved]] = {}
    for each in missing:
        by_queue.setdefault(each.queue, []).append(each)
    celery = conf.celery_app().rpartition(".")[0] or "queue_app.engines.celery_app"
    one = gettext(
        "Nobody works %(names)s of %(app)s: no live worker that has this app takes from the Celery queue %(queue)s. "
        "Start one: celery -A %(celery)s worker -Q %(queue)s"
    )
    many = gettext(
        "Nobody works %(number)s apps (%(apps)s): no live worker that has them takes from the Celery queue %(queue)s. "
        "Start one: celery -A %(celery)s worker -Q %(queue)s"
    )
    found = []
    for queue, apps in by_queue.items():
        about = {"queue": queue, "celery": celery}
        if len(apps) > _APART:
            found.append(many % {**about, "number": len(apps), "apps": _few([app.mount for app in apps])})
        else:
            found += [one % {**about, "names": _few(app.names), "app": app.mount} for app in apps]
    return found


def _few(names: Sequence[str]) -> str:
    return ", ".join(names[:_NAMED]) + (" …" if len(names) > _NAMED else "")


def problems() -> list[str]:
    """Why events of this process would wait for nobody, in sentences; nothing where it runs functions itself."""
    if not shares_events():
        return []
    try:
        return sentences(unserved(registered()))
    except OSError as error:
        return [str(error)]


def plain_functions(mounts: Iterable[Mount]) -> list[str]:
    """Functions that cannot be interrupted where they run in a thread."""
    found = []
    for mount in mounts:
        for each in mount.blocks.dependencies.values():
            info = each.info if each.fn is not None else None
            if info is not None and not info.is_async and not info.is_generator:
                found.append(f"{each.api_name} ({mount.key})")
    return list(dict.fromkeys(found))
