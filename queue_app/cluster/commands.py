"""What an operator asks for, done where it has to be done: in this process, or in the one that has the event.

An order is tried here first, then sent to the processes that may have what it is about. What it does there is in
`handlers`; each may be carried out twice without harm, as messages may come twice.
"""

from __future__ import annotations

import time
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

import msgspec
import orjson

from queue_app.cluster import call_names, handlers, message_bus
from queue_app.cluster.access_broadcast import AccessBroadcast
from queue_app.cluster.handlers import HANDLERS
from queue_app.cluster.message_bus import MessageBus, PendingAnswer
from queue_app.cluster.reports import Reporting
from queue_app.exceptions import CannotDo, NotHere
from queue_app.execution.control import operating
from queue_app.execution.engine import SessionSnapshot, shares_events
from queue_app.ids import new_id, process_name
from queue_app.records.event_models import Event
from queue_app.records.event_models import Session as Row

KIND = "order"
PATIENCE = 5.0  # seconds that other processes have to answer
LOOK = 2.5  # seconds that they have to tell of their sessions
SILENT = "The server's loop does not answer."

Answer = dict[str, Any]
_broadcast: AccessBroadcast | None = None


def connect(with_bus: MessageBus | None = None) -> MessageBus:
    """Take part in the site's message bus: send and receive changes of access, and do what other processes ask for."""
    global _broadcast
    disconnect()
    made = message_bus.install(with_bus)
    made.workers[KIND] = execute
    call_names.connect(made)
    Reporting(made)
    _broadcast = AccessBroadcast(made)
    return made


def disconnect() -> None:
    """Take no part any more."""
    global _broadcast
    if _broadcast is not None:
        _broadcast.close()
        _broadcast = None
    message_bus.uninstall()


def others() -> list[str]:
    """The site's other processes that have given a sign of life lately."""
    here = message_bus.current()
    return [each.name for each in message_bus.present() if each.name != here.name] if here is not None else []


@dataclass(slots=True)
class Command:
    """Something that is being done; `finish` tells what came of it."""

    answers: dict[str, Answer] = field(default_factory=dict)
    asked: PendingAnswer | None = None
    nowhere: str = ""

    def finish(self, until: float) -> str:
        """The outcome in words; waits for other processes while `time.monotonic()` is below `until`.

        Raises CannotDo: it could not be done, with the reason.
        """
        silent: list[str] = []
        if self.asked is not None:
            self.answers |= self.asked.wait(until)
            silent = [name for name in self.asked.of if name not in self.answers]
            self.forget()
        unanswered = [f"process {name} did not answer within {PATIENCE:g} s" for name in silent]
        done = [_outcome_of(name, each) for name, each in self.answers.items() if each["done"]]
        if done:
            return "; ".join([*done, *unanswered])
        refused = [_outcome_of(name, each) for name, each in self.answers.items() if each["here"]]
        raise CannotDo("; ".join(refused + unanswered) or self.nowhere)

    def forget(self) -> None:
        """Answers are not waited for any more."""
        here = message_bus.current()
        if self.asked is not None and here is not None:
            here.forget(self.asked)


def dispatch(
    action: str, body: dict[str, Any], to: Iterable[str] = (), *, here: bool = True, everywhere: bool = False
) -> Command:
    """Have something done: here, and by the processes `to` when it is not here or is wanted everywhere."""
    command = Command()
    body = {**body, "action": action, "key": new_id()}
    if here:
        command.answers[process_name()] = found = execute(body)
        command.nowhere = found["outcome"]
        if found["here"] and not everywhere:
            return command
    places, mine = list(to), message_bus.current()
    if places and mine is not None:
        command.asked = mine.ask(KIND, body, places)
    elif not here:
        command.nowhere = "No process of the site can do this now."
    return command


def execute(body: dict[str, Any]) -> Answer:
    """Do what an order says, in this process: whether it was done, whether it could be here, the outcome in words."""
    try:
        return {"done": True, "here": True, "outcome": HANDLERS[body["action"]](body)}
    except NotHere as error:
        return {"done": False, "here": False, "outcome": str(error)}
    except CannotDo as error:
        return {"done": False, "here": True, "outcome": str(error)}
    except TimeoutError:
        return {"done": False, "here": True, "outcome": SILENT}


def deadline() -> float:
    """Until when orders that are given now are waited for."""
    return time.monotonic() + PATIENCE


# The orders, for whom they are, and what they do


def cancel(row: Event, to: list[str]) -> Command:
    """Cancel an event."""
    if row.state not in ("queued", "running"):
        return Command(nowhere="It has ended.")
    return dispatch("cancel", {"event": row.pk}, _who_has(row.process, to))


def retry(row: Event, to: list[str]) -> Command:
    """Submit a failed or cancelled event again: where its session is, or was."""
    elsewhere, anywhere = _who_has(row.process, to), shares_events()
    here = anywhere or not elsewhere or operating.has_session(row.mount, row.session, row.identity)
    return dispatch("retry", {"event": row.pk}, () if here and not anywhere else elsewhere, here=here)


def end_session(row: Row, to: list[str]) -> Command:
    """End a session in every process: it may have connections in several."""
    return dispatch("end session", {"session": row.pk}, to, everywhere=True)


def delete_state(row: Row, to: list[str]) -> Command:
    """Delete what a session keeps."""
    return dispatch("delete state", {"session": row.pk}, to, everywhere=True)


def change_group(process: str, everywhere: bool, change: dict[str, Any], to: list[str]) -> Command:
    """Pause, resume, drain, reopen a group or change its limit, in one process or in all."""
    mine = not process or process == process_name()
    if everywhere:
        return dispatch("group", change, to, everywhere=True)
    if not mine and process not in to:
        return Command(nowhere=f"Process {process} is not there any more.")
    return dispatch("group", change, () if mine else [process], here=mine)


def change_process(process: str, change: str, to: list[str]) -> Command:
    """Drain, reopen or end a process that runs events itself, or ends with its supervisor starting another."""
    if process == process_name():
        return dispatch("process", {"change": change})
    if process not in to:
        return Command(nowhere=f"Process {process} is not there any more.")
    return dispatch("process", {"change": change}, [process], here=False)


# What the lists of sessions show


def look_at(shown: list[Row]) -> None:
    """Have rows know what their sessions have now, for `session_now`; each other process is asked once."""
    away: dict[str, list[Row]] = {}
    to = set(others()) if shown else set()
    for row in shown:
        found = handlers.session_now(row)
        row.__dict__["now_known"] = found
        if found is None and row.process in to:
            away.setdefault(row.process, []).append(row)
    asked = [
        (name, some, dispatch("look", {"sessions": [row.pk for row in some]}, [name], here=False))
        for name, some in away.items()
    ]
    until = time.monotonic() + LOOK
    for name, some, command in asked:
        answer = command.asked.wait(until).get(name) if command.asked is not None else None
        command.forget()
        outcomes: Answer = orjson.loads(answer["outcome"]) if answer is not None and answer["done"] else {}
        for row in some:
            if (now := outcomes.get(str(row.pk))) is not None:
                row.__dict__["now_known"] = msgspec.convert(now, SessionSnapshot)


def session_now(row: Row) -> SessionSnapshot | None:
    """What the session of a row that was looked at has now; None when nobody said."""
    found: SessionSnapshot | None = row.__dict__.get("now_known")
    return found


def _who_has(process: str, to: list[str]) -> list[str]:
    """Of the processes `to` those that can act upon what this one has taken: any, where all know the events of all."""
    if shares_events():
        return to
    return [process] if process in to else []


def _outcome_of(process: str, answer: Answer) -> str:
    return str(answer["outcome"]) if process == process_name() else f"{answer['outcome']} (process {process})"
