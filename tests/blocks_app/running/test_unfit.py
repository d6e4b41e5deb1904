"""What a function gives that an output cannot show, or an option cannot be, is told in words that name the output."""

from __future__ import annotations

import inspect
from typing import Any

import numpy as np
import pandas as pd
import pytest

import blocks_app as gr
from blocks_app.exceptions import BlocksError
from blocks_app.running.arguments import wire_values
from blocks_app.running.call import Call, call_context
from blocks_app.running.steps import encoded
from blocks_app.tree.block import Block
from blocks_app.tree.component import Component


class Untold:
    """No method of it works."""

    def fail(self, *args: Any) -> Any:
        raise RuntimeError("it fails")

    __repr__ = __str__ = __iter__ = __bool__ = __len__ = __eq__ = __getattr__ = fail
    __hash__ = None  # type: ignore[assignment]


ODD: list[Any] = [
    np.array(3), np.array([]), np.zeros((0, 3)), pd.DataFrame(), pd.Series([1, 2]), pd.NA, pd.NaT, b"\xff", Untold(),
    [Untold()], [[Untold(), Untold()]], {"text": Untold()}, {"headers": 3, "data": 4}, ...,
]  # fmt: skip


def blocks(kind: type) -> list[type]:
    """The public ones, but for the apps in one line, which are a page of them."""
    found = {each for name in gr.__all__ if inspect.isclass(each := getattr(gr, name)) and issubclass(each, kind)}
    return sorted(
        (each for each in found if each is gr.Blocks or not issubclass(each, gr.Blocks)), key=lambda each: each.__name__
    )


def output_of(cls: type) -> tuple[Any, Call]:
    with gr.Blocks() as demo:
        block = cls(components=[gr.Textbox()]) if cls is gr.Dataset else cls()
        gr.Button().click(lambda: None, None, block)
    return block, Call([*demo.dependencies.values()][-1], [])


def names(block: Block, words: str) -> bool:
    """Whether a sentence says of which block, or of which class, it speaks."""
    return any(cls.__name__.lower() in words.lower() for cls in type(block).__mro__ if issubclass(cls, Block))


def told(block: Block, call: Call, value: Any) -> str | None:
    """The sentence of a refusal; None where the value is shown."""
    try:
        encoded(call, call_context(call).run(wire_values, call, value))
    except BlocksError as error:
        return str(error)
    return None


@pytest.mark.filterwarnings("ignore:.*is not in the list of choices")
@pytest.mark.parametrize("cls", [cls for cls in blocks(Component) if cls is not Component and not cls.stateful])
def test_what_an_output_cannot_show_is_told_with_its_name(cls: type) -> None:
    block, call = output_of(cls)
    for value in ODD:
        words = told(block, call, value)
        assert words is None or names(block, words), words


@pytest.mark.parametrize(
    "cls", [gr.Chatbot, gr.HighlightedText, gr.File, gr.UploadButton, gr.FileExplorer, gr.DownloadButton]
)
def test_an_array_without_dimensions_is_no_list(cls: Any) -> None:
    with pytest.raises((gr.Error, TypeError), match="list|path"):
        cls().postprocess(np.array(3))


def test_a_moment_that_is_none_is_no_date() -> None:
    assert [gr.DateTime().postprocess(value) for value in (pd.NaT, np.datetime64("NaT", "s"))] == [None, None]


@pytest.mark.parametrize("cls", [cls for cls in blocks(Block) if cls not in (Block, Component, gr.Blocks)])
def test_an_option_that_cannot_be_so_is_told_with_the_output_and_its_name(cls: type) -> None:
    block, call = output_of(cls)
    for name in sorted(block.known_options() - {"value"}):
        for value in ("…", Untold()):
            words = told(block, call, gr.update(**{name: value}))
            assert words is None or names(block, words), (name, words)
            assert not call.session.changes or told(block, call, gr.update(visible=True)) is None
            call.session.reset_blocks(())


def test_numbers_of_lines_are_numbers() -> None:
    for cls in (gr.Code, gr.MultimodalTextbox, gr.Textbox):
        block, call = output_of(cls)
        words = told(block, call, gr.update(lines="…"))
        assert words is not None and "lines" in words
        assert told(block, call, gr.update(lines=4)) is None
