"""gr.render: parts of the page that are built while it is open."""

from __future__ import annotations

import pytest

import blocks_app as gr
from blocks_app.exceptions import DeclarationError, NoContextError
from blocks_app.rendering.render_record import FIRST
from queue_app.testing import PageUser


@pytest.fixture
def words():
    """One row per word, with a button that shouts it."""
    with gr.Blocks() as demo:
        demo.text = gr.Textbox("a b", label="Text")
        demo.out = gr.Textbox(label="Out")

        @gr.render(inputs=demo.text)
        def show(text):
            for number, word in enumerate(text.split()):
                with gr.Row():
                    box = gr.Textbox(word, label=f"Word {number}", key=number)
                    button = gr.Button(f"Shout {number}")
                button.click(lambda word, number=number: f"{number} {word.upper()}!", box, demo.out)

    return demo


def test_a_part_is_built_on_load_and_again_when_an_input_changes(words):
    with PageUser(words) as page:
        assert page.value(page.find(gr.Textbox, "Word 1")) == "b"
        page.set(words.text, "a b c")
        assert page.value(page.find(gr.Textbox, "Word 2")) == "c"
        page.set(words.text, "")
        with pytest.raises(LookupError):
            page.find(gr.Textbox)


def test_listeners_inside_work_each_with_its_own_closure(words):
    with PageUser(words) as page:
        page.set(page.find(gr.Textbox, "Word 1"), "there")
        page.click(page.find(gr.Button, "Shout 1"))
        assert page.value(words.out) == "1 THERE!"
        page.click(page.find(gr.Button, "Shout 0"))
        assert page.value(words.out) == "0 A!"


def test_what_was_typed_stays_with_its_key_and_new_values_come_where_nothing_was_typed(words):
    with PageUser(words) as page:
        page.set(page.find(gr.Textbox, "Word 0"), "typed")
        page.set(words.text, "x y z")
        assert [page.value(page.find(gr.Textbox, f"Word {number}")) for number in range(3)] == ["typed", "y", "z"]
        page.click(page.find(gr.Button, "Shout 0"))
        assert page.value(words.out) == "0 TYPED!"


def test_two_visitors_do_not_disturb_each_other(words):
    with PageUser(words) as one, PageUser(words) as other:
        one.set(words.text, "only")
        assert other.value(other.find(gr.Textbox, "Word 1")) == "b"
        other.click(other.find(gr.Button, "Shout 1"))
        one.click(one.find(gr.Button, "Shout 0"))
        assert (one.value(words.out), other.value(words.out)) == ("0 ONLY!", "1 B!")


def test_state_events_and_chains_inside_and_state_outside():
    with gr.Blocks() as demo:
        tasks = gr.State([])
        add = gr.Button("Add")
        log = gr.Textbox(label="Log")
        add.click(lambda tasks: [*tasks, f"task {len(tasks)}"], tasks, tasks)

        @gr.render(inputs=tasks)
        def show(now):
            for task in now:
                count = gr.State(0)
                more = gr.Button(f"more {task}")
                seen = gr.Number(label=task)
                drop = gr.Button(f"drop {task}")
                more.click(lambda n: (n + 1, n + 1), count, [count, seen])
                gone = drop.click(lambda tasks, task=task: [each for each in tasks if each != task], tasks, tasks)
                gone.then(lambda task=task: f"dropped {task}", None, log)

    with PageUser(demo) as page:
        page.click(add)
        page.click(add)
        page.click(page.find(gr.Button, "more task 1"))
        page.click(page.find(gr.Button, "more task 1"))
        assert page.value(page.find(gr.Number, "task 1")) == 2
        page.click(page.find(gr.Button, "drop task 0"))
        assert page.value(log) == "dropped task 0"
        assert page.value(page.find(gr.Number, "task 1")) is None  # without a key it is another one
        page.click(page.find(gr.Button, "more task 1"))
        assert page.value(page.find(gr.Number, "task 1")) == 1
        with pytest.raises(LookupError):
            page.find(gr.Button, "drop task 0")


def test_triggers_a_row_in_a_row_and_event_data():
    with gr.Blocks() as demo:
        button = gr.Button("Build")
        out = gr.Textbox()
        with gr.Row():

            @gr.render(triggers=[button.click])
            def show(request: gr.Request):
                radio = gr.Radio(["a", "b"], label="Choose", key="radio")

                @radio.select(outputs=out)
                def chosen(event: gr.SelectData):
                    return f"{event.target.label}: {event.value} {bool(request.session_hash)}"

    part = next(each for each in demo.dependencies.values() if each.renders is not None)
    assert isinstance(part.renders.container, gr.Row)
    with PageUser(demo) as page:
        with pytest.raises(LookupError):
            page.find(gr.Radio)
        page.click(button)
        page.select(page.find(gr.Radio), 1, "b")
        assert page.value(out) == "Choose: b True"


def test_nested_renders_build_and_vanish_with_the_one_around():
    with gr.Blocks() as demo:
        depth = gr.Number(1, label="Depth")
        out = gr.Textbox()

        @gr.render(inputs=depth)
        def outer(depth):
            for number in range(int(depth)):
                word = gr.Textbox(f"w{number}", label=f"Inner {number}", key=f"word {number}")

                @gr.render(inputs=word, key=f"part {number}")
                def inner(text, number=number):
                    kept = gr.Textbox(label=f"Kept {number}", key="kept")
                    gr.Button(f"{number}:{text}").click(lambda kept: kept, kept, out)

    with PageUser(demo) as page:
        page.set(page.find(gr.Textbox, "Kept 0"), "mine")
        page.set(page.find(gr.Textbox, "Inner 0"), "new")
        page.click(page.find(gr.Button, "0:new"))
        assert page.value(out) == "mine"
        page.set(depth, 2)
        page.click(page.find(gr.Button, "1:w1"))
        assert page.value(out) in (None, "")
        assert page.value(page.find(gr.Textbox, "Kept 0")) == "mine"
        page.set(depth, 0)
        with pytest.raises(LookupError):
            page.find(gr.Textbox)


def test_what_appears_raises_no_change_but_what_gets_another_value_does():
    with gr.Blocks() as demo:
        text, seen = gr.Textbox("a"), gr.Textbox("nothing")

        @gr.render(inputs=text)
        def show(text):
            kept, new = gr.Textbox(text, key="kept"), gr.Textbox(text)
            gr.on([kept.change, new.change], lambda *values: " ".join(values), [kept, new], seen)

    with PageUser(demo) as page:
        assert page.value(seen) == "nothing"
        page.set(text, "b")
        assert page.history(seen) == ["b b"]


def test_options_that_updates_changed_are_preserved_where_the_key_says_so():
    with gr.Blocks() as demo:
        again = gr.Button("Again")

        @gr.render(triggers=[demo.load, again.click])
        def show():
            kept = gr.Dropdown(["a"], label="Kept", key="kept", preserved_by_key=["choices", "value"])
            plain = gr.Dropdown(["a"], label="Plain", key="plain")
            out = gr.Textbox(label="Out", key="out")
            gr.Button("More").click(lambda: [gr.Dropdown(choices=["a", "z"])] * 2, None, [kept, plain])
            gr.Button("Take").click(lambda value: value, kept, out)

    with PageUser(demo) as page:
        page.click(page.find(gr.Button, "More"))
        page.click(again)
        assert page.prop(page.find(gr.Dropdown, "Kept"), "choices") == [("a", "a"), ("z", "z")] or page.prop(
            page.find(gr.Dropdown, "Kept"), "choices"
        ) == [["a", "a"], ["z", "z"]]
        assert len(page.prop(page.find(gr.Dropdown, "Plain"), "choices")) == 1
        page.set(page.find(gr.Dropdown, "Kept"), "z")
        page.click(page.find(gr.Button, "Take"))
        assert page.errors == []
        assert page.value(page.find(gr.Textbox, "Out")) == "z"


def test_a_component_declared_outside_may_be_placed_inside(words):
    with gr.Blocks() as demo:
        later = gr.Textbox("hello", label="Later", render=False)
        on = gr.Checkbox(True)
        out = gr.Textbox()

        @gr.render(inputs=on)
        def show(on):
            if on:
                later.render()
                gr.Button("Read").click(lambda text: text, later, out)

    with PageUser(demo) as one, PageUser(demo) as other:
        other.set(on, False)
        one.set(one.find(gr.Textbox, "Later"), "changed")
        one.click(one.find(gr.Button, "Read"))
        assert one.value(out) == "changed"
        assert not later.is_rendered


def test_an_error_while_building_is_told_and_the_old_part_stays(words):
    with gr.Blocks() as demo:
        number = gr.Number(1)

        @gr.render(inputs=number)
        def show(number):
            if number > 1:
                raise gr.Error("Too many")
            gr.Textbox(label="Box")

    with PageUser(demo) as page:
        page.set(number, 2)
        assert page.errors == ["Too many"]
        assert page.find(gr.Textbox, "Box")


def test_a_function_as_value_is_asked_for_again_and_repeats_end_with_their_part():
    calls = []
    with gr.Blocks() as demo:
        show_it = gr.Checkbox(True)

        @gr.render(inputs=show_it)
        def show(on):
            async def value():
                calls.append(1)
                return "made"

            if on:
                gr.Textbox(value, label="Made")
                gr.Textbox(lambda: calls.append(2), label="Often", every=0.01)

    with PageUser(demo) as page:
        page.until(lambda: page.value(page.find(gr.Textbox, "Made")) == "made" and 2 in calls)
        page.set(show_it, False)
        assert not page.engine.session(page.session_hash).endless


def test_mistakes_are_told_when_they_are_made():
    with pytest.raises(NoContextError, match=r"with gr\.Blocks"):
        gr.render()(lambda: None)
    with gr.Blocks() as demo:
        with pytest.raises(DeclarationError, match="plain function"):

            @gr.render()
            async def build():
                """Nothing."""

        with pytest.raises(DeclarationError, match="@gr.render()"):
            gr.render(lambda: None)
        with pytest.raises(DeclarationError, match=r"button\.click"):
            gr.render(triggers=["click"])
        box = gr.Textbox()

        @gr.render()
        def twice():
            gr.Textbox(key="same")
            gr.Textbox(key="same")

        @gr.render()
        def stolen():
            box.render()

    with PageUser(demo) as page:
        assert sorted(page.errors) == sorted(
            [
                "Two blocks have the key 'same' in one run of gr.render. Give each a key of its own.",
                f"A block with id: {box._id} has already been rendered in the current Blocks.",
            ]
        )


def test_numbers_of_parts_are_far_from_those_of_the_page(words):
    with PageUser(words) as page:
        assert page.find(gr.Textbox, "Word 0")._id >= FIRST
