"""What an operator does in the admin of one process happens to what another process has, and the page says so."""

from __future__ import annotations

import html
import json
import re
import secrets
import time
from collections.abc import Callable
from typing import Any

import pytest
from websockets.exceptions import ConnectionClosed
from websockets.sync.client import ClientConnection

from tests.processes.conftest import PATIENCE, Person, Site

ADMIN = "admin/queue_app/"


@pytest.fixture
def root(person: Callable[[str], Person]) -> Person:
    """The operator, at process 0; everybody else is at process 1."""
    return person("root").log_in(0)


@pytest.fixture
def joe(person: Callable[[str], Person]) -> Person:
    return person("joe").log_in(1)


def start(socket: ClientConnection, fn: int) -> str:
    """Begin an event; its id."""
    event_id = secrets.token_hex(16)
    data: list[Any] = [None] if fn == 2 else ["x"]
    socket.send(json.dumps({"type": "submit", "event_id": event_id, "fn_index": fn, "data": data}))
    return event_id


def until(socket: ClientConnection, event_id: str, kind: str) -> dict[str, Any]:
    """Read on until an event has a message of this kind."""
    while True:
        frame = json.loads(socket.recv(PATIENCE))
        for _, message in frame.get("items", ()):
            if (message["event_id"], message["msg"]) == (event_id, kind):
                return dict(message)


def row_of(root: Person, model: str, term: str, shows: str) -> str:
    """The number of the row that a search finds, once the list shows what it should: rows are written behind."""
    for _ in range(200):
        page = root.get(0, f"{ADMIN}{model}/?q={term}")
        found = re.search(r'name="_selected_action" value="(\d+)"', page)
        if found and shows in page:
            return found[1]
    raise AssertionError(f"{model} {term} was not written, or never shows {shows!r}")


def change_page(root: Person, row: str, shows: str) -> str:
    """The page of an event, once it shows what it should."""
    for _ in range(200):
        page = root.get(0, f"{ADMIN}event/{row}/change/")
        if re.search(shows, page):
            return page
    raise AssertionError(f"event {row} never shows {shows!r}")


def act(root: Person, model: str, action: str, row: str) -> str:
    """Do something to a row; what the page then says."""
    return outcome_of(root.post(0, f"{ADMIN}{model}/", action=action, _selected_action=row, confirmed="1"))


def control(root: Person, action: str, site: Site, **more: str) -> str:
    """Press a button of the live queue's row of process 1."""
    process = process_names(root)[1]
    return outcome_of(
        root.post(
            0,
            f"{ADMIN}queue/control/",
            mount=mount_of(root),
            fn="0",
            action=action,
            name="count",
            process=process,
            **more,
        )
    )


def outcome_of(page: str) -> str:
    """The messages at the top of a page."""
    return html.unescape(" ".join(re.findall(r'<li class="(?:success|error)">(.*?)</li>', page, re.S)))


def mount_of(root: Person) -> str:
    found = re.search(r'name="mount" value="([^"]+)"', root.get(0, f"{ADMIN}queue/"))
    assert found is not None
    return found[1]


def process_names(root: Person) -> list[str]:
    """The processes that serve the app: the one that answers, and the other."""
    found = dict.fromkeys(re.findall(r'name="process" value="([^"]+)"', root.get(0, f"{ADMIN}queue/")))
    mine = re.search(r'blocks-below">([^ <]+), this one', root.get(0, f"{ADMIN}queue/"))
    return [*([mine[1]] if mine else [""]), *(name for name in found if not mine or name != mine[1])]


def test_an_event_of_another_process_is_cancelled_and_an_ended_one_is_not(root, joe) -> None:
    socket = joe.socket(1)
    event = start(socket, 0)
    until(socket, event, "process_generating")
    row = row_of(root, "event", event, "Running")
    assert "done for 1" in act(root, "event", "cancel", row)
    assert until(socket, event, "process_completed")["event_id"] == event
    row_of(root, "event", event, "Cancelled")
    assert "It has ended" in act(root, "event", "cancel", row)
    trail = root.get(0, f"{ADMIN}audit/")
    assert "cancelled (process " in trail


def test_an_event_that_failed_elsewhere_is_tried_again_there_and_the_page_leads_to_it(root, joe, site) -> None:
    socket = joe.socket(1)
    event = start(socket, 1)
    assert until(socket, event, "process_completed")["success"] is False
    row = row_of(root, "event", event, "Failed")
    site.fixed.touch()
    assert "done for 1" in act(root, "event", "retry", row)
    assert "tried again already" in act(root, "event", "retry", row)
    page = change_page(root, row, r'event/\d+/change/">[0-9a-f]{8}…</a> <span class="blocks-state blocks-done">')
    (again,) = re.findall(r'<a href="[^"]*event/(\d+)/change/">[0-9a-f]{8}…</a> <span class="blocks-state', page)
    assert again != row


def test_a_session_elsewhere_is_shown_emptied_and_ended(root, joe) -> None:
    socket = joe.socket(1)
    event = start(socket, 2)
    until(socket, event, "process_completed")
    row = row_of(root, "session", joe.session, "1 value, ")
    assert re.search(r"\bint\b.*\b28\sbytes", root.get(0, f"{ADMIN}session/{row}/change/"), re.DOTALL)
    assert "done for 1" in act(root, "session", "delete_state", row)
    again = start(socket, 2)
    assert until(socket, again, "process_completed")["output"]["data"][1] == "1"
    assert "done for 1" in act(root, "session", "end", row)
    with pytest.raises(ConnectionClosed):
        while True:
            socket.recv(PATIENCE)


def shows_paused(root) -> None:
    """Wait until the live queue shows one paused group: each process tells what it has once in a while."""
    ends = time.monotonic() + PATIENCE
    while (shown := root.get(0, f"{ADMIN}queue/now/").count('blocks-paused">paused')) != 1:
        assert shown == 0 and time.monotonic() < ends
        time.sleep(0.2)


def test_the_live_queue_shows_all_processes_and_a_group_elsewhere_is_paused_widened_and_drained(
    root, joe, site
) -> None:
    root.socket(0)
    socket = joe.socket(1)
    here, there = process_names(root)
    assert here and there and here != there
    assert "paused: nothing starts" in control(root, "pause", site)
    event = start(socket, 0)
    assert until(socket, event, "estimation")["rank"] == 0
    shows_paused(root)
    assert "limit 3" in control(root, "limit", site, limit="3")
    assert "goes on" in control(root, "resume", site)
    until(socket, event, "process_generating")
    socket.send(json.dumps({"type": "cancel", "event_id": event}))
    until(socket, event, "process_completed")
    drained = control(root, "drain", site, everywhere="1")
    assert drained.count("drains: nothing new is taken") == 2
    assert control(root, "reopen", site, everywhere="1").count("takes new events again") == 2
