"""What a simulated user meets as in a browser, with the real queue behind it; the rules alone are in tests/dispatch."""

from __future__ import annotations

import threading
from collections.abc import Iterator

import blocks_app as gr
from queue_app.testing import PageUser


def test_change_listeners_run_after_then_and_see_the_whole_answer() -> None:
    order: list[tuple[str, str, str]] = []
    with gr.Blocks() as demo:
        one, two, button = gr.Textbox("a"), gr.Textbox("b"), gr.Button()
        event = button.click(lambda: ("x", "y"), None, [one, two])
        one.change(lambda one, two: order.append(("change", one, two)), [one, two], concurrency_id="one by one")
        event.then(lambda one, two: order.append(("then", one, two)), [one, two], concurrency_id="one by one")
    with PageUser(demo) as page:
        page.click(button)
    assert order == [("then", "x", "y"), ("change", "x", "y")]


def test_what_is_typed_while_a_function_runs_is_kept() -> None:
    gate = threading.Event()
    with gr.Blocks() as demo:
        box = gr.Textbox()
        box.submit(lambda text: gate.wait(10) and text.upper(), box, box)
    with PageUser(demo) as page:
        page.set(box, "hello")
        page.submit(box, wait=False)
        page.set(box, "hello you", wait=False)
        gate.set()
        page.wait()
        assert page.value(box) == "HELLO you" and page.history(box) == ["HELLO"]


def test_a_validators_words_stand_at_the_input_until_it_is_changed() -> None:
    with gr.Blocks() as demo:
        name, out, button = gr.Textbox(), gr.Textbox(), gr.Button()
        event = button.click(str.title, name, out, validator=lambda name: gr.validate(bool(name), "Who are you?"))
        failed, counted = gr.Textbox(), gr.Number(0)
        event.failure(lambda: "refused", None, failed)
        event.success(lambda count: count + 1, counted, counted)
    with PageUser(demo) as page:
        page.set(name, "")
        page.click(button)
        assert page.problem(name) == "Who are you?" and page.toasts == [] and page.status(out) is None
        assert len(page.errors) == 1 and (page.value(failed), page.value(counted)) == ("refused", 0)
        page.set(name, "ada")
        assert page.problem(name) is None
        page.click(button)
        assert (page.value(out), page.value(counted)) == ("Ada", 1)


def test_events_go_on_when_the_page_is_loaded_anew() -> None:
    gate = threading.Event()

    def story() -> Iterator[str]:
        yield "once"
        gate.wait(10)
        yield "once upon"

    with gr.Blocks() as demo:
        out, done, button = gr.Textbox("start"), gr.Textbox(), gr.Button()
        button.click(story, None, out).then(lambda: "done", None, done)
    with PageUser(demo) as page:
        page.click(button, wait=False)
        page.until(lambda: page.value(out) == "once")
        page.reload(wait=False)
        page.until(lambda: page.value(out) == "once")  # what it gave is shown again
        gate.set()
        page.wait()
        assert (page.value(out), page.value(done)) == ("once upon", "done")


def test_a_chain_may_cancel() -> None:
    def count() -> Iterator[int]:
        for number in range(100_000):
            gate.wait(0.002)
            yield number

    gate = threading.Event()
    with gr.Blocks() as demo:
        out, start, stop = gr.Number(), gr.Button(), gr.Button()
        counting = start.click(count, None, out)
        stop.click(lambda: None).then(None, cancels=[counting])
    with PageUser(demo) as page:
        page.click(start, wait=False)
        page.until(lambda: page.history(out))
        page.click(stop)
        assert page.status(out) is None and not page.errors
