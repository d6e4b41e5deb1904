"""What can be read only once, and functions that make values: both are asked at one time, and then known."""

from __future__ import annotations

import enum
import itertools
from typing import Any

import numpy as np
import pandas as pd
import pytest

import blocks_app as gr
from queue_app.testing import PageUser


class Colour(enum.Enum):
    RED = "r"
    BLUE = "b"


class Size(enum.IntEnum):
    SMALL = 1
    LARGE = 2


LETTERS = [("r", "r"), ("b", "b")]
CHOICES = {
    "generator": (lambda: (letter for letter in "rb"), LETTERS),
    "map": (lambda: map(str.lower, "RB"), LETTERS),
    "zip": (lambda: zip("RB", "rb"), [("R", "r"), ("B", "b")]),
    "keys": (lambda: {"r": 1, "b": 2}.keys(), LETTERS),
    "items": (lambda: {"R": "r", "B": "b"}.items(), [("R", "r"), ("B", "b")]),
    "chain": (lambda: itertools.chain("r", "b"), LETTERS),
    "range": (lambda: range(2), [("0", 0), ("1", 1)]),
    "array": (lambda: np.array(["r", "b"]), LETTERS),
    "numbers": (lambda: np.arange(2), [("0", 0), ("1", 1)]),
    "pairs": (lambda: np.array([["R", "r"], ["B", "b"]]), [("R", "r"), ("B", "b")]),
    "series": (lambda: pd.Series(["r", "b"]), LETTERS),
    "index": (lambda: pd.Index(["r", "b"]), LETTERS),
    "enum": (lambda: Colour, LETTERS),
    "numbered": (lambda: Size, [("SMALL", 1), ("LARGE", 2)]),
    "members": (lambda: iter(Size), [("SMALL", 1), ("LARGE", 2)]),
}


@pytest.mark.parametrize("kind", [gr.Dropdown, gr.Radio, gr.CheckboxGroup])
def test_choices_of_any_kind_stay_after_updates_of_something_else(kind: Any) -> None:
    with gr.Blocks() as demo:
        made = {name: kind(given(), label=name) for name, (given, _) in CHOICES.items()}
        later = {name: kind(["other"], label=name) for name in CHOICES}
        plain = {name: kind(["other"], label=name) for name in CHOICES}
        button, back = gr.Button(), gr.Button()
        button.click(lambda: [kind(label="new")] * len(made), None, made.values())
        button.click(lambda: [kind(choices=given()) for given, _ in CHOICES.values()], None, later.values())
        button.click(lambda: [gr.update(choices=given()) for given, _ in CHOICES.values()], None, plain.values())
        back.click(lambda: [gr.update(label="again")] * 2 * len(made), None, [*later.values(), *plain.values()])
    shown = {name: [list(pair) for pair in pairs] for name, (_, pairs) in CHOICES.items()}
    with PageUser(demo) as page:
        page.click(button)
        page.click(back)
        assert page.errors == []
        for group in (made, later, plain):
            assert {name: [list(pair) for pair in page.prop(group[name], "choices")] for name in CHOICES} == shown
        assert {page.prop(block, "label") for block in made.values()} == {"new"}


@pytest.mark.parametrize(
    "given",
    [
        lambda: iter("rb"), lambda: {"r": 1, "b": 2}.keys(), lambda: np.array(["r", "b"]),
        lambda: pd.Series(["r", "b"]),
        lambda: [Colour.RED, Colour.BLUE], lambda: Colour, lambda: map(str.lower, "RB"),
    ],
)  # fmt: skip
def test_selections_of_any_kind_are_shown_and_returned(given: Any) -> None:
    if given() is Colour:  # a class is called as any function, so it is a selection only of its members
        given = lambda: list(Colour)  # noqa: E731
    with gr.Blocks() as demo:
        ticked = gr.CheckboxGroup(["r", "b"], value=given())
        listed = gr.Dropdown(["r", "b"], value=given(), multiselect=True)
        button = gr.Button()
        button.click(lambda: [given(), gr.update(value=given())], None, [ticked, listed])
    with PageUser(demo) as page:
        assert page.value(ticked) == page.value(listed) == ["r", "b"]
        page.click(button)
        assert page.value(ticked) == page.value(listed) == ["r", "b"] and not page.errors


def test_one_member_of_an_enum_is_its_value() -> None:
    with gr.Blocks() as demo:
        colour, size, out = gr.Radio(Colour, value=Colour.BLUE), gr.Dropdown(Size, value=Size.LARGE), gr.Textbox()
        size.change(lambda *given: repr(given), [colour, size], out)
    with PageUser(demo) as page:
        assert (page.value(colour), page.value(size)) == ("b", 2)
        page.set(size, 1)
        assert page.value(out) == "('b', 1)"


def test_listeners_take_their_blocks_from_any_iterable() -> None:
    with gr.Blocks() as demo:
        boxes = {name: gr.Textbox(name) for name in "ab"}
        outs, buttons = [gr.Textbox(), gr.Textbox()], [gr.Button(), gr.Button()]
        first = gr.on((button.click for button in buttons), lambda *given: given, boxes.values(), iter(outs))
        gr.on(
            fn=lambda *given: given[0], inputs=(box for box in boxes.values()), outputs=outs[0], show_progress="hidden"
        )
        gr.Button().click(None, cancels=iter([first]))
        gr.Button(elem_classes=(name for name in "xy"))

        @gr.render(inputs=boxes.values(), triggers=(button.click for button in buttons))
        def show(*given: str) -> None:
            gr.Textbox("".join(given), label="rendered")

    assert gr.File(file_types={".png"}).file_types == [".png"]
    assert gr.Image(sources=iter(["upload"])).sources == ["upload"]
    assert gr.Button(elem_classes=iter("xy")).elem_classes == ["x", "y"]
    with PageUser(demo) as page:
        page.click(buttons[1])
        assert [page.value(out) for out in outs] == ["a", "b"] and not page.errors
        assert page.value(page.find(gr.Textbox, "rendered")) == "ab"
        page.set(boxes["a"], "c")
        assert page.value(outs[0]) == "c"


# -- values made by functions -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "kind",
    [gr.Textbox, gr.Markdown, gr.Number, gr.Dropdown, gr.Radio, gr.JSON, gr.Slider, gr.Checkbox, gr.CheckboxGroup,
     gr.HTML, gr.Label, gr.Image, gr.File, gr.Button],
)  # fmt: skip
def test_a_function_is_asked_when_the_page_loads_and_by_no_update(kind: Any) -> None:
    calls: list[int] = []
    away: list[int] = []

    def value() -> Any:
        calls.append(1)
        if away:
            raise RuntimeError("the database is away")

    with gr.Blocks() as demo:
        block, button = kind(value=value), gr.Button()
        button.click(lambda: gr.update(visible=True, elem_classes="a"), None, block)
        button.click(lambda: kind(elem_id="b"), None, block)

    before = len(calls)
    with PageUser(demo) as page:
        assert len(calls) == before + 1
        away.append(1)
        page.click(button)
        page.click(button)
        assert len(calls) == before + 1 and page.errors == []
        demo.get_config_file()
        demo.get_api_info()
        assert len(calls) == before + 1


def test_a_function_in_an_update_makes_its_value_once() -> None:
    async def later() -> str:
        return "later"

    with gr.Blocks() as demo:
        block, other, good, bad = gr.Textbox("old"), gr.State("old"), gr.Button(), gr.Button()
        good.click(lambda: gr.Textbox(value=lambda: "new", inputs=[other]), None, block)
        bad.click(lambda: gr.update(value=later), None, block)
    with PageUser(demo) as page:
        page.click(good)
        assert page.value(block) == "new" and not page.errors
        page.click(bad)
        assert page.value(block) == "new" and "Return what it makes" in str(page.errors)


def test_a_function_that_fails_at_first_is_asked_again_when_the_page_loads() -> None:
    answers = iter([1 / 3, "ready"])

    def value() -> Any:
        answer = next(answers)
        return answer if isinstance(answer, str) else {}["nothing"]

    with pytest.warns(UserWarning, match="Textbox: the function value could not make the first value"):
        with gr.Blocks() as demo:
            box = gr.Textbox(value)
    with PageUser(demo) as page:
        assert page.value(box) == "ready" and not page.errors


def test_what_repeats_says_so_to_programs() -> None:
    with gr.Blocks() as demo:
        gr.Textbox(lambda: "now", every=1)
        gr.Textbox(lambda: "now")
        gr.Button().click(lambda: None, every=1)
    kinds = [each["types"]["continuous"] for each in demo.get_config_file()["dependencies"]]
    assert sorted(kinds) == [False, True, True]


def test_bars_inside_bars_are_all_told() -> None:
    tqdm = pytest.importorskip("tqdm")
    seen_bars: list[Any] = []

    def both(progress: Any = gr.Progress(track_tqdm=True)) -> str:
        for _ in tqdm.tqdm(range(2), desc="outer"):
            for _ in progress.tqdm(range(2), desc="middle"):
                with tqdm.tqdm(total=2, desc="inner") as inner:
                    inner.update(1)
                    seen_bars.append([bar.unit.desc for bar in progress.bars])
        seen_bars.append(progress.bars)
        return "done"

    with gr.Blocks() as demo:
        out, button = gr.Textbox(), gr.Button()
        button.click(both, None, out)
    with PageUser(demo) as page:
        page.click(button)
        assert page.value(out) == "done" and not page.errors
    assert seen_bars == [["outer", "middle", "inner"]] * 4 + [[]]
