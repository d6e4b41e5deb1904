"""`validator=`: it looks at the inputs before an event waits, whoever sends it and by whichever endpoint."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import blocks_app as gr
from queue_app.exceptions import InvalidInputs, ValidatorFailed
from tests.queue_app.conftest import Bench, app

Make = Callable[..., Bench]


def not_empty(text: str) -> dict[str, Any]:
    return gr.validate(bool(text), "Write something.")


async def not_empty_later(text: str) -> dict[str, Any]:
    return not_empty(text)


@pytest.mark.parametrize("validator", [not_empty, not_empty_later])
async def test_what_does_not_pass_is_refused_and_never_runs(bench: Make, validator: Any) -> None:
    ran: list[str] = []
    made = bench(app(lambda text: ran.append(text) or text, validator=validator))
    with pytest.raises(InvalidInputs, match="Write something") as refused:
        await made.submit("")
    assert refused.value.detail == [
        {"__type__": "validate", "is_valid": False, "message": "Write something.", "parameter_name": "text"}
    ]
    await made.submit("yes")
    assert await made.answers() == [["yes"]]
    assert ran == ["yes"]


@pytest.mark.parametrize(
    ("least", "most", "word"), [(None, None, ""), (0.5, 3, ""), (3, None, "short"), (None, 0.5, "long")]
)
def test_the_length_of_a_sound_or_a_film_is_judged_by_name(least: Any, most: Any, word: str) -> None:
    film = Path(__file__).parents[2] / "blocks_app" / "films" / "film.webm"
    for found in (
        gr.validators.is_audio_correct_length((8000, [0] * 8_000), least, most),
        gr.validators.is_video_correct_length(film, least, most),
    ):
        assert found["is_valid"] is not bool(word) and word in found["message"]
    assert gr.validators.is_audio_correct_length(None, 1, None)["is_valid"] is False
    assert gr.validators.is_video_correct_length(None, None, 5)["is_valid"] is True


async def test_it_does_not_wait_behind_those_that_run(bench: Make) -> None:
    gate = asyncio.Event()

    async def slow(text: str) -> str:
        await gate.wait()
        return text

    made = bench(app(slow, validator=not_empty))
    await made.submit("first")
    with pytest.raises(InvalidInputs):
        await made.submit("")
    made.engine.threads.user_loop.call_soon_threadsafe(gate.set)
    assert await made.answers() == [["first"]]


async def test_each_input_is_told_for_itself(bench: Make) -> None:
    def both(name: str, age: float) -> list[Any]:
        return [gr.validate(len(name) > 1, "Too short."), gr.validate(age >= 18, "Too young.")]

    with gr.Blocks() as demo:
        name, age = gr.Textbox(), gr.Number()
        gr.Button().click(lambda name, age: None, [name, age], None, validator=both)
    made = bench(demo)
    with pytest.raises(InvalidInputs) as refused:
        await made.submit("Ann", 3)
    assert [each["is_valid"] for each in refused.value.problems] == [True, False]
    assert str(refused.value) == "1 parameter(s) failed validation:\n- age: Too young."
    await made.submit("Ann", 30)


async def test_a_direct_call_is_looked_at_too(bench: Make) -> None:
    made = bench(app(str.upper, validator=not_empty, queue=False))
    with pytest.raises(InvalidInputs):
        await made.engine.run_direct(made.job(""))
    assert (await made.engine.run_direct(made.job("a"))).success


async def test_a_validator_that_fails_fails_the_event(bench: Make) -> None:
    def broken(text: str) -> None:
        raise gr.Error("The list of names is away.", print_exception=False)

    made = bench(app(str.upper, validator=broken))
    with pytest.raises(ValidatorFailed, match="The list of names is away"):
        await made.submit("a")
    assert not made.engine.events


async def test_a_session_that_resends_a_known_event_is_not_asked_again(bench: Make) -> None:
    asked: list[str] = []
    made = bench(app(str.upper, validator=lambda text: asked.append(text)))
    job = await made.submit("a")
    await made.engine.submit(job)
    assert await made.answers() == [["A"]]
    assert asked == ["a"]


async def test_values_by_name_reach_function_and_validator(bench: Make) -> None:
    def check(text: str, *, count: float) -> list[Any]:
        return [True, gr.validate(count < 5, "Too many.")]

    with gr.Blocks() as demo:
        text, count, out = gr.Textbox(), gr.Number(), gr.Textbox()
        gr.Button().click(
            lambda text, *, count: text * int(count), text, out, inputs_kwargs={"count": count}, validator=check
        )
    made = bench(demo)
    await made.submit("ab", 2)
    assert await made.answers() == [["abab"]]
    with pytest.raises(InvalidInputs, match="count: Too many"):
        await made.submit("ab", 9)
