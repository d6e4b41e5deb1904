"""From state changes to rows: what the event log's thread makes of a batch. Pure but for `write`.

A batch holds many changes of one event; only its newest is written. Sums per minute count each of them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any, TypeVar

from django.db import models
from django.db.models import F, Value

from blocks_app import jsonable
from blocks_app.running.failures import failure_of
from queue_app.databases import PATIENCE, connection_of, moment, rows, transacted
from queue_app.execution.job import JobState
from queue_app.ids import text
from queue_app.records.event_models import ADDRESS, NAME, Event, Minute, Session
from queue_app.signals import JobChanged, SessionChanged

LONGEST_TRACE = 20_000  # characters; the end of a traceback tells most
ROWS = 500  # per statement
LARGEST = 1_000_000  # characters of inputs and tracebacks per statement; MySQL takes no more than some megabytes

EVENT_KEY = ("event_id", "submitted")
EVENT_CHANGES = (
    "state", "started", "finished", "wait", "duration", "messages", "error", "traceback", "inputs", "kept", "process",
)  # fmt: skip
_OPEN = (JobState.QUEUED.value, JobState.RUNNING.value)
SESSION_KEY = ("hash", "mount")
SHUT_DOWN = "The server was shut down before it had ended."


M = TypeVar("M", bound=models.Model)


def event_rows(changes: Iterable[JobChanged], process: str, most_inputs: int) -> list[Event]:
    """One row per event, of its newest change."""
    newest = {(change.event_id, change.submitted): change for change in changes}
    return [_event(change, process, most_inputs) for change in newest.values()]


def session_rows(notes: Iterable[JobChanged | SessionChanged], process: str) -> dict[frozenset[str], list[Session]]:
    """One row per session, by the fields that are known beside its key: a reader that comes tells no address."""
    found: dict[tuple[str, str], tuple[dict[str, Any], float]] = {}
    for note in notes:
        if isinstance(note, SessionChanged):
            name, more = note.hash, {"connections": max(0, note.connections)}
        elif note.action == "job.queued" and note.session != note.event_id:
            name, more = note.session, _visitor(note)
        else:
            continue
        known, created = found.setdefault((text(name, NAME), text(note.mount, NAME)), ({}, note.at))
        known.update(more, seen=moment(note.at), process=process)
        if note.identity:
            known["identity"] = text(note.identity, NAME)
    groups: dict[frozenset[str], list[Session]] = {}
    for (name, mount), (known, created) in found.items():
        row = Session(hash=name, mount=mount, created=moment(created), **known)
        groups.setdefault(frozenset(known), []).append(row)
    return groups


def minute_sums(changes: Iterable[JobChanged]) -> dict[tuple[str, datetime], dict[str, float]]:
    """What each app did in each minute."""
    sums: dict[tuple[str, datetime], dict[str, float]] = {}
    for change in changes:
        minute = moment(change.at - change.at % 60)
        sum_ = sums.setdefault((text(change.mount, NAME), minute), {})
        for name, amount in _counted(change):
            sum_[name] = sum_.get(name, 0) + amount
    return sums


def write(
    notes: list[JobChanged | SessionChanged],
    process: str,
    most_inputs: int,
    patience: float = PATIENCE,
    plain: bool = False,
) -> None:
    """Write a batch in one transaction; `patience` as of `writing`. Raises what the database raises.

    `plain` leaves out what a table may refuse: long texts, and all but ASCII.
    """
    changes = [note for note in notes if isinstance(note, JobChanged)]

    def work() -> None:
        events = event_rows(changes, process, most_inputs)
        _write_events([_plain(row) for row in events] if plain else events)
        for fields, found in session_rows(notes, process).items():
            _upsert(Session, [_plain(row) for row in found] if plain else found, SESSION_KEY, tuple(sorted(fields)))
        for (mount, minute), sums in sorted(minute_sums(changes).items(), key=lambda item: item[0]):
            _add(mount, minute, sums)

    transacted(Event, work, patience)


def _event(change: JobChanged, process: str, most_inputs: int) -> Event:
    client = change.request.client if change.request is not None else None
    started, finished = change.started, change.finished
    row = Event(
        event_id=text(change.event_id, NAME),
        mount=text(change.mount, NAME),
        fn=change.fn,
        fn_name=text(change.fn_name, NAME),
        session=text(change.session, NAME),
        identity=text(change.identity, NAME),
        username=text(change.username, NAME),
        address=text(client[0] if client else "", ADDRESS),
        state=change.state,
        submitted=moment(change.submitted),
        started=moment(started) if started is not None else None,
        finished=moment(finished) if finished is not None else None,
        wait=max(0.0, started - change.submitted) if started is not None else None,
        duration=max(0.0, finished - started) if started is not None and finished is not None else None,
        messages=change.messages,
        process=process,
    )
    if change.error is not None:
        failure = failure_of(change.error)
        row.error = text(failure.line, 500)
        row.traceback = "" if failure.quiet else text(failure.trace[-LONGEST_TRACE:], LONGEST_TRACE)
    elif change.state == "failed":
        row.error = SHUT_DOWN
    if change.data is not None and most_inputs:
        row.inputs = _inputs(change, most_inputs)
    row.kept = len(row.inputs) + len(row.traceback)
    return row


def _inputs(change: JobChanged, most: int) -> str:
    """The inputs as JSON; nothing when they are too large."""
    try:
        packed = jsonable.dumps(change.data)
    except Exception:  # not worth the batch
        return ""
    return packed.decode() if len(packed) <= most else ""


def _visitor(change: JobChanged) -> dict[str, Any]:
    request = change.request
    if request is None:
        return {"username": text(change.username, NAME)}
    agent = next((value for name, value in request.headers if name == "user-agent"), "")
    return {
        "username": text(change.username, NAME),
        "address": text(request.client[0] if request.client else "", ADDRESS),
        "agent": text(agent, 300),
    }


def _counted(change: JobChanged) -> list[tuple[str, float]]:
    match change.action:
        case "job.queued":
            return [("submitted", 1)]
        case "job.started":
            return [("started", 1), ("waited", max(0.0, (change.started or change.at) - change.submitted))]
        case "job.done" | "job.failed" | "job.cancelled":
            ran = change.finished - change.started if change.started is not None and change.finished is not None else 0
            return [(change.action.removeprefix("job."), 1), ("ran", max(0.0, ran))]
        case _:
            return []


def _write_events(new: list[Event]) -> None:
    """Of an event that goes through several processes the one that took it may write last what it knew first."""
    new = sorted(new, key=lambda row: row.event_id)  # who writes the same ones does not wait crosswise
    ended = [each for each in new if each.state not in _OPEN]
    for part in _statements(ended):
        _upsert(Event, part, EVENT_KEY, EVENT_CHANGES)
    if len(ended) == len(new):
        return
    going_on = [each for each in new if each.state in _OPEN]
    rows(Event).bulk_create(going_on, ROWS, ignore_conflicts=True)
    begun = {each.event_id: each for each in going_on if each.state == JobState.RUNNING.value}
    if not begun:
        return
    named = rows(Event).select_for_update().filter(event_id__in=list(begun), state=JobState.QUEUED.value)
    waiting = set(named.values_list("event_id", "submitted"))
    _upsert(
        Event, [each for each in begun.values() if (each.event_id, each.submitted) in waiting], EVENT_KEY, EVENT_CHANGES
    )


def _plain(row: M) -> M:
    for field in row._meta.concrete_fields:
        if isinstance(field, models.TextField):
            setattr(row, field.attname, "")
        elif isinstance(field, models.CharField):
            plain = str(getattr(row, field.attname)).encode("ascii", "backslashreplace").decode()
            setattr(row, field.attname, plain[: field.max_length])
    if isinstance(row, Event):
        row.kept = 0
    return row


def _statements(events: list[Event]) -> Iterator[list[Event]]:
    """The rows of one statement after the other: those with long texts by themselves, and not too many."""
    short = [row for row in events if not row.kept]
    if short:
        yield short
    part: list[Event] = []
    size = 0
    for row in (row for row in events if row.kept):
        if part and size + row.kept > LARGEST:
            yield part
            part, size = [], 0
        size += row.kept
        # As an expression: Django would make an array of plain texts, of which psycopg escapes each quote in Python.
        row.inputs, row.traceback = Value(row.inputs), Value(row.traceback)
        part.append(row)
    if part:
        yield part


def _upsert(model: type[models.Model], new: list[Any], key: tuple[str, ...], fields: tuple[str, ...]) -> None:
    if new:
        # MySQL finds the row by any of its keys and takes no names.
        named = connection_of(model).features.supports_update_conflicts_with_target
        rows(model).bulk_create(
            new, ROWS, update_conflicts=True, unique_fields=key if named else None, update_fields=fields
        )


def _add(mount: str, minute: datetime, sums: dict[str, float]) -> None:
    """Add to the sums of a minute that other processes add to as well."""
    found = rows(Minute).filter(mount=mount, minute=minute)
    if not found.exists():
        rows(Minute).bulk_create([Minute(mount=mount, minute=minute)], ignore_conflicts=True)
    found.update(**{name: F(name) + amount for name, amount in sums.items()})
