"""Interface: the kinds, what components and buttons it takes, what it declares, and what it refuses."""

from __future__ import annotations

import functools
import threading
from collections.abc import Iterator
from typing import Any

import pytest
from django.utils.translation import gettext_lazy, override

import blocks_app as gr
from blocks_app.exceptions import DeclarationError, UnknownOptionError
from queue_app.testing import PageUser


def greet(name: str) -> str:
    return f"Hello {name}"


def twice(text: str, times: int = 2) -> tuple[str, int]:
    return text * int(times), len(text)


def outline(demo: gr.Blocks) -> list[str]:
    """The page as lines: what stands where."""
    config = demo.get_config_file()
    blocks = {each["id"]: each for each in config["components"]}

    def lines(node: dict[str, Any], depth: int) -> Iterator[str]:
        block = blocks[node["id"]]
        name = block["props"].get("label") or block["props"].get("value") or ""
        yield f"{'  ' * depth}{block['type']} {name}".rstrip()
        for child in node.get("children") or ():
            yield from lines(child, depth + 1)

    return [line for node in config["layout"]["children"] for line in lines(node, 0)]


STANDARD = """\
markdown <h1 style='text-align: center; margin-bottom: 1rem'>Greeter</h1>
markdown It *greets*.
row
  column
    column
      form
        textbox text
      accordion Additional Inputs
        form
          slider times
    row
      button Clear
      button Submit
  column
    form
      textbox output 0
      number output 1
    row
      button Flag
markdown The end."""


def test_inputs_stand_in_one_panel_and_outputs_in_another() -> None:
    demo = gr.Interface(
        twice, "text", ["text", gr.Number()], title="Greeter", description="It *greets*.", article="The end.",
        additional_inputs=gr.Slider(1, 5), flagging_mode="manual",
    )  # fmt: skip
    assert outline(demo) == STANDARD.splitlines()
    assert (demo.mode, demo.get_config_file()["title"]) == ("interface", "Greeter")
    assert demo.interface_type.name == "STANDARD"
    accordion = demo.additional_inputs_accordion
    assert (accordion.label, accordion.open) == ("Additional Inputs", False)


@pytest.mark.parametrize(
    ("inputs", "outputs", "kind", "buttons"),
    [
        ("text", None, "INPUT_ONLY", ["Clear", "Submit"]),
        (None, "text", "OUTPUT_ONLY", ["Clear", "Generate", "Flag"]),
        ([], ["text"], "OUTPUT_ONLY", ["Clear", "Generate", "Flag"]),
    ],
)
def test_one_panel_without_the_other(inputs: Any, outputs: Any, kind: str, buttons: list[str]) -> None:
    demo = gr.Interface(lambda *_: "x", inputs, outputs)
    assert demo.interface_type.name == kind
    assert [line.split()[-1] for line in outline(demo) if "button" in line] == buttons
    assert outline(demo).count("  column") == 1


def test_the_same_components_on_both_sides_stand_once() -> None:
    box, other = gr.Textbox(), gr.Number()
    demo = gr.Interface(twice, [box, other], [box, other])
    assert demo.interface_type.name == "UNIFIED"
    assert [line.strip() for line in outline(demo) if "box" in line or "number" in line] == [
        "textbox text",
        "number times",
    ]
    with PageUser(demo) as page:
        page.set(box, "ab")
        page.set(other, 3)
        page.click(demo.submit_btn)
        assert (page.value(box), page.value(other)) == ("ababab", 2)


def test_one_component_of_several_on_both_sides() -> None:
    box = gr.Textbox()
    demo = gr.Interface(twice, [box, "number"], [box, "number"])
    assert demo.interface_type.name == "STANDARD"
    assert box.interactive is None
    assert demo("ab", 2) == ["abab", 2]


def test_names_dicts_and_components() -> None:
    slider = {"name": "slider", "maximum": 5}
    demo = gr.Interface(
        lambda *_: None, ["text", slider, "checkbox_group", gr.Image(label="Picture")], ["json", "DataFrame"]
    )
    assert [type(each).__name__ for each in demo.input_components] == ["Textbox", "Slider", "CheckboxGroup", "Image"]
    assert slider == {"name": "slider", "maximum": 5}
    assert demo.input_components[1].maximum == 5  # type: ignore[attr-defined]
    assert [each.label for each in demo.input_components] == [None, None, None, "Picture"]
    assert [each.label for each in demo.output_components] == ["output 0", "output 1"]
    assert all(each.interactive is False for each in demo.output_components)
    assert isinstance(gr.Interface(greet, {"name": "textbox"}, "text").input_components[0], gr.Textbox)
    assert len(gr.Interface(twice, (each for each in ("text", "number")), ("text", "number")).input_components) == 2


class Model:
    def run(self, picture: str) -> str:
        return picture

    def __call__(self, prompt: str) -> str:
        return prompt

    @classmethod
    def made(cls, words: str) -> str:
        return words


def wants_visitor(request: gr.Request, text: str, progress: gr.Progress = gr.Progress()) -> str:
    return text


@pytest.mark.parametrize(
    ("fn", "label", "name"),
    [
        (Model().run, "picture", "run"),
        (Model(), "prompt", "Model"),
        (Model.made, "words", "made"),
        (lambda x: x, "x", "<lambda>"),
        (functools.partial(twice, times=3), "text", "partial"),
        (wants_visitor, "text", "wants_visitor"),
        (len, "obj", "len"),
        (lambda *values: values, None, "<lambda>"),
    ],
)
def test_any_callable_names_its_inputs(fn: Any, label: str | None, name: str) -> None:
    demo = gr.Interface(fn, "text", "text")
    assert demo.input_components[0].label == label
    assert demo.__name__ == name
    assert repr(demo).startswith(f"Gradio Interface for: {name}\n")
    assert demo.fn is fn


def test_the_function_is_the_endpoint_predict() -> None:
    demo = gr.Interface(greet, "text", "text")
    assert list(demo.get_api_info()["named_endpoints"]) == ["/predict"]
    assert demo("Ada") == "Hello Ada"
    listener = demo.dependencies[0]
    assert [target.event for target in listener.targets] == ["click", "submit"]
    assert (listener.api_name, listener.scroll_to_output) == ("predict", True)
    own = gr.Interface(greet, "text", "text", api_name=None, api_description="Greets.")
    assert own.get_api_info()["named_endpoints"]["/greet"]["description"] == "Greets."
    assert not gr.Interface(greet, "text", "text", api_name=False).get_api_info()["named_endpoints"]


def test_without_a_title_the_tab_has_gradios() -> None:
    demo = gr.Interface(greet, "text", "text")
    assert demo.get_config_file()["title"] == "Gradio"
    assert outline(demo)[0] == "row"


def test_texts_that_are_translated_stay_so() -> None:
    title, go = gettext_lazy("Home"), gettext_lazy("Go")
    demo = gr.Interface(
        twice, gr.Textbox(label=go), "text", title=title, description=go, submit_btn=go, clear_btn=go,
        additional_inputs="number", additional_inputs_accordion=go,
    )  # fmt: skip
    assert demo.submit_btn.value is go
    with override("de"):
        assert "Start</h1>" in outline(demo)[0]


def test_options_reach_the_listener() -> None:
    demo = gr.Interface(
        lambda texts: [texts], "text", "text", batch=True, max_batch_size=8, concurrency_limit=3, time_limit=9,
        validator=lambda text: gr.validate(bool(text), "Say something."), show_progress="minimal",
        api_visibility="undocumented",
    )  # fmt: skip
    listener = demo.dependencies[0]
    assert (listener.batch, listener.max_batch_size, listener.concurrency_limit) == (True, 8, 3)
    assert (listener.show_progress, listener.time_limit, listener.visibility) == ("minimal", 9, "undocumented")
    assert listener.validator is not None


def test_options_of_the_page() -> None:
    demo = gr.Interface(
        greet, "text", "text", title="T", theme="soft", css="a {}", js="() => 1", head="<meta name=a>",
        delete_cache=(9, 9), fill_width=True, fill_height=True, analytics_enabled=False,
    )  # fmt: skip
    assert (demo.theme, demo.css, demo.js, demo.head) == ("soft", "a {}", "() => 1", "<meta name=a>")
    assert (demo.delete_cache, demo.fill_width, demo.fill_height) == ((9, 9), True, True)


def test_buttons_by_text_and_by_object() -> None:
    def count() -> Iterator[int]:
        yield 1

    submit, clear = gr.Button("Go", elem_id="go"), gr.Button("Wipe", elem_id="wipe", size="sm")
    demo = gr.Interface(count, None, "number", stop_btn=gr.Button("Halt"), clear_btn=clear)
    assert gr.Interface(greet, "text", "text", submit_btn=submit).submit_btn is submit
    assert (demo.stop_btn.value, demo.stop_btn.visible) == ("Halt", False)
    assert isinstance(demo.clear_btn, gr.ClearButton)
    assert (demo.clear_btn.value, demo.clear_btn.elem_id, demo.clear_btn.size) == ("Wipe", "wipe", "sm")
    assert gr.Interface(greet, "text", "text", clear_btn=None).clear_btn.visible is False
    named = gr.Interface(greet, "text", "text", submit_btn="Go", clear_btn="Wipe")
    assert (named.submit_btn.value, named.submit_btn.variant, named.clear_btn.value) == ("Go", "primary", "Wipe")


def test_a_generator_swaps_submit_for_stop() -> None:
    go_on = threading.Event()

    class Counter:
        def __call__(self, word: str) -> Iterator[str]:
            yield f"{word} 1"
            go_on.wait(20)
            yield f"{word} 2"

    demo = gr.Interface(Counter(), "text", "text")
    (out,) = demo.output_components
    with PageUser(demo) as page:
        page.set(demo.input_components[0], "Sheep")
        page.submit(demo.input_components[0], wait=False)
        page.until(lambda: page.value(out) == "Sheep 1")
        assert (page.prop(demo.submit_btn, "visible"), page.prop(demo.stop_btn, "visible")) == (False, True)
        page.click(demo.stop_btn, wait=False)
        page.until(lambda: page.prop(demo.submit_btn, "visible") and not page.prop(demo.stop_btn, "visible"))
        go_on.set()
        page.wait()
        assert page.value(out) == "Sheep 1"
        page.click(demo.submit_btn)
        assert page.value(out) == "Sheep 2"
        assert (page.prop(demo.submit_btn, "visible"), page.prop(demo.stop_btn, "visible")) == (True, False)


def test_stop_goes_away_when_a_generator_fails() -> None:
    def fail() -> Iterator[int]:
        yield 1
        raise gr.Error("Out of numbers")

    demo = gr.Interface(fail, None, "number")
    with PageUser(demo) as page:
        page.click(demo.submit_btn)
        assert page.errors == ["Out of numbers"]
        assert (page.prop(demo.submit_btn, "visible"), page.prop(demo.stop_btn, "visible")) == (True, False)


def test_live_runs_with_every_change() -> None:
    demo = gr.Interface(twice, ["text", gr.Number(3)], ["text", "number"], live=True)
    text, times = demo.input_components
    assert "button Submit" not in "".join(outline(demo))
    with PageUser(demo) as page:
        page.set(text, "ab")
        page.set(times, 2)
        assert page.value(demo.output_components[0]) == "abab"
        page.set(times, 1)
        assert page.value(demo.output_components[0]) == "ab"
    assert demo.dependencies[0].trigger_mode == "always_last"


def test_live_does_not_ask_itself() -> None:
    asked = []

    def louder(text: str) -> str:
        asked.append(text)
        return f"{text}!"

    box = gr.Textbox()
    demo = gr.Interface(louder, box, box, live=True)
    with PageUser(demo) as page:
        page.set(box, "Hey")
        assert page.value(box) == "Hey!"
        page.click(demo.submit_btn)
        assert page.value(box) == "Hey!!"
    assert asked == ["Hey", "Hey!"]


def test_live_without_inputs_runs_when_the_page_loads() -> None:
    demo = gr.Interface(lambda: 7, None, "number", live=True)
    with PageUser(demo) as page:
        assert page.value(demo.output_components[0]) == 7
    assert list(demo.get_api_info()["named_endpoints"]) == ["/predict"]


def test_streams_run_with_every_piece() -> None:
    def hear(state: list[int] | None, sound: Any) -> tuple[list[int], int]:
        heard = [*(state or []), 1]
        return heard, len(heard)

    microphone = gr.Audio(sources=["microphone"], streaming=True)
    demo = gr.Interface(hear, ["state", microphone], ["state", "number"], live=True, stream_every=0.2, time_limit=5)
    listener = demo.dependencies[0]
    assert [(target.block, target.event) for target in listener.targets] == [(microphone, "stream")]
    assert (listener.show_progress, listener.stream_every, listener.time_limit) == ("hidden", 0.2, 5)
    assert microphone.props()["stream_every"] == 0.2
    with pytest.warns(UserWarning, match="live=True"):
        gr.Interface(hear, ["state", gr.Audio(streaming=True)], ["state", "number"])


def test_state_is_kept_from_call_to_call() -> None:
    def collect(word: str, seen: list[str] = []) -> tuple[list[str], list[str]]:  # noqa: B006 - people write it so
        return [*seen, word], [*seen, word]

    demo = gr.Interface(collect, ["text", "state"], ["json", "state"])
    assert demo.input_components[1] is demo.output_components[1]
    with PageUser(demo) as page:
        for word in ("a", "b"):
            page.set(demo.input_components[0], word)
            page.click(demo.submit_btn)
        assert page.value(demo.output_components[0]) == ["a", "b"]
    own = gr.State(3)
    assert gr.Interface(twice, ["text", own], ["text", gr.State(4)]).output_components[1] is own


def test_an_accordion_of_the_apps_own() -> None:
    mine = gr.Accordion("More", open=True)
    demo = gr.Interface(twice, "text", ["text", "number"], additional_inputs="number", additional_inputs_accordion=mine)
    assert demo.additional_inputs_accordion is mine
    named = gr.Interface(
        twice, "text", ["text", "number"], additional_inputs=["number"], additional_inputs_accordion="M"
    )
    assert (named.additional_inputs_accordion.label, named.additional_inputs_accordion.open) == ("M", True)
    assert demo("ab", 3) == ["ababab", 2]


class Kept(gr.FlaggingCallback):
    def __init__(self) -> None:
        self.rows: list[Any] = []

    def setup(self, components: Any, flagging_dir: Any) -> None:
        self.components, self.folder = components, flagging_dir

    def flag(self, flag_data: list[Any], flag_option: str | None = None, username: str | None = None) -> int:
        self.rows.append((flag_data, flag_option))
        return len(self.rows)


@pytest.mark.parametrize(
    ("options", "folder", "option"),
    [({"allow_flagging": "auto"}, "flagged", ""), ({"flagging_mode": "auto"}, ".gradio/flagged", None)],
)
def test_every_success_is_flagged(options: Any, folder: str, option: str | None) -> None:
    kept = Kept()
    demo = gr.Interface(greet, "text", "text", flagging_callback=kept, **options)
    with PageUser(demo) as page:
        page.set(demo.input_components[0], "Ada")
        page.click(demo.submit_btn)
    assert kept.rows == [(["Ada", "Hello Ada"], option)]
    assert kept.folder == folder
    assert kept.components == demo.input_components + demo.output_components


def test_buttons_flag_as_their_option_says() -> None:
    kept, box = Kept(), gr.Textbox()
    demo = gr.Interface(greet, box, box, flagging_callback=kept, flagging_options=["good", "bad"])
    bad = next(block for block in demo.blocks.values() if getattr(block, "value", None) == "Flag as bad")
    with PageUser(demo) as page:
        page.set(box, "Ada")
        page.click(bad)
    assert kept.rows == [(["Ada"], "bad")]
    with pytest.warns(UserWarning, match="'never'"):
        assert gr.Interface(greet, "text", "text", allow_flagging=False).flagging_mode == "never"


def test_examples_fill_the_inputs_and_may_have_their_answers() -> None:
    demo = gr.Interface(
        twice, ["text", "number"], ["text", "number"], examples=[["ab", 2], ["c", 3]], cache_examples=True
    )
    demo.startup_events()
    (text, times), (out, _) = demo.input_components, demo.output_components
    with PageUser(demo) as page:
        assert (page.value(text), page.value(out)) == ("ab", "abab")
        page.set(demo.examples_handler.dataset, 1, wait=False)
        page.click(demo.examples_handler.dataset)
        assert (page.value(text), page.value(times), page.value(out)) == ("c", 3, "ccc")
    folded = gr.Interface(twice, "text", ["text", "number"], additional_inputs="number", examples=["ab", "c"])
    assert folded.examples_handler.dataset.samples == [["ab"], ["c"]]


def test_other_buttons() -> None:
    demo = gr.Interface(greet, "text", "text", allow_duplication=True, deep_link=True, flagging_mode="never")
    assert [line.strip() for line in outline(demo)[-2:]] == ["deeplinkbutton Share via Link", "button Duplicate Space"]
    assert "      deeplinkbutton Link" in outline(gr.Interface(greet, "text", "text", deep_link="Link"))


@pytest.mark.parametrize(
    ("wrong", "kind", "words"),
    [
        ({"inputs": None, "outputs": []}, ValueError, "Must provide at least one of `inputs` or `outputs`"),
        ({"inputs": 5}, TypeError, "inputs must be"),
        ({"inputs": gr.Textbox}, TypeError, "inputs must be"),
        ({"outputs": "nope"}, ValueError, "There is no component 'nope'"),
        ({"inputs": "row"}, ValueError, "There is no component 'row'"),
        ({"inputs": [["text"]]}, ValueError, "Component must be provided as a `str` or `dict` or `Component`"),
        ({"inputs": {"label": "x"}}, ValueError, "needs its name"),
        ({"fn": [greet, greet]}, TypeError, "must be one function"),
        ({"inputs": ["text", "state"]}, ValueError, "exactly one state input and one state output"),
        ({"submit_btn": None}, ValueError, "The submit_btn parameter must be"),
        ({"stop_btn": 3}, ValueError, "The stop_btn parameter must be"),
        ({"clear_btn": 3}, ValueError, "The clear_btn parameter must be"),
        ({"additional_inputs_accordion": 5}, ValueError, "must be a string or gr.Accordion"),
        ({"flagging_mode": "sometimes"}, ValueError, "'auto', 'manual', or 'never'"),
        ({"allow_flagging": "sometimes"}, ValueError, "`allow_flagging`"),
        ({"colour": "red"}, TypeError, "colour"),
    ],
)
def test_what_cannot_be_built_is_refused_in_words(wrong: dict[str, Any], kind: type[Exception], words: str) -> None:
    with pytest.raises(kind, match=words) as refused:
        gr.Interface(**{"fn": greet, "inputs": "text", "outputs": "text", **wrong})
    assert isinstance(refused.value, DeclarationError | UnknownOptionError)


def test_loading_by_name_says_what_does_it_now() -> None:
    with pytest.raises(TypeError, match=r"gr\.load\('huggingface/gpt2'\)"):
        gr.Interface.load("huggingface/gpt2")  # type: ignore[arg-type]


def test_instances_are_known_while_they_are_used() -> None:
    demo = gr.Interface(greet, "text", "text")
    assert demo in gr.Interface.get_instances()


def test_an_article_at_an_address_is_read_when_the_app_is_declared(tmp_path: Any) -> None:
    from http.server import BaseHTTPRequestHandler, HTTPServer
    from threading import Thread

    class Article(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.end_headers()
            self.wfile.write("# Émile".encode())

        def log_message(self, *_: Any) -> None:
            pass

    with HTTPServer(("127.0.0.1", 0), Article) as server:
        thread = Thread(target=server.serve_forever)
        thread.start()
        try:
            address = f"http://127.0.0.1:{server.server_port}/a.md"
            assert gr.Interface(greet, "text", "text", article=address).article == "# Émile"
        finally:
            server.shutdown()
            thread.join()
    assert gr.Interface(greet, "text", "text", article=address).article == address
