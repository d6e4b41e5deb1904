"""Listeners: names, defaults, and the mistakes that are told at once."""

from __future__ import annotations

import pytest

import blocks_app as gr
from blocks_app.exceptions import DeclarationError


def one(**options):
    """The dependency of one click with these options."""
    with gr.Blocks() as demo:
        gr.Button().click(lambda: None, **options)
    return demo.dependencies[0]


@pytest.mark.parametrize(
    ("name", "default"),
    [
        ("scroll_to_output", False), ("show_progress", "full"), ("queue", True), ("batch", False),
        ("max_batch_size", 4), ("preprocess", True), ("postprocess", True), ("cancels", ()), ("every", None),
        ("trigger_mode", "once"), ("js", None), ("concurrency_limit", "default"), ("concurrency_id", None),
        ("visibility", "public"),
    ],
)  # fmt: skip
def test_defaults(name, default):
    assert getattr(one(), name) == default


def test_api_names_come_from_the_function_and_are_made_unique():
    def greet():
        pass

    class Tool:
        def __call__(self):
            pass

    with gr.Blocks() as demo:
        button = gr.Button()
        for fn in (greet, greet, lambda: None, Tool()):
            button.click(fn)
        button.click(greet, api_name="greet")
        button.click(None, js="() => 1")
    names = [each.api_name for each in demo.dependencies.values()]
    assert names == ["greet", "greet_1", "lambda", "Tool", "greet_2", "js_fn"]


def test_visibility_of_hidden_and_private_listeners():
    assert one(show_api=False).visibility == "undocumented"
    assert one(api_name=False).visibility == "private"
    assert one(api_visibility="private").visibility == "private"


def test_change_waits_for_the_last_value_and_on_looks_at_its_first_trigger():
    with gr.Blocks() as demo:
        box, button = gr.Textbox(), gr.Button()
        box.change(lambda: None)
        gr.on([button.click, box.change], lambda: None)
        gr.on([box.change, button.click], lambda: None)
    assert [each.trigger_mode for each in demo.dependencies.values()] == ["always_last", "once", "always_last"]


def test_on_without_triggers_listens_to_the_change_of_its_inputs():
    with gr.Blocks() as demo:
        a, b = gr.Textbox(), gr.Textbox()
        gr.on(None, lambda x, y: None, [a, b])
    assert [(target.block, target.event) for target in demo.dependencies[0].targets] == [(a, "change"), (b, "change")]


def test_a_decorated_function_stays_a_function():
    with gr.Blocks() as demo:
        box = gr.Textbox()

        @box.submit(inputs=box, outputs=box)
        def shout(text):
            return text.upper()

    assert shout("a") == "A"
    assert demo.dependencies[0].fn is shout


def test_then_success_and_failure_follow_their_listener():
    with gr.Blocks() as demo:
        event = gr.Button().click(lambda: None)
        event.then(lambda: None)
        event.success(lambda: None)
        event.failure(lambda: None)
    _, then, success, failure = demo.dependencies.values()
    assert then.trigger_after == success.trigger_after == failure.trigger_after == 0
    assert (success.trigger_only_on_success, failure.trigger_only_on_failure) == (True, True)


def test_cancels_is_a_hidden_unqueued_listener_on_the_same_trigger():
    with gr.Blocks() as demo:
        event = gr.Button().click(lambda: None)
        stop = gr.Button("Stop")
        stop.click(None, cancels=[event])
    hidden = demo.dependencies[2]
    assert (hidden.cancels, hidden.queue, hidden.visibility) == ((0,), False, "undocumented")
    assert hidden.targets[0].block is stop


def test_cancels_in_a_chain_stops_after_the_listener_before_it():
    with gr.Blocks() as demo:
        event = gr.Button().click(lambda: None)
        first = gr.Button().click(lambda: None)
        first.then(None, cancels=[event])
        first.success(None, cancels=[event])
        first.failure(None, cancels=[event])
    then, success, failure = (demo.dependencies[number] for number in (3, 5, 7))
    assert {each.trigger_after for each in (then, success, failure)} == {first.dependency.id}
    flags = [(each.trigger_only_on_success, each.trigger_only_on_failure) for each in (then, success, failure)]
    assert flags == [(False, False), (True, False), (False, True)]


def test_class_access_listens_too():
    with gr.Blocks() as demo:
        box = gr.Textbox()
        gr.Blocks.load(demo, lambda: "hi", None, box)
    assert demo.dependencies[0].targets[0].block is demo


def test_a_listener_outside_blocks_is_refused():
    with pytest.raises(AttributeError, match="Cannot call click outside of a gradio.Blocks context"):
        gr.Button().click(lambda: None)


@pytest.mark.parametrize(
    ("options", "text"),
    [
        ({"inputs": "name"}, "inputs must be a component.*'name'.*gr.Textbox"),
        ({"outputs": [3]}, "outputs must be a component or layout"),
        ({"trigger_mode": "zzz"}, r"Invalid value for parameter `trigger_mode`: zzz. Please choose from"),
        ({"every": -1}, "every must be positive"),
        ({"batch": True, "queue": False}, "the queue must be enabled"),
        ({"concurrency_limit": 0}, "concurrency_limit must be a whole number"),
        ({"retries": -1}, "retries must be a whole number from 0 on"),
        ({"retries": True}, "retries must be a whole number from 0 on"),
        ({"show_progress": "loud"}, "show_progress must be"),
        ({"js": 5}, "js must be the text"),
        ({"cancels": ["x"]}, "cancels takes what listeners return"),
    ],
)
def test_mistakes_are_told_at_once(options, text):
    with pytest.raises(DeclarationError, match=text):
        one(**options)


def test_an_unknown_listener_option_is_refused():
    with pytest.raises(TypeError, match="no option 'que'"):
        one(que=False)


def test_cancelling_an_unqueued_listener_is_refused():
    with gr.Blocks():
        event = gr.Button().click(lambda: None, queue=False)
        with pytest.raises(DeclarationError, match="Queue needs to be enabled!"):
            gr.Button().click(None, cancels=event)


def test_generators_cannot_be_batched():
    def gen():
        yield 1

    with gr.Blocks():
        with pytest.raises(DeclarationError, match="generators in batch mode"):
            gr.Button().click(gen, batch=True)


def test_too_few_returned_values_are_told_when_they_are_sure():
    def two():
        return 1, 2

    with gr.Blocks():
        boxes = [gr.Textbox(), gr.Textbox(), gr.Textbox()]
        with pytest.raises(DeclarationError, match=r"two returns 2 value\(s\), but its listener has 3 outputs"):
            gr.Button().click(two, None, boxes)


def test_an_argument_count_that_cannot_work_warns():
    with gr.Blocks():
        with pytest.warns(UserWarning, match="Expected 2 arguments for function"):
            gr.Button().click(lambda a, b: None, gr.Textbox())


def test_concurrency_count_is_refused_and_limits_are_read_from_the_environment(monkeypatch):
    with pytest.raises(DeprecationWarning, match="concurrency_count has been deprecated"):
        gr.Blocks().queue(concurrency_count=3)
    monkeypatch.setenv("GRADIO_DEFAULT_CONCURRENCY_LIMIT", "none")
    assert gr.Blocks().queue().queue_options.default_limit() is None
    assert gr.Blocks().queue(default_concurrency_limit=7).queue_options.default_limit() == 7
