"""Parameters annotated with a component's class: the function gets the component as the visitor has it."""

from __future__ import annotations

from typing import Any

import pytest

import blocks_app as gr
from queue_app.testing import PageUser

TOLD = {"playback_position": 1.5, "label": "Forged", "value": "hello", "interactive": False}


def test_a_function_reads_where_a_sound_is_played() -> None:
    def where(sound: gr.Audio, name: gr.Textbox, plain: str) -> str:
        return f"{sound.playback_position} {sound.value} {name.label} {name.value} {plain}"

    with gr.Blocks() as demo:
        sound, name, plain = gr.Audio(type="filepath", playback_position=4), gr.Textbox(label="Name"), gr.Textbox()
        gr.Button().click(where, [sound, name, plain], plain)
    assert demo.get_config_file()["dependencies"][0]["component_prop_inputs"] == [0, 1]
    assert demo({"playback_position": 1.5, "value": None}, TOLD, "x") == "1.5 None Name hello x"
    assert demo(None, "a program", "y") == "4 None Name a program y"  # programs send the value alone


@pytest.mark.parametrize("odd", ["1", True, None, [1], float("nan"), float("inf"), {"a": 1}])
def test_what_is_no_position_is_not_believed(odd: Any) -> None:
    with gr.Blocks() as demo:
        film, out = gr.Video(playback_position=2), gr.Number()

        def where(film: gr.Video) -> float:
            return film.playback_position

        gr.Button().click(where, film, out)
    assert demo({"playback_position": odd, "value": None}) == 2


def test_what_a_function_sets_changes_the_output() -> None:
    def greet(name: gr.Textbox, other: gr.Textbox) -> tuple[Any, Any]:
        name.label, name.value = "Greeted", f"Hello {name.value}"
        return name, other

    with gr.Blocks() as demo:
        name, other, button = gr.Textbox("Ann", label="Name"), gr.Textbox("x"), gr.Button()
        button.click(greet, [name, other], [name, other])
    with PageUser(demo) as page:
        page.click(button)
        assert (page.value(name), page.prop(name, "label"), page.value(other)) == ("Hello Ann", "Greeted", "x")


def test_an_update_in_the_session_is_seen() -> None:
    def label(name: gr.Textbox) -> str:
        return str(name.label)

    with gr.Blocks() as demo:
        name, change, ask, out = gr.Textbox(label="Old"), gr.Button(), gr.Button(), gr.Textbox()
        change.click(lambda: gr.Textbox(label="New"), None, name)
        ask.click(label, name, out)
    with PageUser(demo) as page:
        page.click(change)
        page.click(ask)
        assert page.value(out) == "New"


def test_others_get_the_value_as_ever() -> None:
    def optional(name: gr.Textbox | None) -> str:
        return str(name)

    def together(names: list[gr.Textbox]) -> list[str]:
        return [str(each) for each in names]

    def keeps(state: gr.State, name: str) -> str:
        return f"{state}{name}"

    with gr.Blocks() as demo:
        name, out, state, button = gr.Textbox("Ann"), gr.Textbox(), gr.State(7), gr.Button()
        button.click(optional, name, out)
        button.click(together, name, out, batch=True)
        button.click(keeps, [state, name], out)
        button.click(lambda given: given[name], {name}, out)
    assert all(each["component_prop_inputs"] == [] for each in demo.get_config_file()["dependencies"])
    assert demo("Ann") == "Ann"


def test_named_inputs_and_generators_get_it_too() -> None:
    def sounds(first: str, *, sound: gr.Audio) -> Any:
        yield f"{first} {sound.playback_position}"

    with gr.Blocks() as demo:
        first, sound, out, button = gr.Textbox("a"), gr.Audio(playback_position=3), gr.Textbox(), gr.Button()
        button.click(sounds, first, out, inputs_kwargs={"sound": sound})
    assert demo.get_config_file()["dependencies"][0]["component_prop_inputs"] == [1]
    with PageUser(demo) as page:
        page.click(button)
        assert page.value(out) == "a 3"


def test_a_validator_that_does_not_ask_for_it_gets_the_value() -> None:
    def shout(name: gr.Textbox) -> str:
        return name.value.upper()

    with gr.Blocks() as demo:
        name, out, button = gr.Textbox("ann"), gr.Textbox(), gr.Button()
        button.click(shout, name, out, validator=lambda name: gr.validate(name == "ann", "Not Ann."))
    with PageUser(demo) as page:
        page.click(button)
        assert page.value(out) == "ANN"
