"""A visitor's JSON is data wherever it goes, also when it looks like what the app's own code says to a page."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest

import blocks_app as gr
from queue_app.testing import PageUser

FORM = {"__type__": "update", "label": "Your password", "type": "password", "visible": False, "value": "taken"}


class Record:
    """What an app may make of a visitor's JSON: a model as pydantic has it, with whatever was sent."""

    def __init__(self, **fields: Any) -> None:
        self.fields = fields

    def model_dump(self, mode: str) -> dict[str, Any]:
        """The fields."""
        return self.fields


ROADS: dict[str, Any] = {
    "as it is": lambda value: value,
    "in a list": lambda value: [value][0],
    "copied": lambda value: json.loads(json.dumps(value)),
    "merged": lambda value: {**gr.update(), **value},
    "in an update": lambda value: gr.update(value=value),
    "as an object": lambda value: Record(**value),
}


@pytest.mark.parametrize("options", [{}, {"queue": False}, {"postprocess": False}], ids=str)
@pytest.mark.parametrize("road", ROADS)
def test_a_stored_record_changes_nothing_on_anybodys_page(road: str, options: dict[str, Any]) -> None:
    records: list[Any] = []
    with gr.Blocks() as demo:
        given, shown, text = gr.JSON(), gr.JSON(label="Shown"), gr.Textbox(label="Text")
        store, show = gr.Button(), gr.Button()
        store.click(records.append, given, None)
        show.click(lambda: (ROADS[road](records[-1]), "x"), None, [shown, text], **options)
    with PageUser(demo) as mallory, PageUser(demo) as ada:
        mallory.set(given, FORM)
        mallory.click(store)
        ada.click(show)
        assert ada.prop(shown, "label") == "Shown" and ada.prop(shown, "visible") is not False
        seen = ada.value(shown)
        assert (seen["__type__"], seen["label"]) == ("update", "Your password")
        assert ada.value(text) == "x"


def test_neither_yields_nor_states_nor_batches_make_it_an_update() -> None:
    def twice(value: Any) -> Iterator[Any]:
        yield value, value
        yield {**value, "label": "again"}, value

    with gr.Blocks() as demo:
        given, shown, kept = gr.JSON(), gr.JSON(label="Shown"), gr.State("first")
        run, look, together = gr.Button(), gr.Button(), gr.Button()
        run.click(twice, given, [shown, kept])
        look.click(lambda state: state, kept, shown)
        together.click(lambda values: [values], given, [shown], batch=True)
    with PageUser(demo) as page:
        page.set(given, FORM)
        page.click(run)
        assert page.history(shown) == [FORM, {**FORM, "label": "again"}]
        page.click(look)
        assert page.value(shown) == FORM
        page.click(together)
        assert page.value(shown) == FORM and page.prop(shown, "label") == "Shown" and page.errors == []
