"""Scenarios in which an app is more than its page: another server's app, an agent, and conversations that are kept."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import httpx
from websockets.sync.client import ClientConnection

from tests.blocks_app.remote import test_load
from tests.scale.place import Place
from tests.scale.visitor import Visitor, plain

ACCEPT = {"accept": "application/json, text/event-stream"}


def loaded(place: Place) -> Any:
    """An app of another server: whichever worker asks it, a visitor has one session there."""
    test_load.going_on.set()
    test_load.cancelled.clear()
    with place.visitor("loaded/") as visitor, place.visitor("loaded/") as other:
        greeted = [each.values("greet", "Ada", "large", None)[0] for each in (visitor, visitor, visitor, other)]
        counted = visitor.messages("count")
        failed = visitor.messages("fail")[-1]
        [path] = visitor._checked(visitor.http.post("upload", files={"files": ("a.txt", b"hello")}))
        loud, text = visitor.file("shout", {"path": path, "meta": {"_type": "gradio.FileData"}})
        with visitor.page() as socket:
            event = visitor.submit(socket, "endless")
            visitor.until(socket, "process_generating", event)
            socket.send(json.dumps({"type": "cancel", "event_id": event}))
            end = visitor.until(socket, "process_completed", event)[-1]
        assert test_load.cancelled.wait(60)
        return greeted, counted, failed, loud, text.text, plain(end)


def giving_up(place: Place) -> Any:
    """An agent's notice that it wants an answer no more ends the call, whichever process hears of it."""
    names = ("told elsewhere", "told here", "left")
    with place.visitor() as visitor, ThreadPoolExecutor() as calls:
        about = {"protocolVersion": "2025-06-18", "capabilities": {}, "clientInfo": {"name": "a", "version": "1"}}
        begun = _agent(visitor, {"id": 0, "method": "initialize", "params": about})
        session = {"mcp-session-id": begun.headers["mcp-session-id"]}
        answers = []
        for name in names:
            asked = {"name": "hold_async", "arguments": {"name": name}}
            call = calls.submit(_agent, visitor, {"id": name, "method": "tools/call", "params": asked}, session)
            place.noted(f"holds {name}")
            if name == "told here":
                visitor.get("config")  # so that the process which is next is the one that has the call
            notice = {"method": "notifications/cancelled", "params": {"requestId": name}}
            told = (
                visitor.http.delete("gradio_api/mcp/", headers=session)
                if name == "left"
                else _agent(visitor, notice, session)
            )
            place.noted(f"cancelled {name}")
            answers.append((told.status_code, call.result().status_code, call.result().json()))
        return answers


def _agent(visitor: Visitor, message: dict[str, Any], headers: dict[str, str] | None = None) -> httpx.Response:
    body = {"jsonrpc": "2.0", **message}
    return visitor.http.post("gradio_api/mcp/", json=body, headers={**ACCEPT, **(headers or {})})


class Talk:
    """The page of a conversation: what happens on it starts its listeners, one after the other."""

    def __init__(self, visitor: Visitor, socket: ClientConnection) -> None:
        self.visitor, self.socket = visitor, socket
        self.listeners = visitor.get("config")["dependencies"]
        #: What the page shows, and what its browser keeps, by block.
        self.values: dict[int, Any] = {}
        self.box, self.list = visitor.block("textbox", -1), visitor.block("dataset")
        self.happen(0, "load")

    @property
    def titles(self) -> list[str]:
        """The conversations at the side."""
        return [row[0] for row in self.values[self.list] or ()]

    @property
    def said(self) -> list[str]:
        """The texts of the one that is shown."""
        return [each["content"] for each in self.values[self.visitor.block("chatbot")] or ()]

    def say(self, text: str) -> None:
        """Send a message, and wait for its answer."""
        self.values[self.box] = text
        self.happen(self.box, "submit")

    def choose(self, index: int) -> None:
        """Open one of those at the side."""
        self.happen(self.list, "click", {self.list: index})

    def rename(self, title: str) -> None:
        """Give the one that is open another title."""
        name = self.visitor.block("textbox", 0)
        self.happen(name, "submit", {name: title})

    def happen(self, block: int, event: str, given: dict[int, Any] | None = None) -> None:
        """An event of a block, and what follows it."""
        due = [each for each in self.listeners if [block, event] in each["targets"] and each["backend_fn"]]
        while due:
            each = due.pop(0)
            values = {**self.values, **(given or {})}
            number = self.visitor.submit(self.socket, each["id"], *[values.get(block) for block in each["inputs"]])
            end = self.visitor.until(self.socket, "process_completed", number)[-1]
            assert end["success"], end
            for block, value in zip(each["outputs"], end["output"]["data"]):
                if isinstance(value, dict) and value.get("__type__") == "update":
                    value = value.get("samples", value.get("value", self.values.get(block)))
                self.values[block] = value
            due += [follower for follower in self.listeners if follower["trigger_after"] == each["id"]]


def kept_conversations(place: Place) -> Any:
    """Those of who has logged in are in the site's database, those of others in their browser."""
    with place.operator() as operator:
        login = operator.http.cookies["sessionid"]
    found: list[Any] = []
    with place.visitor("kept/") as phone, place.visitor("kept/") as desk, place.visitor("kept/") as guest:
        for each in (phone, desk):
            each.http.cookies.set("sessionid", login)
        with phone.page() as socket:
            talk = Talk(phone, socket)
            talk.say("tea"), talk.say("milk")
            found.append((talk.titles, talk.said))
        with desk.page() as socket:
            talk = Talk(desk, socket)
            found.append((talk.titles, talk.said))
            talk.choose(0), talk.say("sugar"), talk.rename("Breakfast")
            found.append((talk.titles, talk.said))
            talk.happen(desk.block("button", 0), "click")
            talk.say("cake")
            found.append((talk.titles, talk.said))
            for _ in range(2):  # the next run of these tests finds none
                talk.choose(0), talk.happen(desk.block("button", 1), "click")
            found.append((talk.titles, talk.said))
        with guest.page() as socket:
            talk = Talk(guest, socket)
            talk.say("water")
            found.append((talk.titles, talk.said))
    return found
