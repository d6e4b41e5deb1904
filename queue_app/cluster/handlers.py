"""What an operator may have done to rows of the database that stand for something alive in this process.

A row is read anew where the command is carried out. Each may be carried out twice without harm.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any

import orjson

from auth_app.identity import Identity
from blocks_app import jsonable
from blocks_app.running.request import RequestInfo
from queue_app.databases import rows, writing
from queue_app.exceptions import CannotDo, NotHere, QueueError
from queue_app.execution.control import operating
from queue_app.execution.engine import SessionSnapshot
from queue_app.execution.job_factory import Submitter, build_job
from queue_app.records.event_models import Event
from queue_app.records.event_models import Session as Row

if TYPE_CHECKING:
    from blocks_app.listeners.dependency import Dependency
    from blocks_app.web.registry import Mount
    from queue_app.execution.job import JobSpec

_AGAIN = "submitted again as {}"


def cancel(row: Event) -> str:
    """Cancel an event. Raises NotHere when it has ended or is another process's."""
    if operating.cancel(row.mount, row.event_id):
        return "cancelled"
    raise NotHere(f"It has ended, or was lost with process {row.process}, which had it.")


def retry(row: Event, name: str) -> str:
    """Submit a failed or cancelled event again, as a new one of this name (32 hex digits).

    Raises CannotDo with the reason why not.
    """
    if row.retried_as:
        return _tried_before(row, name)
    if row.state not in ("failed", "cancelled"):
        raise CannotDo("Only failed and cancelled events can be tried again.")
    if not row.inputs:
        raise CannotDo("Its inputs were not kept: see BLOCKS_EVENT_LOG_INPUTS.")
    app = operating.serving(row.mount)
    dependency = app.mount.blocks.dependencies.get(row.fn)
    if dependency is None or dependency.name != row.fn_name:
        raise CannotDo(f"The app has changed: its function number {row.fn} is not {row.fn_name} any more.")
    if not _mark(row, "", name):
        row.refresh_from_db(fields=["retried_as"])
        return _tried_before(row, name)
    try:
        operating.submit(app, _again(app.mount, dependency, row, name))
    except (QueueError, CannotDo) as error:
        _mark(row, name, "")
        raise CannotDo(str(error)) from error
    return _AGAIN.format(name)


def _again(mount: Mount, dependency: Dependency, row: Event, name: str) -> JobSpec:
    request = RequestInfo(
        headers=(),
        query_string="",
        client=(row.address, 0) if row.address else None,
        path="/",
        method="POST",
        scheme="http",
        root="",
    )
    who = Submitter(mount, Identity(row.identity, row.username or None), request)
    session_hash = name if row.session == row.event_id else row.session
    return build_job(who, dependency, jsonable.loads(row.inputs), session_hash, event_id=name)


def _mark(row: Event, before: str, after: str) -> bool:
    """Note as what an event is tried again, before it is: of all who press at the same moment one succeeds."""
    with writing(Event):
        return rows(Event).filter(pk=row.pk, retried_as=before).update(retried_as=after) == 1


def _tried_before(row: Event, name: str) -> str:
    if row.retried_as == name:  # the same command, which came twice
        return _AGAIN.format(name)
    raise CannotDo(f"It was tried again already, as {row.retried_as}.")


def delete_state(row: Row) -> str:
    """Forget what a session keeps. Raises NotHere when it is not here."""
    if not operating.delete_state(row.mount, row.hash, row.identity):
        raise _over(row)
    return "state deleted"


def end_session(row: Row) -> str:
    """Cancel a session's events, forget its state and end its connections. Raises NotHere when it is not here."""
    pending = operating.end_session(row.mount, row.hash, row.identity)
    if pending is None:
        raise _over(row)
    return f"ended, with {pending} pending events"


def _over(row: Row) -> NotHere:
    return NotHere(f"It is over: no process has it. It was last seen by {row.process}.")


def session_now(row: Row) -> SessionSnapshot | None:
    """What the session of a row has and keeps; None when this process does not have it."""
    return operating.session_now(row.mount, row.hash, row.identity)


def _snapshots_json(some: Iterable[Row]) -> str:
    """JSON of the sessions that this process has, by the number of their rows."""
    found = {str(row.pk): session_now(row) for row in some}
    return orjson.dumps({key: now for key, now in found.items() if now is not None}).decode()


def _event(body: dict[str, Any]) -> Event:
    row = rows(Event).filter(pk=body["event"]).first()
    if row is None:
        raise NotHere("Its row is gone.")
    return row


def _session(body: dict[str, Any]) -> Row:
    row = rows(Row).filter(pk=body["session"]).first()
    if row is None:
        raise NotHere("Its row is gone.")
    return row


#: What a command does, by its action; gives the outcome in words. Raises CannotDo, or NotHere where another may.
HANDLERS: dict[str, Callable[[dict[str, Any]], str]] = {
    "cancel": lambda body: cancel(_event(body)),
    "retry": lambda body: retry(_event(body), body["key"]),
    "end session": lambda body: end_session(_session(body)),
    "delete state": lambda body: delete_state(_session(body)),
    "group": lambda body: operating.change_group(body["mount"], body["fn"], body["change"], body["limit"]),
    "process": lambda body: operating.change_process(body["change"]),
    "look": lambda body: _snapshots_json(rows(Row).filter(pk__in=body["sessions"])),
}
