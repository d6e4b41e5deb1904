"""What a button that flags shows, what its options stand for, and what else keeps flags."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

import blocks_app as gr
from blocks_app.exceptions import DeclarationError
from blocks_app.flagging import flag_method
from blocks_app.flagging.callback import FlaggingCallback
from blocks_app.flagging.chat_csv_logger import ChatCSVLogger
from blocks_app.flagging.flag_method import FlagMethod, flagging_options
from queue_app.testing import PageUser


class Kept(FlaggingCallback):
    """An app's own callback."""

    def __init__(self) -> None:
        self.flags: list[tuple[list[Any], str | None, str | None]] = []

    def setup(self, components: Any, flagging_dir: Any) -> None:
        self.components = components

    def flag(self, flag_data: list[Any], flag_option: str | None = None, username: str | None = None) -> int:
        if flag_data[0] == "refuse":
            raise gr.Error("No more flags today.")
        if flag_data[0] == "break":
            raise RuntimeError("/a/path")
        self.flags.append((flag_data, flag_option, username))
        return len(self.flags)


@pytest.fixture(autouse=True)
def at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(FlagMethod, "pause", 0)


def test_options_are_texts_or_pairs() -> None:
    assert flagging_options(None) == [("Flag", "")] and flagging_options(None, modern=True) == [("Flag", None)]
    assert flagging_options(["wrong"]) == [("Flag as wrong", "wrong")]
    assert flagging_options([("Oh no", "wrong"), ("Plain", None)]) == [("Oh no", "wrong"), ("Plain", None)]
    for odd in ("wrong", [1], [("a", 1)], [("a",)], {"a": "b"}):
        with pytest.raises(DeclarationError, match="flagging_options is a list"):
            flagging_options(odd)  # type: ignore[arg-type]


def test_a_button_says_that_it_saves_and_then_its_name_again() -> None:
    kept = Kept()
    with gr.Blocks() as demo:
        a, b, clear = gr.Number(label="A"), gr.Textbox(label="B"), gr.Button("Clear")
        buttons = [gr.Button("Flag as x"), gr.Button("Flag as y")]
        flag_method.set_up(kept, [a], [b], "flagged")
        flag_method.flag_on_click(kept, buttons, flagging_options(["x", "y"]), [a, b], clear)
    with PageUser(demo) as page:
        page.set(a, 3)
        page.click(buttons[1])
        assert page.history(buttons[1]) == ["Saving...", "Flag as y"] and page.prop(buttons[1], "interactive")
        for text in ("refuse", "break"):
            page.set(a, text)
            page.click(buttons[0])
            assert page.value(buttons[0]) == "Error!" and page.prop(buttons[0], "interactive")
        assert page.errors == []
        page.click(clear)
        assert page.value(buttons[0]) == "Flag as x"
    assert kept.flags == [([3, None], "y", None)] and kept.components == [a, b]


def test_a_visitor_is_told_what_is_meant_for_visitors() -> None:
    with gr.Blocks() as demo:
        box, press = gr.Textbox(), gr.Button("Flag")
        press.click(FlagMethod(Kept(), "Flag", None), box, press, preprocess=False)
    with PageUser(demo) as page:
        for text in ("refuse", "break"):
            page.set(box, text)
            page.click(press)
        assert [toast.text for toast in page.toasts] == ["No more flags today."]


def test_every_success_is_flagged() -> None:
    kept = Kept()
    with gr.Blocks() as demo:
        a, b, go = gr.Textbox(label="A"), gr.Textbox(label="B"), gr.Button()
        flag_method.flag_on_success(kept, go.click(lambda x: 1 / (x != "bad") and x.upper(), a, b), [a, b])
    with PageUser(demo) as page:
        for text in ("one", "bad", "break", "two"):
            page.set(a, text)
            page.click(go)
    assert [data for data, _, _ in kept.flags] == [["one", "ONE"], ["two", "TWO"]]


def test_what_is_said_of_a_conversation_is_kept_with_it(tmp_path: Path) -> None:
    logger = ChatCSVLogger()
    logger.setup(tmp_path / "flagged")
    messages = [{"role": "user", "content": "=hi"}]
    for liked in (True, False, "Rude"):
        logger.flag(gr.LikeData(None, {"index": [0, 1], "value": "x", "liked": liked}), messages)
    header, *rows = (tmp_path / "flagged" / "log.csv").read_text().splitlines()
    assert header == "conversation,index,value,flag,timestamp"
    quoted = json.dumps(messages).replace('"', '""')
    assert [row.split(f'"{quoted}",')[1].rsplit(",", 1)[0] for row in rows] == [
        '"[0, 1]",Like',
        '"[0, 1]",Dislike',
        '"[0, 1]",Rude',
    ]


def test_the_arguments_tell_which_gradio_is_meant(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "dataset1.csv").write_text("a\n")
    monkeypatch.chdir(tmp_path)
    meant = flag_method.speaks_of_gradio_6
    assert not meant(None, None, gr.CSVLogger()) and not meant(None, "flagged", Kept())
    assert meant("auto", None) and meant(None, ".gradio/flagged") and meant(None, None, gr.CSVLogger(verbose=False))
    assert meant(None, tmp_path), "a folder that Gradio 6 has written"
    monkeypatch.setenv("GRADIO_FLAGGING_MODE", "never")
    assert meant(None, None)
