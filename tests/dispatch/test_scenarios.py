"""The scenarios of this folder, which the browser's page passes too; README.md says what is in them."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest

import blocks_app as gr
from blocks_app.listeners.events import Events
from queue_app.testing.typed import TYPED, merged, merged_message, same
from tests.dispatch.data import HERE, read, scenarios
from tests.dispatch.declared import CONFIG_KEYS, App
from tests.dispatch.scenario import MODES, Page

MINE = [each for each in scenarios() if each.values[0].get("only") != "page"]
#: Those whose listeners can be written with their containers: gr.render makes its own.
WHOLE = [each for each in scenarios() if not any("renders" in one for one in each.values[0]["listeners"].values())]
#: What a step may say besides what it does.
MORE = {"data", "edits", "value", "states", "part", "error", "problems", "rank", "size", "units"}
EXPECTED = {"asked", "cancelled", "toasts", "shown", "status", "problem", "props"}


@pytest.mark.parametrize("scenario", MINE)
def test_a_simulated_page_does_what_the_page_does(scenario: dict[str, Any]) -> None:
    page = Page(scenario)
    for number, step in enumerate(scenario["steps"]):
        asked, popped = len(page.asked), len(page.controller.toasts)
        page.cancelled.clear()
        act(page, step)
        new = sorted(page.asked[asked:], key=lambda each: each.run.listener.queue is False)
        toasts = [toast.text for toast in page.controller.toasts[popped:]]
        caused = {"asked": [each.reported for each in new], "cancelled": page.cancelled, "toasts": toasts}
        assert {"step": number, **caused} == {"step": number, **{name: step.get(name, []) for name in caused}}
        look(page, step)


def act(page: Page, step: dict[str, Any]) -> None:
    """Do what a step says."""
    (kind,) = [key for key in step if key in ACTIONS or key == "together"]
    assert step.keys() <= {kind} | MORE | EXPECTED
    if kind == "together":
        output = [message(page, each) for each in step["together"]]
        page.controller.messages(each for each in output if each is not None)
    else:
        ACTIONS[kind](page, step)


def look(page: Page, step: dict[str, Any]) -> None:
    """Check what a step says of the page."""
    for key, name_of in {"shown": "value", "status": "status", "problem": "problem"}.items():
        wanted = step.get(key, {})
        found = {name: getattr(page.controller.seen[page.id(name)], name_of) for name in wanted}
        assert same(found, wanted), (key, found, wanted)
    for name, props in step.get("props", {}).items():
        assert page.controller.seen[page.id(name)].props.items() >= props.items()


def message(page: Page, step: dict[str, Any]) -> tuple[dict[str, Any], bool] | None:
    """What the server says of a run that is in the queue, and whether its values are differences."""
    (kind,) = [key for key in step if key in ACTIONS]
    asked = page.run(step[kind])
    head = {"event_id": asked.run.event_id, "success": kind != "fail"}
    if kind == "yield":
        output = {"data": step.get("edits", step.get("data"))}
        return {**head, "msg": "process_generating", "output": output}, "edits" in step
    if kind in ("answer", "fail"):
        asked.ended = True
        output = {"error": step["error"]} if kind == "fail" else output_of(page, step)
        if asked.run.listener.queue is False:
            page.controller.answered(asked.run, output, kind != "fail")
            return None
        return {**head, "msg": "process_completed", "output": output}, False
    if kind == "wait":
        return {**head, "msg": "estimation", "rank": step["rank"], "queue_size": step["size"]}, False
    if kind == "start":
        return {**head, "msg": "process_starts"}, False
    return {**head, "msg": "progress", "progress_data": step["units"]}, False


def output_of(page: Page, step: dict[str, Any]) -> dict[str, Any]:
    part = page.part(step["answer"].split(" ")[0], step["part"]) if "part" in step else None
    states = [page.id(name) for name in step.get("states", [])]
    return {"data": step.get("data", []), "changed_state_ids": states, "render_config": part}


def tell(page: Page, step: dict[str, Any]) -> None:
    output = message(page, step)
    page.controller.messages([] if output is None else [output])


def refuse(page: Page, step: dict[str, Any]) -> None:
    asked = page.run(step["refuse"])
    asked.ended = True
    if "problems" not in step:
        page.controller.failed(asked.run, step["error"])
        return
    problems = [{"is_valid": text is None, "message": text or ""} for text in step["problems"]]
    page.controller.invalid(asked.run, "not valid", problems)


ACTIONS: dict[str, Any] = {
    "load": lambda page, step: page.controller.happen(None, "load"),
    "reload": lambda page, step: page.open(),
    "click": lambda page, step: page.controller.happen(page.id(step["click"]), "click", step.get("data")),
    "happen": lambda page, step: page.controller.happen(
        page.id(step["happen"].split(".")[0]), step["happen"].split(".")[1], step.get("data")
    ),
    "enter": lambda page, step: page.controller.enter(page.id(step["enter"]), step["value"]),
    "refuse": refuse,
    **dict.fromkeys(("yield", "answer", "fail", "wait", "start", "progress"), tell),
}


def test_a_scenario_that_one_side_cannot_run_says_why() -> None:
    for each in scenarios():
        only, because = each.values[0].get("only"), each.values[0].get("because", "")
        assert bool(only) == bool(because.strip()) and only in (None, "page", "page user")


def test_names_of_scenarios_are_their_own() -> None:
    names = [each.id for each in scenarios()]
    assert len(set(names)) == len(names) > 20


@pytest.mark.parametrize("scenario", WHOLE)
def test_the_app_of_a_scenario_has_this_very_config(scenario: dict[str, Any]) -> None:
    written = Page(scenario).dependencies
    assert App(scenario).dependencies() == [{key: each[key] for key in CONFIG_KEYS} for each in written]


@pytest.mark.parametrize("row", read("typed.json"), ids=json.dumps)
def test_what_was_typed_since_a_function_was_asked_is_put_into_its_answer(row: dict[str, Any]) -> None:
    assert same(merged(row["asked"], row["answered"], row["typed"]), row["shown"])


def test_the_modes_without_a_mode_are_those_of_the_events() -> None:
    events = {
        name: event.trigger_mode or "once" for name, event in vars(Events).items() if hasattr(event, "trigger_mode")
    }
    assert {name: mode for name, mode in events.items() if mode != "once"} == MODES
    with gr.Blocks() as demo:
        box = gr.Textbox()
        box.change(None, box, box)
        box.submit(None, box, box).then(None, box, box)
        demo.load(None, box, box)
        gr.on([box.submit, box.change], None, box, box)
        gr.on([box.change, box.submit], None, box, box)
    modes = [each["trigger_mode"] for each in demo.get_config_file()["dependencies"]]
    assert modes == ["always_last", "once", "once", "once", "once", "always_last"]


def test_components_that_are_typed_into_are_those_of_the_page() -> None:
    folder = HERE.parents[1] / "blocks_app" / "components"
    sources = [file.read_text() for file in folder.rglob("*.ts")]
    typed = {re.findall(r'define\("gr-(\w+)"', each)[0] for each in sources if "static override typed = true" in each}
    assert typed == TYPED


@pytest.mark.parametrize("row", read("typed_messages.json"), ids=json.dumps)
def test_what_was_added_to_a_message_since_is_put_into_its_answer(row: dict[str, Any]) -> None:
    assert same(merged_message(row["asked"], row["answered"], row["typed"]), row["shown"])
