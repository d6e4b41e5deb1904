"""Numbers of any size and library through a whole page: values, options, progress, yields."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import numpy as np
import pytest

import blocks_app as gr
from queue_app.testing import PageUser

ID = 2**64 + 3

COMPONENTS: dict[str, Any] = {
    "Radio": lambda: gr.Radio([("a", ID), ("b", ID + 2)], value=ID),
    "Dropdown": lambda: gr.Dropdown([ID, ID + 2], value=ID),
    "CheckboxGroup": lambda: gr.CheckboxGroup([ID, ID + 2], value=[ID]),
    "Number": lambda: gr.Number(ID, precision=0),
    "Slider": lambda: gr.Slider(0, 2**65, value=ID, step=1),
    "JSON": lambda: gr.JSON({"id": [ID]}),
    "State": lambda: gr.State(ID),
    "BrowserState": lambda: gr.BrowserState(ID),
    "HTML": lambda: gr.HTML(ID, html_template="${value}"),
}


@pytest.mark.parametrize("queue", [True, False])
@pytest.mark.parametrize("kind", COMPONENTS)
def test_whole_numbers_of_more_than_64_bits_pass_every_component(kind: str, queue: bool) -> None:
    seen: list[Any] = []
    with gr.Blocks() as demo:
        component, again, button = COMPONENTS[kind](), gr.JSON(), gr.Button()
        button.click(lambda value: seen.append(value) or (value, value), component, [component, again], queue=queue)
    with PageUser(demo) as page:
        page.click(button)
        page.click(button)
        assert page.errors == []
    assert seen[0] == seen[1] and str(ID) in str(seen[0])


def test_differences_between_yields_keep_their_digits() -> None:
    def grow(_: Any) -> Iterator[Any]:
        for more in range(3):
            yield {"id": [ID + more, np.int64(more)], np.int64(1): np.arange(more, dtype=">i4")}

    with gr.Blocks() as demo:
        given, out, button = gr.JSON(), gr.JSON(), gr.Button()
        button.click(grow, given, out)
    with PageUser(demo) as page:
        page.click(button)
        assert page.history(out) == [{"id": [ID + more, more], "1": list(range(more))} for more in range(3)]


def test_progress_takes_numbers_of_any_library() -> None:
    reported: list[Any] = []

    def work(progress: gr.Progress = gr.Progress()) -> None:
        progress((np.int64(1), np.int64(4)), desc="steps")
        progress(np.float32(0.5))
        progress(Decimal("0.75"))
        progress(np.array(2), total=np.int64(4))
        for _ in progress.tqdm(np.arange(2), total=np.int64(2)):
            pass

    with gr.Blocks() as demo:
        out, button = gr.Textbox(), gr.Button()
        button.click(work, None, out)
    with PageUser(demo) as page:
        from queue_app.execution.worker import Reporter

        keep = Reporter.progress
        try:
            Reporter.progress = lambda self, units: reported.extend(units)  # type: ignore[method-assign]
            page.click(button)
        finally:
            Reporter.progress = keep  # type: ignore[method-assign]
    numbers = [value for unit in reported for value in (unit.index, unit.length, unit.progress) if value is not None]
    assert {type(value) for value in numbers} <= {int, float}
    assert [(unit.index, unit.length, unit.progress) for unit in reported[:4]] == [
        (1, 4, None), (None, None, 0.5), (None, None, 0.75), (2, 4, None),
    ]  # fmt: skip


def test_updates_and_options_take_numbers_of_any_library() -> None:
    with gr.Blocks() as demo:
        radio = gr.Radio([np.int64(1), ID], value=np.int64(1), key=np.int64(7))
        slider = gr.Slider(np.float32(0.5), Decimal(3), step=np.float64(0.5))
        button, send, seen = gr.Button(), gr.Button(), gr.Textbox()
        send.click(repr, radio, seen)
        button.click(
            lambda: (gr.update(choices=[ID + 2, Decimal("1.5")], value=ID + 2), gr.update(maximum=np.int64(9))),
            None,
            [radio, slider],
        )
    with PageUser(demo) as page:
        page.click(button)
        assert page.errors == [] and page.value(radio) == ID + 2
        page.set(radio, "1.5")
        page.click(send)
        assert page.value(seen) == "Decimal('1.5')"


def test_parts_built_at_run_time_take_keys_and_choices_of_any_kind() -> None:
    keys = (ID, np.int64(7), Decimal("1.5"), 2**53 + 1, (1, ID))
    with gr.Blocks() as demo:
        count, out = gr.Number(1), gr.JSON()

        @gr.render(inputs=count)
        def show(_: float) -> None:
            for key in keys:
                radio = gr.Radio([ID, 2**53 + 1], value=ID, key=key)
                gr.Button(str(key)).click(lambda value: {"chosen": value}, radio, out)

    with PageUser(demo) as page:
        for key in keys:
            page.click(page.find(gr.Button, str(key)))
            assert (page.value(out), page.errors) == ({"chosen": ID}, [])
        page.set(count, 2)
        page.click(page.find(gr.Button, "7"))
        assert page.value(out) == {"chosen": ID}


def test_event_data_and_server_functions_keep_their_digits() -> None:
    seen: list[Any] = []

    def chosen(data: gr.SelectData) -> None:
        seen.append((data.index, data.value))

    with gr.Blocks() as demo:
        radio = gr.Radio([ID, ID + 1])
        radio.select(chosen, None, None)
    with PageUser(demo) as page:
        page.select(radio, 1, ID + 1)
    assert seen == [(1, ID + 1)]


TEXTS = {"Textbox": gr.Textbox, "Number": gr.Number, "JSON": gr.JSON, "Label": gr.Label, "Radio": gr.Radio}


@pytest.mark.parametrize("kind", TEXTS)
def test_a_number_of_thousands_of_digits_fails_its_event_in_words(kind: str) -> None:
    with gr.Blocks() as demo:
        out, button, other = TEXTS[kind](), gr.Button(), gr.Button()
        button.click(lambda: 10**5000, None, out)
        other.click(lambda: gr.update(value=10**5000), None, out)
    with PageUser(demo) as page:
        page.click(button)
        page.click(other)
        assert len(page.errors) == 2 and all("more than 4,300 digits" in error for error in page.errors)
