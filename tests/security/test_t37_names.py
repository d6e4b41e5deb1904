"""T37: a name that a client sends never reaches an attribute of an object of ours."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest

import blocks_app as gr
from blocks_app.listeners.event_data import EventData
from tests.security.live import Live
from tests.security.sources import calls
from tests.serving import served

NAMES = ["__class__", "__init__", "__init__.__globals__", "__init__.__globals__.settings.SECRET_KEY", "_data",
         "_is_injected", "__dict__", "target.parent", "fn.__code__", "constructor", "__proto__", "prototype.polluted",
         "self", "."]  # fmt: skip


@pytest.fixture(scope="module")
def live() -> Iterator[Live]:
    def told(event: EventData) -> str:
        return f"{type(event).__name__} {type(event.target).__name__}"

    with gr.Blocks() as demo:
        text, out = gr.Textbox(), gr.Textbox()
        gr.Button().click(told, None, out, api_name="told")
        gr.Button().click(lambda value: value, text, out, api_name="echo")
    with served(demo) as address:
        yield Live(address)


@pytest.mark.parametrize("name", NAMES)
def test_the_data_of_an_event_sets_nothing(live: Live, name: str) -> None:
    evil = {name: {"polluted": True}, "target": "x"}
    answer = live.post("run/told", {"data": [], "event_data": evil, "trigger_id": 5})
    assert answer.json["data"][0].startswith("EventData ")
    event = EventData(None, evil)
    if name.startswith("_") and name not in ("__class__", "__init__", "__dict__", "_data", "_is_injected"):
        with pytest.raises(AttributeError):
            getattr(event, name)
    assert type(event) is EventData and event._data is evil


@pytest.mark.parametrize("name", NAMES)
def test_names_of_arguments_are_those_declared(live: Live, name: str) -> None:
    answer = live.post("call/v2/echo", {name: "x"})
    assert (answer.status, "not a valid key-word argument" in answer.json["detail"]) == (400, True)


@pytest.mark.parametrize("name", NAMES)
def test_surplus_keys_are_not_looked_at(live: Live, name: str) -> None:
    answer = live.post("run/echo", {"data": ["x"], name: {"polluted": True}})
    assert answer.json["data"] == ["x"]


@pytest.mark.parametrize("name", NAMES)
def test_a_clients_update_is_a_value_like_others(live: Live, name: str) -> None:
    answer = live.run("echo", {"__type__": "update", name: True, "value": "x"})
    assert answer.status == 500 and "a text is needed" in answer.json["error"]


def test_attributes_are_set_by_names_of_our_own_alone() -> None:
    """setattr with a name that is computed: each place is known, and none of them sees what a client sent."""
    known = {"blocks_app/", "queue_app/", "auth_app/"}
    rooms = {file for file, name, node in calls() if name == "setattr"}
    assert all(any(file.startswith(app) for app in known) for file in rooms)
    wire = (
        "consumers.py",
        "http.py",
        "stream.py",
        "calls.py",
        "control.py",
        "submission.py",
        "views.py",
        "file_views.py",
    )
    assert not [file for file in rooms if file.endswith(wire)]


def test_serving_still_works(serve: Callable[..., Live]) -> None:
    assert type(gr.Textbox()) is gr.Textbox and not hasattr(object, "polluted")
