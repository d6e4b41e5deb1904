"""HTML: goes to the page as it is."""

from __future__ import annotations

import pytest

import blocks_app as gr
from blocks_app.page.generated_files import generated_files, page_head


@pytest.mark.parametrize("value", ["<b>x</b>", 3, None])
def test_values_are_unchanged(value: object) -> None:
    assert gr.HTML().postprocess(value) == value
    assert gr.HTML().preprocess(value) == value


def test_an_object_tells_its_own_html() -> None:
    class Card:
        def __html__(self) -> str:
            return "<i>card</i>"

    assert gr.HTML().postprocess(Card()) == "<i>card</i>"
    assert gr.HTML().postprocess(["a"]) == "['a']"


def test_schema_example_and_events() -> None:
    assert gr.HTML().api_info() == {"type": "string"}
    assert gr.HTML().example_value() == "<p>Hello</p>"
    assert {event.name for event in gr.HTML.events} >= {"change", "click", "double_click", "submit", "key_up", "like"}


def test_heights_go_to_the_page() -> None:
    props = gr.HTML(min_height=20, max_height="10rem").props()
    assert (props["min_height"], props["max_height"]) == (20, "10rem")


def test_a_client_cannot_send_an_object() -> None:
    with pytest.raises(gr.Error, match="HTML"):
        gr.HTML().preprocess({"a": 1})


STARS = "{{#each value}}<button>{{this}}</button>{{/each}}<b style='color: ${color}'>${size + 1}</b>"


def test_properties_of_a_template_reach_the_page_and_can_be_updated() -> None:
    card = gr.HTML(["a"], html_template=STARS, color="red", size=2)
    shown = card.props()
    assert (shown["color"], shown["size"], shown["_names"]) == ("red", 2, ["color", "size"])
    assert card.copy_with({"color": "blue"}).props()["color"] == "blue"
    assert "html_template" not in shown
    assert card.postprocess(["a", {"b": 1}]) == ["a", {"b": 1}]
    assert card.preprocess(["a"]) == ["a"]


def test_a_name_that_no_template_uses_is_refused() -> None:
    with pytest.raises(TypeError, match="colour.*none of its templates uses it"):
        gr.HTML(html_template=STARS, colour="red")


def test_an_update_reaches_the_properties_but_not_the_templates() -> None:
    from blocks_app.running.state import SessionState
    from blocks_app.running.updates import apply_update

    with gr.Blocks():
        card = gr.HTML(html_template=STARS, color="red", size=2)
    assert apply_update(card, {"color": "blue", "other": 1}, SessionState())["color"] == "blue"
    with pytest.raises(ValueError, match="html_template cannot change"):
        card.copy_with({"html_template": "x"})


def test_templates_and_scripts_are_files_of_the_page() -> None:
    with gr.Blocks() as demo:
        card = gr.HTML(html_template=STARS, css_template="b { top: ${size}px }", js_on_load="go()", color=1, size=2)
        gr.HTML("<p>plain</p>")
    files = generated_files(demo).contents
    assert sorted(files) == sorted(f"fn-{name}.js" for name in card.props()["_scripts"].values())
    assert len(files) == 3
    assert "async function (element, trigger, props, server, upload, watch)" in "".join(files.values())
    assert generated_files(demo).functions is None


def test_the_heads_of_components_come_once() -> None:
    script = '<script src="/static/a.js"></script>'
    with gr.Blocks(head="<meta name='x'>") as demo:
        gr.HTML("1", head=script)
        gr.HTML("2", head=script)
        gr.HTML("3", head=f'{script}<link rel="stylesheet" href="/static/a.css">')
    assert page_head(demo).count("a.js") == 1
    assert page_head(demo).count("a.css") == 1
    assert page_head(demo).startswith("<meta name='x'>")


def test_an_event_of_its_own_can_be_listened_to() -> None:
    with gr.Blocks() as demo:
        card = gr.HTML("x", js_on_load="element.onclick = () => trigger('starred', {stars: 3})")
        card.starred(lambda: None)
    assert demo.get_config_file()["dependencies"][0]["targets"] == [[card._id, "starred"]]
    with pytest.raises(AttributeError, match="js_on_load"):
        card.something_else


def test_a_class_of_its_own_is_drawn_as_html() -> None:
    class Stars(gr.HTML):
        def __init__(self, value: int = 0, colour: str = "gold", **options: object) -> None:
            super().__init__(value, html_template="<b style='color: ${colour}'>${value}</b>", colour=colour, **options)

    with gr.Blocks() as demo:
        stars = Stars(3, colour="red", label="Stars")
    [entry] = demo.get_config_file()["components"]
    assert (entry["type"], entry["tag"], entry["props"]["colour"]) == ("html", "gr-html", "red")
    assert stars.copy_with({"value": 4}).value == 4


def test_server_functions_are_listeners_that_only_the_page_sees() -> None:
    def add(a: int, b: int = 1) -> int:
        return a + b

    async def who(request: gr.Request, name: str) -> str:
        return f"{name} {request is not None}"

    with gr.Blocks() as demo:
        card = gr.HTML("x", js_on_load="server.add(1)", server_functions=[add, who])
    numbers = card.props()["_server"]
    assert list(numbers) == ["add", "who"]
    assert [demo.dependencies[number].visibility for number in numbers.values()] == ["private", "private"]
    assert not demo.get_api_info()["named_endpoints"]
    fn = demo.dependencies[numbers["add"]].fn
    assert fn is not None
    assert (fn([1], None), fn([1, 5], None)) == (2, 6)
    with pytest.raises(ValueError, match="add does not take 3 arguments"):
        fn([1, 2, 3], None)
