"""A function has the same key in every process that declares the same page."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import blocks_app as gr
from blocks_app.listeners.dependency import Dependency

PROGRAM = """
import blocks_app as gr

def shout(text):
    return text.upper()

def made(number):
    return lambda text: text * number

with gr.Blocks() as demo:
    box, button = gr.Textbox(), gr.Button()
    for fn in (shout, made(1), made(2), shout, "".join):
        button.click(fn, box, box)

print([(each.concurrency_key, each.batch_key, each.measured_as) for each in demo.dependencies.values()])
"""


def page(*functions: Callable[..., object]) -> list[Dependency]:
    with gr.Blocks() as demo:
        box, button = gr.Textbox(), gr.Button()
        for fn in functions:
            button.click(fn, box, box)
    return list(demo.dependencies.values())


def shout(text: str) -> str:
    return text.upper()


def test_one_function_has_one_key_and_two_of_one_name_have_two() -> None:
    made = [lambda text, n=number: text * n for number in range(2)]
    first, one, two, again = page(shout, *made, shout)
    assert first.function == again.function and first.concurrency_key == again.concurrency_key
    assert first.function is not None and first.function.name == f"{__name__}:shout"
    assert one.function is not None and two.function is not None
    assert one.function.name == two.function.name and (one.function.number, two.function.number) == (0, 1)


def test_a_page_that_is_placed_in_another_shares_the_functions_with_it() -> None:
    with gr.Blocks() as inner:
        gr.Button().click(shout, gr.Textbox(), gr.Textbox())
    with gr.Blocks() as outer:
        gr.Button().click(shout, gr.Textbox(), gr.Textbox())
        inner.render()
    one, two = outer.dependencies.values()
    assert one.concurrency_key == two.concurrency_key


def test_a_program_and_who_imports_it_say_the_same_keys(tmp_path: Path) -> None:
    (tmp_path / "shop.py").write_text(PROGRAM)
    env = {**os.environ, "PYTHONPATH": os.pathsep.join([str(Path(gr.__file__).parents[1]), str(tmp_path)])}
    output = [
        subprocess.run([sys.executable, *how], cwd=tmp_path, env=env, capture_output=True, text=True, check=True).stdout
        for how in (["shop.py"], ["-c", "import shop"], ["-m", "shop"])
    ]
    assert len(set(output)) == 1 and "shop:made.<locals>.<lambda>" in output[0]
