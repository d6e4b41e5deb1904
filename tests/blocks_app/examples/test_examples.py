"""Examples: what may be given, what is shown, what a click fills."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

import blocks_app as gr
from blocks_app.exceptions import DeclarationError
from queue_app.testing import PageUser


@pytest.fixture(autouse=True)
def stored_apart(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GRADIO_TEMP_DIR", str(tmp_path / "stored"))
    for name in ("GRADIO_CACHE_EXAMPLES", "GRADIO_CACHE_MODE", "GRADIO_EXAMPLES_CACHE"):
        monkeypatch.delenv(name, raising=False)


def choose(user: PageUser, examples: gr.Examples, number: int) -> None:
    user.set(examples.dataset, number)
    user.fire(examples.dataset, "click", number)


def test_a_click_fills_the_inputs() -> None:
    with gr.Blocks() as demo:
        name, age = gr.Textbox(label="Name"), gr.Number(label="Age")
        examples = gr.Examples([["Ada", 36], ["Alan", 41]], [name, age])
    assert examples.dataset.props()["headers"] == ["Name", "Age"]
    with PageUser(demo) as user:
        choose(user, examples, 1)
        assert (user.value(name), user.value(age)) == ("Alan", 41)


def test_values_alone_are_enough_for_one_input() -> None:
    with gr.Blocks() as demo:
        name = gr.Textbox()
        examples = gr.Examples(("Ada", "Alan"), name)
    assert examples.examples == [["Ada"], ["Alan"]]
    with PageUser(demo) as user:
        choose(user, examples, 0)
        assert user.value(name) == "Ada"


def test_an_input_without_any_value_is_no_column_and_left_alone() -> None:
    with gr.Blocks() as demo:
        name, note, age = gr.Textbox(label="Name"), gr.Textbox("kept"), gr.Number(label="Age")
        examples = gr.Examples([["Ada", None, 36], ["Alan", None, None], ["Grace"]], [name, note, age])
    assert examples.inputs_with_examples == [name, age]
    assert examples.dataset.samples == [["Ada", 36], ["Alan", None], ["Grace", None]]
    with PageUser(demo) as user:
        choose(user, examples, 0)
        assert [user.value(each) for each in (name, note, age)] == ["Ada", "kept", 36]
        choose(user, examples, 2)  # a row that is too short leaves the rest alone
        assert [user.value(each) for each in (name, note, age)] == ["Grace", "kept", 36]
        choose(user, examples, 1)
        assert [user.value(each) for each in (name, note, age)] == ["Alan", "kept", None]


def test_the_function_runs_after_a_click_where_that_is_wanted() -> None:
    with gr.Blocks() as demo:
        name, greeting = gr.Textbox(), gr.Textbox()
        examples = gr.Examples(["Ada"], name, greeting, lambda name: f"Hi {name}", run_on_click=True)
    with PageUser(demo) as user:
        choose(user, examples, 0)
        assert user.value(greeting) == "Hi Ada"


def test_programs_go_on_after_the_inputs_are_filled() -> None:
    with gr.Blocks() as demo:
        name, length = gr.Textbox(), gr.Number()
        examples = gr.Examples(["Ada"], name)
        assert examples.load_input_event is not None
        examples.load_input_event.then(len, name, length)
    with PageUser(demo) as user:
        choose(user, examples, 0)
        assert user.value(length) == 3


def test_the_columns_that_are_hidden_are_filled_too() -> None:
    with gr.Blocks() as demo:
        name, age, city = gr.Textbox(), gr.Number(), gr.Textbox()
        examples = gr.Examples([["Ada", 36, "London"]], [name, age, city], visible_columns=[2, 0, 0])
    assert examples.dataset.samples == [["Ada", "London"]]
    with PageUser(demo) as user:
        choose(user, examples, 0)
        assert [user.value(each) for each in (name, age, city)] == ["Ada", 36, "London"]


def test_samples_that_the_app_shows_instead_fill_what_they_have() -> None:
    with gr.Blocks() as demo:
        name, age = gr.Textbox(), gr.Number(1)
        examples = gr.Examples([["Ada", 36]], [name, age], visible_columns=[0])
        other = gr.Button("Other")
        other.click(lambda: gr.Dataset(samples=[["Grace"]]), None, examples.dataset)
    with PageUser(demo) as user:
        user.click(other)
        choose(user, examples, 0)
        assert (user.value(name), user.value(age)) == ("Grace", 1)


def test_labels_stand_for_the_examples() -> None:
    with gr.Blocks():
        examples = gr.Examples(
            [["a", 1]], [gr.Textbox(), gr.Number()], example_labels=["First"], label="Try", visible=False
        )
    props = examples.dataset.props()
    assert (props["sample_labels"], props["label"], props["visible"]) == (["First"], "Try", False)


def test_a_folder_gives_its_files_to_one_input(tmp_path: Path) -> None:
    for name in ("b.txt", "a.txt", ".hidden"):
        (tmp_path / name).write_text(name)
    with gr.Blocks() as demo:
        file = gr.File()
        examples = gr.Examples(str(tmp_path), file)
    assert [Path(row[0]).name for row in examples.examples] == ["a.txt", "b.txt"]
    with PageUser(demo) as user:
        choose(user, examples, 1)
        first = user.value(file)
        assert first["orig_name"] == "b.txt"
        choose(user, examples, 1)
        assert user.value(file) == first  # stored once


def test_a_folder_with_a_table_gives_a_column_to_each_input(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("a")
    (tmp_path / "log.csv").write_text(
        'file,name,age,fine,kinds,flag\na.txt,7,3.5,True,"[""x"", ""y""]",\n,Zoë,,False,"[\'x\']",\n', encoding="utf-8"
    )
    with gr.Blocks():
        inputs = [gr.File(), gr.Textbox(), gr.Number(), gr.Checkbox(), gr.CheckboxGroup(["x", "y"])]
        examples = gr.Examples(str(tmp_path), inputs)
    assert examples.examples == [
        [str(tmp_path / "a.txt"), "7", 3.5, True, ["x", "y"]],
        [None, "Zoë", None, False, ["x"]],
    ]


def test_a_folder_that_is_not_there_or_tells_too_little(tmp_path: Path) -> None:
    with gr.Blocks(), pytest.raises(FileNotFoundError, match="Could not find examples directory: nowhere"):
        gr.Examples("nowhere", gr.Textbox())
    with gr.Blocks(), pytest.raises(FileNotFoundError, match="Could not find log file .required for multiple inputs"):
        gr.Examples(str(tmp_path), [gr.Textbox(), gr.Textbox()])


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ({"examples": None}, "a list of rows"),
        ({"examples": {"a": 1}}, "not dict"),
        ({"examples": ["a", "b"]}, "with 2 inputs each example is a list"),
        ({"examples": [["a", 1], "b"]}, "'b' is none"),
        ({"visible_columns": []}, "at least one column"),
        ({"visible_columns": [2]}, "that of one of the 2 inputs"),
        ({"visible_columns": [True]}, "that of one of the 2 inputs"),
        ({"example_labels": ["one", "two"]}, "2 example_labels for 1 examples"),
        ({"cache_examples": True}, "`fn` and `outputs` must be provided"),
        ({"cache_examples": "yes"}, "must be one of: True, False, 'lazy'"),
        ({"cache_mode": "soon"}, "'eager', 'lazy' or None"),
        ({"run_on_click": True}, "no function is provided"),
    ],
    ids=str,
)
def test_what_cannot_work_is_told_at_once(arguments: dict[str, Any], words: str) -> None:
    with gr.Blocks(), pytest.raises(DeclarationError, match=words):
        gr.Examples(**{"examples": [["a", 1]], "inputs": [gr.Textbox(), gr.Number()], **arguments})


def test_none_at_all_are_fine() -> None:
    with gr.Blocks() as demo:
        gr.Examples([], [gr.Textbox(), gr.Number()])
    assert len(demo.dependencies) == 1


def test_a_state_has_its_example_for_each_visitor() -> None:
    with gr.Blocks() as demo:
        kept, seen, add = gr.State([]), gr.JSON(), gr.Button()
        examples = gr.Examples([[["a"]]], kept)
        add.click(lambda kept: (kept.append("b"), kept)[1], kept, seen)
    with PageUser(demo) as one, PageUser(demo) as other:
        for user in (one, other):
            choose(user, examples, 0)
            user.click(add)
            assert user.value(seen) == ["a", "b"]


def test_examples_made_outside_are_connected_by_hand() -> None:
    name = gr.Textbox(render=False)
    with pytest.warns(UserWarning, match="examples.create"):
        examples = gr.Examples(["Ada"], name)
    with gr.Blocks() as demo:
        name.render()
        examples.dataset.render()
        examples.create()
        examples.create()
    assert len(demo.dependencies) == 1
    with PageUser(demo) as user:
        choose(user, examples, 0)
        assert user.value(name) == "Ada"


def test_examples_inside_a_part_that_is_built_at_run_time() -> None:
    with gr.Blocks() as demo:
        made: list[gr.Examples] = []

        @gr.render()
        def part() -> None:
            name, greeting = gr.Textbox(key="name"), gr.Textbox(key="greeting")
            made.append(gr.Examples(["Ada"], name, greeting, str.upper, cache_examples=True))

    with PageUser(demo) as user:
        dataset = user.find(gr.Dataset)
        user.set(dataset, 0)
        user.fire(dataset, "click", 0)
        assert [user.value(user.find(gr.Textbox, index=each)) for each in (0, 1)] == ["Ada", "ADA"]


def test_ten_thousand_rows_cost_nothing_before_they_are_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[Any] = []
    monkeypatch.setattr(gr.Textbox, "postprocess", lambda self, value: (asked.append(value), value)[1])
    with gr.Blocks() as demo:
        name = gr.Textbox()
        examples = gr.Examples([[str(number)] for number in range(10_000)], name)
    assert not asked
    with PageUser(demo) as user:
        choose(user, examples, 0)  # the page is described by then
        asked.clear()
        choose(user, examples, 9_999)
        assert (user.value(name), asked) == ("9999", ["9999"])


def test_an_update_whose_value_is_made_already_is_not_made_again() -> None:
    with gr.Blocks() as demo:
        day, button = gr.JSON(), gr.Button()
        button.click(lambda: gr.update(value={"a": 1}, label="Day"), None, day, postprocess=False)
    with PageUser(demo) as user:
        user.click(button)
        assert (user.value(day), user.prop(day, "label")) == ({"a": 1}, "Day")
