"""What programs written for Gradio look at: events of a class, config and paths of an app, functions on load."""

from __future__ import annotations

from typing import Any

import pytest

import blocks_app as gr
from blocks_app.exceptions import DeclarationError
from queue_app.testing import PageUser


def test_events_of_a_class_are_a_list_of_their_names() -> None:
    assert gr.Button.EVENTS == ["change", "click"]
    assert "click" in gr.Button.EVENTS and ", ".join(gr.Button.EVENTS) == "change, click"
    assert gr.Row.EVENTS == []


def test_one_listens_to_all_of_them_by_name() -> None:
    with gr.Blocks() as demo:
        box, out = gr.Textbox(), gr.Textbox()
        for event in box.EVENTS:
            getattr(box, event)(lambda text: text, box, out)
    heard = [target.event for each in demo.fns.values() for target in each.targets]
    assert heard == gr.Textbox.EVENTS
    assert all(
        event in gr.Textbox.EVENTS and block is box for each in demo.fns.values() for block, event in each.targets
    )


def test_a_class_of_ones_own_adds_events_to_a_list() -> None:
    class Card(gr.HTML):
        EVENTS = [*gr.Textbox.EVENTS, gr.Events.tick]

    assert "tick" in Card.EVENTS and isinstance(Card.tick, type(gr.Button.click))
    with pytest.raises(DeclarationError, match="not 'opened'"):
        type("Door", (gr.HTML,), {"EVENTS": ["opened"]})


def test_an_app_shows_its_config_and_lets_paths_be_added() -> None:
    with gr.Blocks() as demo:
        gr.Textbox(label="Name", elem_id="name")
    (box,) = [each for each in demo.config["components"] if each["type"] == "textbox"]
    assert (box["props"]["label"], box["props"]["elem_id"]) == ("Name", "name")
    demo.allowed_paths = ["/srv/pictures"]
    demo.allowed_paths.append("/srv/sounds")
    assert demo.mount is not None
    assert demo.mount.options.allowed_paths == demo.allowed_paths == ["/srv/pictures", "/srv/sounds"]


def test_a_function_may_be_attached_to_the_load_of_the_page() -> None:
    def hello(request: gr.Request, name: Any = "you") -> str:
        return f"Hello {name}, {request.username}"

    with gr.Blocks() as demo:
        name = gr.Textbox("Ann")
        text, named = gr.Markdown(), gr.Markdown()
        text.attach_load_event(hello, None)
        named.attach_load_event(hello, None, name)
    with PageUser(demo) as page:
        assert page.value(text) == "Hello you, None"
        assert page.value(named) == "Hello Ann, None"
        page.set(name, "Bob")
        assert page.value(named) == "Hello Bob, None"
