"""T17: what the browser's controls would not let through is refused for programs as well, in words."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest

import blocks_app as gr
from tests.security.live import Live

WRONG: dict[str, list[Any]] = {
    "dropdown": ["z", ["a"], {"a": 1}, 5],
    "several": [["z"], ["a", "b", "a"], {"a": 1}],
    "radio": ["z", {"a": 1}, [["a"]]],
    "group": [["a", "z"], "a", {"a": True}],
    "slider": [-1, 99, "x", None, [5], "NaN", 10**400],
    "number": [-1, 6, "x", [1], "Infinity"],
    "whole": [1e400, "0x10", {"n": 1}],
    "checkbox": ["yes", 2, [True]],
    "short": ["xxxx", {"a": 1}, ["x"]],
    "image": ["/etc/passwd", {"path": "/etc/passwd"}, "data:image/png;base64,x", 5],
    "file": ["/etc/passwd", [{"path": "/etc/passwd"}], 5],
}


@pytest.fixture(scope="module")
def live() -> Iterator[Live]:
    inputs: dict[str, Any] = {
        "dropdown": gr.Dropdown(["a", "b"], render=False),
        "several": gr.Dropdown(["a", "b"], multiselect=True, max_choices=2, render=False),
        "radio": gr.Radio(["a", "b"], render=False),
        "group": gr.CheckboxGroup(["a", "b"], render=False),
        "slider": gr.Slider(0, 10, render=False),
        "number": gr.Number(minimum=0, maximum=5, render=False),
        "whole": gr.Number(precision=0, render=False),
        "checkbox": gr.Checkbox(render=False),
        "short": gr.Textbox(max_length=3, render=False),
        "image": gr.Image(render=False),
        "file": gr.File(render=False),
    }
    ran: list[str] = []
    with gr.Blocks() as demo:
        message = gr.Textbox()
        for name, component in inputs.items():
            component.render()
            gr.Button(name).click(lambda value: ran.append("x") or "ran", component, message, api_name=name)
    launched = Live(demo.launch(prevent_thread_lock=True, quiet=True).local_url)
    yield launched
    demo.close(verbose=False)
    assert not ran, "a function was called with a value that its component does not allow"


@pytest.mark.parametrize(("name", "value"), [(name, value) for name, values in WRONG.items() for value in values])
def test_wrong_values_never_reach_the_function(live: Live, name: str, value: Any) -> None:
    answer = live.run(name, value)
    assert answer.status in (400, 500), answer
    message = answer.json.get("error") or answer.json.get("detail")
    assert isinstance(message, str) and message, "it was refused without a sentence"


def test_the_queue_refuses_them_as_well(live: Live) -> None:
    started = live.post("call/slider", {"data": [99]})
    result = live.ask(f"call/slider/{started.json['event_id']}")
    assert b"event: error" in result.body and b"greater than maximum value 10" in result.body


def test_right_values_do(serve: Callable[..., Live]) -> None:
    with gr.Blocks() as demo:
        choice = gr.Dropdown(["a", "b"])
        gr.Button().click(lambda value: value, choice, choice, api_name="echo")
    assert serve(demo).run("echo", "a").json["data"] == ["a"]
