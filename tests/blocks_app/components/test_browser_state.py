"""BrowserState: what is kept in the browser comes back as it was, or not at all."""

from __future__ import annotations

import base64
import subprocess
import sys
from typing import Any

import pytest

import blocks_app as gr
from blocks_app.page.config import build_config
from queue_app.testing import PageUser


def kept(**options: Any) -> gr.BrowserState:
    return gr.BrowserState({"n": 0}, secret="s", **options)


def test_a_value_comes_back_as_it_was() -> None:
    state = kept()
    for value in (None, 1.5, "é\u2028", [1, {"a": []}]):
        assert state.preprocess(state.postprocess(value)) == value


@pytest.mark.parametrize("payload", [None, "", "x", "x.y", "é.é", 7, {"n": 9}, "eyJuIjo5fQ==.AAAA"])
def test_what_was_not_sealed_here_is_the_default(payload: Any) -> None:
    assert kept().preprocess(payload) == {"n": 0}


def test_nobody_can_read_or_change_it_in_the_browser() -> None:
    text = kept().postprocess({"word": "visible"})
    assert b"visible" not in base64.urlsafe_b64decode(text) and "visible" not in text
    for at in range(0, len(text), 7):
        forged = text[:at] + ("A" if text[at] != "A" else "B") + text[at + 1 :]
        assert kept().preprocess(forged) == {"n": 0}


def test_equal_values_are_equal_texts_so_that_change_means_a_change() -> None:
    assert kept().postprocess([1]) == kept().postprocess([1]) != kept().postprocess([2])


def test_of_a_model_the_fields_are_kept() -> None:
    class Model:
        def model_dump(self, mode: str) -> dict[str, int]:
            return {"n": 7}

    state = gr.BrowserState(Model(), secret="s")
    assert state.preprocess(state.postprocess(Model())) == state.preprocess(None) == {"n": 7}


def test_declaring_one_loads_no_cryptography() -> None:
    code = "import sys, blocks_app as gr\nwith gr.Blocks(): gr.BrowserState(1)\nsys.exit('cryptography' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False, timeout=60).returncode == 0


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


class Shop:
    """An app with two of them, and a page that tells what comes in."""

    def __init__(self, **options: Any) -> None:
        with gr.Blocks() as self.demo:
            self.one, self.two = gr.BrowserState("none", **options), gr.BrowserState("none")
            self.out, self.make, self.tell = gr.Textbox(), gr.Button("make"), gr.Button("tell")
            self.make.click(lambda: "gold", None, self.one)
            self.tell.click(lambda value: value, self.one, self.out)
            self.other = gr.Button("other")
            self.other.click(lambda value: value, self.two, self.out)

    def made(self, **who: Any) -> str:
        """What is in the browser of somebody who was given gold."""
        with PageUser(self.demo, **who) as page:
            page.click(self.make)
            return str(page.value(self.one))

    def shown(self, value: str, **who: Any) -> Any:
        """What the function hears when somebody brings the value."""
        with PageUser(self.demo, **who) as page:
            page.set(self.one, value)
            page.click(self.tell)
            return page.value(self.out)


ANN, BOB = ({"identity_key": f"user:{name}", "username": name} for name in ("ann", "bob"))


@pytest.mark.parametrize("options", [{}, {"storage_key": "k"}, {"secret": "s"}, {"storage_key": "k", "secret": "s"}])
def test_a_value_is_its_owners_alone(options: dict[str, Any]) -> None:
    shop = Shop(**options)
    value = shop.made(**ANN)
    assert [shop.shown(value, **who) for who in (ANN, BOB, {})] == ["gold", "none", "none"]
    nobodys = shop.made()
    assert [shop.shown(nobodys, **who) for who in ({}, ANN)] == ["gold", "none"]


def test_a_value_is_its_components_alone() -> None:
    shop = Shop()
    with PageUser(shop.demo) as page:
        page.click(shop.make)
        page.set(shop.two, page.value(shop.one))
        page.click(shop.other)
        assert page.value(shop.out) == "none"
        page.click(shop.tell)
        assert page.value(shop.out) == "gold"


@pytest.mark.parametrize(
    ("options", "found"),
    [
        ({}, "none"),
        ({"storage_key": "k"}, "none"),
        ({"secret": "s"}, "none"),
        ({"storage_key": "k", "secret": "s"}, "gold"),
    ],
)
def test_a_value_is_its_apps_alone_unless_apps_agree(options: dict[str, Any], found: str) -> None:
    giver = Shop(**options)
    with PageUser(giver.demo) as page:  # open, so that the apps are at two places
        page.click(giver.make)
        assert Shop(**options).shown(page.value(giver.one)) == found


def test_a_new_secret_key_opens_what_the_old_one_has_made(settings: Any) -> None:
    state = gr.BrowserState(0)
    before, old = settings.SECRET_KEY, state.postprocess(7)
    settings.SECRET_KEY = "new"
    assert state.preprocess(old) == 0
    settings.SECRET_KEY_FALLBACKS = ["another", before]
    assert state.preprocess(old) == 7 and state.preprocess(state.postprocess(8)) == 8


def test_a_program_may_leave_it_out_and_then_the_default_counts() -> None:
    with gr.Blocks() as demo:
        state = kept()
        gr.Button().click(lambda value: value, state, None, api_name="read")
    (told,) = demo.get_api_info()["named_endpoints"]["/read"]["parameters"]
    assert (told["parameter_has_default"], told["parameter_default"]) == (True, None)
    assert state.preprocess(told["parameter_default"]) == {"n": 0}
