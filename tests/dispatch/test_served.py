"""The scenarios once more, with PageUser and the real queue: its messages are what the scenarios say they are."""

from __future__ import annotations

import asyncio
import itertools
import json
from collections.abc import Callable
from typing import Any

import pytest

import blocks_app as gr
from blocks_app.running.updates import apply_edits
from queue_app.testing import AsyncPageUser
from queue_app.testing.typed import same
from tests.dispatch.data import scenarios
from tests.dispatch.served import END, Asked, Served

#: What a server cannot be made to do at a certain moment is left to the scenarios without one.
PLAYED = {"load", "click", "happen", "enter", "yield", "answer", "fail"}
counter = itertools.count()


def is_played(scenario: dict[str, Any]) -> bool:
    """Whether every step of it can be had from a real queue."""
    if "only" in scenario or any(
        {"renders", "every", "cancels", "js"} & each.keys() for each in scenario["listeners"].values()
    ):
        return False
    last: dict[str, Any] = {}
    ended: list[str] = []
    streams = {step["yield"].partition(" ")[0] for step in scenario["steps"] if "yield" in step}
    for step in scenario["steps"]:
        kind = next(iter(step))
        if kind not in PLAYED or ("error" in step and step["error"] is None):
            return False
        if kind not in ("yield", "answer", "fail"):
            continue
        listener, _, number = step[kind].partition(" ")
        if number and listener in ended:
            return False  # it may have ended
        if kind == "yield":
            last[listener] = data_of(step, last.get(listener))
        elif kind == "answer" and listener in streams and last.get(listener) != step.get("data"):
            return False  # a generator ends with what it gave last
        if kind != "yield" and not number:
            last.pop(listener, None)
            ended.append(listener)
    return True


def data_of(step: dict[str, Any], last: list[Any] | None) -> Any:
    """The values of a yield, whole."""
    if "edits" not in step:
        return step["data"]
    return [apply_edits(old, edits) for old, edits in zip(last or [], step["edits"], strict=True)]


@pytest.mark.parametrize("scenario", [each for each in scenarios() if is_played(each.values[0])])
async def test_a_simulated_user_meets_it_with_the_real_queue(scenario: dict[str, Any]) -> None:
    app = Served(scenario)
    page = AsyncPageUser(app.demo)
    loads = "load" in scenario["steps"][0]
    try:
        if not loads:
            await page.open(wait=False)
        last: dict[Asked, list[Any]] = {}
        for step in scenario["steps"]:
            asked, popped = len(app.asked), len(page.toasts)
            await act(app, page, step, last)
            wanted = step.get("asked", [])
            await come(lambda asked=asked, wanted=wanted: len(app.asked) - asked >= len(wanted))
            open_runs = [run for run in app.asked if not run.ended]
            await come(lambda open_runs=open_runs: len(page.pending) == len(open_runs))
            reported = [run.reported for run in app.asked[asked:]]
            assert sorted(map(json.dumps, reported)) == sorted(map(json.dumps, wanted)), step
            assert [toast.text for toast in page.toasts[popped:]] == step.get("toasts", [])
            await look(app, page, step)
    finally:
        for run in app.asked:
            run.tell(END, [])
        await page.close()


async def act(app: Served, page: AsyncPageUser, step: dict[str, Any], last: dict[Asked, list[Any]]) -> None:
    """Do what a step says."""
    kind = next(iter(step))
    if kind == "load":
        await page.open(wait=False)
    elif kind == "click":
        await page.fire(app.blocks[step["click"]], "click", step.get("data"), wait=False)
    elif kind == "happen":
        block, _, event = step["happen"].partition(".")
        await page.fire(app.blocks[block], event, step.get("data"), wait=False)
    elif kind == "enter":
        await page.set(app.blocks[step["enter"]], step["value"], wait=False)
    else:
        run = app.run(step[kind])
        run.ended = kind != "yield"
        order(app, run, kind, step, last)


def order(app: Served, run: Asked, kind: str, step: dict[str, Any], last: dict[Asked, list[Any]]) -> None:
    """Tell a function what to do."""
    if kind == "fail":
        run.tell("fail", gr.Error(step["error"]))
    elif kind == "yield":
        last[run] = data_of(step, last.get(run))
        run.tell(kind, last[run])
    elif run in last:
        run.tell(END, None)
    else:
        run.tell(kind, with_states(app, run, step))


def with_states(app: Served, run: Asked, step: dict[str, Any]) -> list[Any]:
    """The values of an answer: a State that is to change gets one that it never had."""
    data = list(step.get("data", []))
    for number, name in enumerate(app.outputs[run.listener][: len(data)]):
        if isinstance(app.blocks[name], gr.State):
            data[number] = next(counter) if name in step.get("states", []) else gr.skip()
    return data


async def look(app: Served, page: AsyncPageUser, step: dict[str, Any]) -> None:
    """Check what a step says of the page."""
    for name, value in step.get("shown", {}).items():
        await come(lambda name=name, value=value: same(page.value(app.blocks[name]), value))
    for name, status in step.get("status", {}).items():
        await come(lambda name=name, status=status: page.status(app.blocks[name]) == status)
    for name, props in step.get("props", {}).items():
        await come(lambda name=name, props=props: all(page.prop(app.blocks[name], key) == props[key] for key in props))


async def come(condition: Callable[[], bool]) -> None:
    """Wait until a condition is true."""
    async with asyncio.timeout(20):
        while not condition():
            await asyncio.sleep(0.001)
