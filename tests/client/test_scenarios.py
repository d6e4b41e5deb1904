"""What a server says as data, and what becomes of a call: by the core alone, with threads, with asyncio."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable, Generator
from pathlib import Path
from typing import Any

import pytest

import blocks_client
from blocks_client import AsyncClient, Client
from blocks_client._core.call import Call
from blocks_client._core.core import Core
from blocks_client._core.http import Close, Drain, Open, Read, Response, Send, Sleep, Wait
from blocks_client._core.session import Session
from blocks_client._core.stream_flows import messages
from blocks_client._exceptions import TransportError
from tests.client.conftest import CLOSE, CONFIG, INFO, Exchange, Faulty

SCENARIOS = json.loads((Path(__file__).parent / "scenarios.json").read_text())
#: What a client saw: its outputs, its result, what was raised.
Seen = tuple[list[Any], Any, "Exception | None"]


class Script:
    """A server as a scenario says: the first request for a path gets the first answer, …; the last one stays."""

    def __init__(self, scenario: dict[str, Any]) -> None:
        config = {**CONFIG, **({"websocket": "/queue/ws"} if scenario.get("resumes") else {})}
        cookie = {"set-cookie": "access-token=new"}
        self.left = {
            "config": [{"body": config}],
            "info": [{"body": INFO}],
            "login": [{"headers": cookie, "body": {"success": True}}],
            "queue/join": list(scenario.get("join", [{"body": {"event_id": "e1"}}])),
            "queue/data": list(scenario["streams"]),
        }
        self.count: dict[str, int] = dict.fromkeys(self.left, 0)
        self.numbers: list[str | None] = []

    def answer(self, path: str, headers: dict[str, str]) -> dict[str, Any]:
        """The next answer for a path."""
        name = next(each for each in self.left if path.split("?")[0].endswith(each))
        self.count[name] += 1
        if name == "queue/data":
            self.numbers.append(headers.get("last-event-id"))
        left = self.left[name]
        return left.pop(0) if len(left) > 1 else left[0]


def pieces(answer: dict[str, Any]) -> list[bytes]:
    """The body of an answer, cut into what arrives at once."""
    if "messages" not in answer:
        body = answer.get("text")
        return [body.encode() if body is not None else json.dumps(answer.get("body", {})).encode()]
    end = [] if answer.get("cut") else [CLOSE]
    found = []
    for message in [*answer["messages"], *end]:
        output = {"event_id": "e1", **message}
        number = f"id: {output.pop('id')}\n" if "id" in output else ""
        found.append(f"{number}data: {json.dumps(output)}\n\n".encode())
    return found


# The three ways to make the call


def by_core(script: Script, faulty: Faulty, auth: Any) -> Seen:
    """No thread, no loop, no socket: two flows, and whoever has something to read goes on."""
    core = Core("http://app.example/", auth=auth, download_files=False)
    server = Lists(script)
    Flow(core.arrive(lambda address: None), server).go()
    session = Session(core.ready(), lambda: None)
    call = Call(core.ready().endpoint("/echo"), ["hi"], session)
    running = Flow(core.run(call), server)
    try:
        while not running.go():
            Flow(messages(core, session), Lists(script)).go()
    except Exception as error:
        return call.outputs, None, error
    return call.outputs, running.result, None


class Flow:
    """A flow that can stand still."""

    def __init__(self, flow: Generator[Any, Any, Any], server: Lists) -> None:
        self.flow, self.server = flow, server
        self.result: Any = None
        self.waiting: Call | None = None

    def go(self) -> bool:
        """Go on until it is over, or waits for messages of a call. Whether it is over."""
        try:
            value = self.waiting.take() if self.waiting is not None else None
            while True:
                command = self.flow.send(value)
                while True:
                    if isinstance(command, Wait) and not command.call.inbox:
                        self.waiting = command.call
                        return False
                    try:
                        value = self.server.do(command)
                    except TransportError as error:
                        command = self.flow.throw(error)
                    else:
                        break
        except StopIteration as stop:
            self.result = stop.value
            return True


class Lists:
    """Answers commands from lists; time does not pass."""

    def __init__(self, script: Script) -> None:
        self.script = script
        self.open: list[bytes] = []
        self.is_cut = False

    def do(self, command: Any) -> Any:
        if isinstance(command, Wait):
            return command.call.take()
        if isinstance(command, (Send, Open)):
            answer = self.script.answer(command.request.url, command.request.headers)
            body, self.is_cut = pieces(answer), bool(answer.get("cut"))
            self.open = body if isinstance(command, Open) else []
            output = b"" if isinstance(command, Open) else b"".join(body)
            return Response(answer.get("status", 200), answer.get("headers", {}), output, command.request.url, {})
        if isinstance(command, Read):
            if not self.open and self.is_cut:
                raise TransportError("cut")
            return self.open.pop(0) if self.open else None
        assert isinstance(command, (Sleep, Drain, Close))
        return None


def act(script: Script, faulty: Faulty) -> str:
    """Let the server behave as a scenario says."""

    def answer(exchange: Exchange) -> None:
        headers = {name.lower(): value for name, value in exchange.headers.items()}
        given = script.answer(exchange.path, headers)
        if "messages" in given or "text" in given:
            exchange.pieces(pieces(given), cut=bool(given.get("cut")), **given.get("headers", {}))
        else:
            exchange.say(given.get("body", {}), given.get("status", 200), **given.get("headers", {}))

    faulty.answers = dict.fromkeys(map("/{}".format, script.left), answer)
    return faulty.base


def by_client(script: Script, faulty: Faulty, auth: Any) -> Seen:
    with Client(act(script, faulty), auth=auth, verbose=False, download_files=False) as client:
        job = client.submit("hi", api_name="/echo")
        error = job.exception(timeout=30)
        return job.outputs(), None if error else job.result(), error


def by_async_client(script: Script, faulty: Faulty, auth: Any) -> Seen:
    async def ask() -> Seen:
        async with AsyncClient(act(script, faulty), auth=auth, verbose=False, download_files=False) as client:
            job = client.submit("hi", api_name="/echo")
            try:
                return job.outputs(), await job.result(timeout=30), None
            except Exception as error:
                return job.outputs(), None, error

    return asyncio.run(ask())


@pytest.mark.parametrize("way", [by_core, by_client, by_async_client], ids=lambda way: way.__name__)
@pytest.mark.parametrize("scenario", SCENARIOS, ids=lambda scenario: scenario["name"])
def test_every_way_the_same_becomes_of_a_call(
    scenario: dict[str, Any], way: Callable[[Script, Faulty, Any], Seen], faulty: Faulty
) -> None:
    script = Script(scenario)
    outputs, result, error = way(script, faulty, scenario.get("auth"))
    if "error" in scenario:
        name, text = scenario["error"].split(": ")
        assert type(error) is getattr(blocks_client, name, None) and text in str(error)
    else:
        assert (error, result) == (None, scenario["result"])
    assert outputs == scenario.get("outputs", [result] if error is None else [])
    assert scenario.get("requests", {}).items() <= script.count.items()
    assert script.numbers == scenario.get("numbers", script.numbers)
