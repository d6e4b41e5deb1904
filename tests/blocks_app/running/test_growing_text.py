"""A text that grows from yield to yield: what is told of it, whatever it is made of and however long it is."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest

import blocks_app as gr
from blocks_app.running.call import Call, Step
from blocks_app.running.runner import run
from blocks_app.threads.call_threads import Threads


async def steps(texts: list[str]) -> list[Step]:
    def give(_: str) -> Iterator[str]:
        yield from texts

    with gr.Blocks() as demo:
        box = gr.Textbox()
        box.submit(give, box, box)
    threads = Threads(2)
    try:
        call = Call(demo.dependencies[0], ["x"], differs=True)
        return [each async for (each,) in run(demo, [call], threads)]
    finally:
        threads.close()


def value_of(step: Step) -> Any:
    assert step.encoded is not None
    return json.loads(bytes(step.encoded.raw()))[0]


@pytest.mark.parametrize("word", ["word ", "größer ", "字", "\N{GRINNING FACE}", '"\\\n\x00', "x" * 20_000])
async def test_each_yield_tells_what_has_been_added_and_has_the_whole(word: str) -> None:
    texts = [word * count for count in range(1, 8)]
    made = await steps(texts)
    assert [value_of(step) for step in made] == [*texts, texts[-1]]
    assert [json.loads(step.edits) for step in made[1:-1] if step.edits] == [[[["append", [], word]]]] * 6


async def test_a_text_that_begins_anew_is_told_whole_and_the_same_one_not_at_all() -> None:
    made = await steps(["one", "other", "other", "", "ü"])
    assert [json.loads(step.edits) for step in made[1:-1] if step.edits] == [
        [[["replace", [], "other"]]], [[]], [[["replace", [], ""]]], [[["append", [], "ü"]]],
    ]  # fmt: skip


async def test_half_a_character_is_replaced_until_its_other_half_has_come() -> None:
    half, rest = "\ud83d", "\ude00"
    made = await steps(["a", f"a{half}", f"a{half}{rest}", f"a{half}{rest}!"])
    assert [value_of(step) for step in made] == [
        "a",
        "a\ufffd",
        "a\N{GRINNING FACE}",
        "a\N{GRINNING FACE}!",
        "a\N{GRINNING FACE}!",
    ]
    assert json.loads(made[3].edits or b"null") == [[["append", [], "!"]]]


async def test_of_more_than_a_million_characters_nothing_is_lost() -> None:
    long = "é" * 1_000_001
    made = await steps([long, long + "!"])
    assert value_of(made[-1]) == long + "!"
    assert json.loads(made[1].edits or b"null") == [[["append", [], "!"]]]
