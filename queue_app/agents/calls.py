"""Runs one endpoint for an agent: a job as any other, whose messages are progress, and whose end is the answer."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import orjson

from queue_app.access.guards import permit
from queue_app.agents.arguments import wire_data
from queue_app.exceptions import InvalidInputs, QueueError, QueueStopped
from queue_app.execution.engine import engine_of
from queue_app.execution.job_factory import build_job
from queue_app.ids import new_id

if TYPE_CHECKING:
    from blocks_app.mcp.tools import Tool
    from queue_app.agents.request import AgentRequest, Report
    from queue_app.delivery.sequenced_message import SequencedMessage

_LEAST = 0.001  # by which progress grows when nothing says by how much
_SHOWN = 500  # characters of a value on the way
_LARGE = 64 * 1024  # bytes of a message that is not read for progress


@dataclass(frozen=True, slots=True)
class Failed(Exception):
    """The function has failed, or was not started; `text` is what its caller may know."""

    text: str


async def run(request: AgentRequest, tool: Tool, arguments: dict[str, Any]) -> bytes:
    """The endpoint's last message, as it was encoded.

    Raises Failed with a sentence when there is none: refused, failed, cancelled or too late.
    """
    try:
        await permit(request.mount, request.identity, tool.dependency, request.scope)
        return await _run(request, tool, await wire_data(request, tool, arguments))
    except InvalidInputs as error:
        raise Failed("; ".join(_sentences(tool, error)) or str(error)) from error
    except QueueError as error:
        raise Failed(str(error)) from error


async def _run(request: AgentRequest, tool: Tool, data: list[Any]) -> bytes:
    event_id = new_id()
    engine = engine_of(request.mount)
    job = build_job(request, tool.dependency, data, event_id, event_id=event_id, simple_format=True, channel=event_id)
    await engine.submit(job)
    complete = False
    reader = engine.subscribe(event_id, plain=True)
    request.begin(event_id)
    try:
        notes = ProgressNotes(request.report) if request.report is not None else None
        async for batch in reader:
            for message in batch:
                if message.kind == "process_completed":
                    complete = True
                    return message.message
                if notes is not None:
                    await notes.pass_on(message)
        raise QueueStopped
    finally:
        reader.close()
        request.end(event_id, complete=complete)


def _sentences(tool: Tool, error: InvalidInputs) -> list[str]:
    names = [each["parameter_name"] for each in tool.parameters]
    found = []
    for number, problem in enumerate(error.problems):
        if not problem.get("is_valid", True) and problem.get("message"):
            name = names[number] if number < len(names) else str(number)
            found.append(f"{name}: {problem['message']}")
    return found


class ProgressNotes:
    """What a job says on its way, as MCP's notifications: a number that only grows, and words."""

    def __init__(self, report: Report) -> None:
        """Tell it by `report`."""
        self._report = report
        self._last = -_LEAST
        self._steps = 0

    async def pass_on(self, message: SequencedMessage) -> None:
        """Say what a message says, if it says something."""
        if message.kind == "process_generating":
            self._steps += 1
        found = self._words(message)
        if found is not None:
            at, total, text = found
            self._last = at if at is not None and at > self._last else self._last + _LEAST
            await self._report(round(self._last, 6), total, text)

    def _words(self, message: SequencedMessage) -> tuple[float | None, float | None, str] | None:
        if message.kind == "process_starts":
            return None, None, "Running"
        if message.kind == "process_generating" and len(message.message) > _LARGE:
            return None, None, f"Step {self._steps}"
        decoded = orjson.loads(message.message)
        if message.kind == "estimation":
            return None, None, _place(decoded)
        if message.kind == "progress":
            return _bar(decoded["progress_data"])
        if message.kind == "log":
            return None, None, f"{decoded['title']}: {decoded['log']}" if decoded.get("title") else decoded["log"]
        if message.kind == "process_generating":
            return None, None, self._value(decoded["output"]["data"])
        return None

    def _value(self, data: list[Any]) -> str:
        texts = [each for each in data if isinstance(each, str | int | float)]
        return str(texts[0])[:_SHOWN] if texts else f"Step {self._steps}"


def _place(decoded: dict[str, Any]) -> str:
    eta = decoded.get("rank_eta")
    after = f" About {eta:.0f} s to go." if eta else ""
    return f"In the queue: place {decoded['rank'] + 1} of {max(decoded['queue_size'], decoded['rank'] + 1)}.{after}"


def _bar(units: list[dict[str, Any]]) -> tuple[float | None, float | None, str] | None:
    """The innermost bar's words, and the outermost one's numbers."""
    if not units:
        return None
    outer, inner = units[0], units[-1]
    words = inner.get("desc") or "Progress"
    if inner.get("progress") is not None:
        words = f"{words}: {inner['progress']:.0%}"
    elif inner.get("index") is not None:
        of = f" of {inner['length']:g}" if inner.get("length") else ""
        words = f"{words}: {inner['index']:g}{of} {inner.get('unit') or 'steps'}"
    if outer.get("progress") is not None:
        return outer["progress"], 1.0, words
    return outer.get("index"), outer.get("length"), words
