"""BrowserState: what is kept in the browser comes back as it was, or not at all."""

from __future__ import annotations

from typing import Any

import pytest

import blocks_app as gr
from blocks_app.config import build_config
from queue_app.testing import PageUser


def kept(**options: Any) -> gr.BrowserState:
    return gr.BrowserState({"n": 0}, secret="s", **options)


def test_a_value_comes_back_as_it_was() -> None:
    state = kept()
    for value in (None, 1.5, "é\u2028", [1, {"a": []}]):
        assert state.preprocess(state.postprocess(value)) == value


@pytest.mark.parametrize("payload", [None, "", "x", "x.y", "é.é", 7, {"n": 9}, "eyJuIjo5fQ==.AAAA"])
def test_what_was_not_signed_here_is_the_default(payload: Any) -> None:
    assert kept().preprocess(payload) == {"n": 0}


def test_the_default_is_nobodys_to_change() -> None:
    state = kept()
    state.preprocess(None)["n"] = 5
    assert state.preprocess(None) == {"n": 0}


@pytest.mark.parametrize("other", [{"secret": "t"}, {"storage_key": "k"}])
def test_a_value_of_another_secret_or_name_does_not_count(other: dict[str, Any]) -> None:
    text = kept().postprocess({"n": 1})
    assert gr.BrowserState({"n": 0}, **{"secret": "s", **other}).preprocess(text) == {"n": 0}


def test_the_secret_stays_here() -> None:
    with gr.Blocks() as demo:
        gr.BrowserState("x", secret="do not tell", storage_key="mine")
    (entry,) = build_config(demo)["components"]
    assert entry["props"]["storage_key"] == "mine" and "do not tell" not in repr(entry)


def test_what_is_no_json_is_refused_at_once() -> None:
    with pytest.raises(ValueError, match="must be plain JSON"):
        gr.BrowserState(object())


def test_a_page_keeps_it() -> None:
    with gr.Blocks() as demo:
        state, out, button = gr.BrowserState(0), gr.Number(), gr.Button()
        button.click(lambda seen: (seen + 1, seen + 1), state, [state, out])
    with PageUser(demo) as page:
        page.click(button)
        page.click(button)
        assert page.value(out) == 2
