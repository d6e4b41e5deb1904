"""The revision of a page: the same wherever the same source is served, another one for another page."""

from __future__ import annotations

import random
import subprocess
import sys
import textwrap
from collections.abc import Callable
from pathlib import Path

import numpy
import pytest

import blocks_app as gr
from blocks_app.page.revision import revision
from blocks_app.web.registry import mount, unmount

PAGE = """
    import pathlib, random, sys
    import django
    from django.conf import settings
    settings.configure(INSTALLED_APPS=["blocks_app"], SECRET_KEY="s")
    django.setup()
    import blocks_app as gr
    from blocks_app.web.registry import mount
    from blocks_app.page.revision import revision
    with gr.Blocks(title="T", css="a {}") as demo:
        now = gr.Textbox(value=lambda: str(random.random()))
        file = gr.File(value=sys.argv[1])
        kept = gr.State(object())
        gr.Button("Go").click(lambda *all: None, [now, file, kept], now)
    print(revision(mount(demo)))
"""


def of(declare: Callable[[], None], **options: object) -> str:
    with gr.Blocks(**options) as demo:  # type: ignore[arg-type]
        declare()
    try:
        return revision(mount(demo))
    finally:
        unmount(demo)


def small() -> None:
    text = gr.Textbox(label="Name", value="Ann")
    gr.Button("Go").click(lambda name: name, text, text)


def test_another_process_has_the_same_revision(tmp_path: Path) -> None:
    file = tmp_path / "kept.txt"
    file.write_text("x")
    command = [sys.executable, "-c", textwrap.dedent(PAGE), str(file)]
    answers = [subprocess.run(command, check=True, capture_output=True, text=True, timeout=60) for _ in range(2)]
    assert len({answer.stdout.strip() for answer in answers}) == 1 and answers[0].stdout.strip()


def test_the_same_declaration_has_the_same_revision() -> None:
    assert of(small) == of(small)


def _label() -> None:
    text = gr.Textbox(label="Your name", value="Ann")
    gr.Button("Go").click(lambda name: name, text, text)


def _value() -> None:
    text = gr.Textbox(label="Name", value="Bob")
    gr.Button("Go").click(lambda name: name, text, text)


def _listener() -> None:
    text = gr.Textbox(label="Name", value="Ann")
    gr.Button("Go").click(lambda name: name, text, None)


def _place() -> None:
    with gr.Row():
        small()


@pytest.mark.parametrize("changed", [_label, _value, _listener, _place])
def test_what_the_page_would_show_or_do_otherwise_is_another_revision(changed: Callable[[], None]) -> None:
    assert of(changed) != of(small)


@pytest.mark.parametrize("options", [{"title": "Other"}, {"css": "a {}"}, {"head": "<meta>"}, {"theme": "soft"}])
def test_the_looks_count_too(options: dict[str, object]) -> None:
    assert of(small, **options) != of(small)


def test_what_a_function_makes_does_not_count() -> None:
    def by_chance() -> None:
        gr.Textbox(value=lambda: str(random.random()))

    assert of(by_chance) == of(by_chance)


def test_options_of_any_library_and_half_characters_have_one_too() -> None:
    with gr.Blocks() as demo:
        gr.Slider(numpy.float64(0), numpy.float32(10), label="half \ud83d")
    try:
        assert revision(mount(demo))
    finally:
        unmount(demo)
