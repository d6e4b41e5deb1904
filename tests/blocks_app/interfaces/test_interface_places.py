"""Interfaces inside other apps: in Blocks, in tabs, twice, and with components that stand elsewhere."""

from __future__ import annotations

from typing import Any

import pytest

import blocks_app as gr
from queue_app.testing import PageUser


def greet(name: str) -> str:
    return f"Hello {name}"


def shout(text: str) -> str:
    return text.upper()


def use(page: PageUser, demo: gr.Interface, text: str) -> Any:
    page.set(demo.input_components[0], text)
    page.click(demo.submit_btn)
    return page.value(demo.output_components[0])


def kinds(container: Any) -> list[str]:
    return [child.get_block_name() for child in container.children]


def test_declared_inside_blocks_it_stands_there() -> None:
    with gr.Blocks() as demo:
        gr.Markdown("Two of them")
        with gr.Tab("A"):
            first = gr.Interface(greet, "text", "text")
        second = gr.Interface(shout, "text", "text", live=False)
    assert list(demo.get_api_info()["named_endpoints"]) == ["/predict", "/predict_1"]
    with PageUser(demo) as page:
        assert use(page, first, "Ada") == "Hello Ada"
        assert use(page, second, "Ada") == "ADA"


def test_rendered_later_it_moves_in_and_is_drawn_as_a_column() -> None:
    inner = gr.Interface(greet, "text", "text")
    with gr.Blocks() as demo, gr.Tab("A"):
        inner.render()
    [drawn] = [each["tag"] for each in demo.get_config_file()["components"] if each["id"] == inner._id]
    assert drawn == "gr-column"
    with PageUser(demo) as page:
        assert use(page, inner, "Ada") == "Hello Ada"


def test_rendered_elsewhere_on_the_same_page_it_moves() -> None:
    with gr.Blocks() as demo:
        inner = gr.Interface(greet, "text", "text")
        with gr.Group() as group:
            inner.render()
    assert kinds(demo) == ["group"]
    assert group.children == [inner]
    with PageUser(demo) as page:
        assert use(page, inner, "Ada") == "Hello Ada"


def test_components_of_the_page_are_taken_into_the_panels() -> None:
    with gr.Blocks() as demo:
        name, greeting = gr.Textbox(label="Name"), gr.Textbox(label="Greeting")
        inner = gr.Interface(greet, name, greeting)
        note = gr.Textbox()
        greeting.change(shout, greeting, note)
    assert inner.input_components == [name]
    assert kinds(demo) == ["column", "form"]
    with PageUser(demo) as page:
        assert use(page, inner, "Ada") == "Hello Ada"
        assert page.value(note) == "HELLO ADA"


def test_a_component_in_two_interfaces_is_copied_for_the_second() -> None:
    name = gr.Textbox("Ada", label="Name")
    first, second = gr.Interface(greet, name, "text"), gr.Interface(shout, name, "text")
    assert first.input_components[0] is name
    copied = second.input_components[0]
    assert copied is not name
    assert (copied.label, copied.value) == ("Name", "Ada")
    for demo, answer in ((first, "Hello x"), (second, "X")):
        with PageUser(demo) as page:
            assert use(page, demo, "x") == answer


def test_a_component_in_two_interfaces_of_one_page_is_copied_too() -> None:
    with gr.Blocks() as demo:
        name = gr.Textbox(label="Name")
        first, second = gr.Interface(greet, name, "text"), gr.Interface(shout, name, "text")
    assert first.input_components == [name] != second.input_components
    with PageUser(demo) as page:
        assert use(page, first, "Ada") == "Hello Ada"
        assert use(page, second, "x") == "X"


def test_a_component_twice_among_the_inputs_stands_once() -> None:
    word = gr.Textbox()
    demo = gr.Interface(lambda one, other: one + other, [word, word], "text")
    with PageUser(demo) as page:
        assert use(page, demo, "ab") == "abab"


def test_tabs() -> None:
    apps = [gr.Interface(greet, "text", "text"), gr.Interface(shout, "text", "text")]
    demo = gr.TabbedInterface(apps, ["Greet"], title="Two", css="a {}", tabs_kwargs={"elem_id": "tabs"})
    assert (demo.mode, demo.title, demo.css) == ("tabbed_interface", "Two", "a {}")
    tabs = next(each for each in demo.children if isinstance(each, gr.Tabs))
    assert [tab.label for tab in tabs.children] == ["Greet", "Tab 1"]  # type: ignore[attr-defined]
    assert tabs.elem_id == "tabs"
    with PageUser(demo) as page:
        assert use(page, apps[0], "Ada") == "Hello Ada"
        assert use(page, apps[1], "Ada") == "ADA"


def test_tabs_inside_blocks_hold_what_was_declared_for_them() -> None:
    with gr.Blocks() as demo:
        apps = [gr.Interface(greet, "text", "text"), gr.Interface(shout, "text", "text")]
        with gr.Blocks() as plain:
            gr.Markdown("About")
        gr.TabbedInterface([*apps, plain])
    assert kinds(demo) == ["column"]
    with PageUser(demo) as page:
        assert use(page, apps[1], "Ada") == "ADA"


def test_tabs_of_what_is_no_app_are_refused() -> None:
    with pytest.raises(TypeError, match="made of apps such as gr.Interface"):
        gr.TabbedInterface([gr.Textbox()], ["A"])  # type: ignore[list-item]


def test_a_class_of_its_own() -> None:
    class Greeter(gr.Interface):
        def __init__(self) -> None:
            super().__init__(greet, "text", "text", title="Greeter")
            with self:
                gr.Markdown("Made by me")

    with gr.Blocks() as demo:
        inner = Greeter()
    assert kinds(inner)[-1] == "markdown"
    with PageUser(demo) as page:
        assert use(page, inner, "Ada") == "Hello Ada"


def test_a_page_of_its_own_class_declares_itself() -> None:
    class Page(gr.Blocks):
        def __init__(self) -> None:
            super().__init__(title="Mine")
            with self:
                self.box = gr.Textbox(label="Box")

    with gr.Blocks() as demo:
        inner = Page()
    assert demo.blocks[inner.box._id] is inner.box
    assert [each._id for each in (Page(), Page())] == [0, 0]


def test_built_while_the_page_is_open() -> None:
    with gr.Blocks() as demo:
        number = gr.Number(1)

        @gr.render(number)
        def part(count: float) -> None:
            for index in range(int(count)):
                gr.Interface(shout, gr.Textbox(label=f"In {index}"), gr.Textbox(label=f"Out {index}"))

    with PageUser(demo) as page:
        page.set(number, 2)
        page.set(page.find(gr.Textbox, "In 1"), "ada")
        page.click(page.find(gr.Button, "Submit", 1))
        assert page.value(page.find(gr.Textbox, "Out 1")) == "ADA"
