"""`BLOCKS_ENGINE`: which class runs the events of an app."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.exceptions import ImproperlyConfigured

import blocks_app as gr
from blocks_app.web.registry import mount, unmount
from queue_app import checks
from queue_app.execution.engine import close_engine, engine_of
from queue_app.execution.memory_engine import MemoryEngine


class Another(MemoryEngine):
    """An engine of a project's own."""


class Unfinished:
    """No engine yet."""

    async def submit(self, job: object) -> None: ...


def make() -> None: ...


WRONG = [
    ("queue_app.nowhere.Engine", "cannot be imported: No module named 'queue_app.nowhere'"),
    ("nodots", "cannot be imported"),
    (f"{__name__}.Missing", "cannot be imported"),
    (f"{__name__}.Unfinished", "which is no engine: it has no cancel, rendered, run_direct"),
    (f"{__name__}.make", "which is no engine: it is no class"),
]


async def test_the_class_that_is_named_runs_the_events(settings: Any) -> None:
    settings.BLOCKS_ENGINE = f"{__name__}.Another"
    with gr.Blocks() as demo:
        gr.Textbox()
    mounted = mount(demo)
    try:
        assert type(engine_of(mounted)) is Another
        assert list(checks.check_engine()) == []
    finally:
        await close_engine(mounted)
        unmount(demo)


@pytest.mark.parametrize(("path", "words"), WRONG)
async def test_what_is_no_engine_is_told_by_the_check_and_at_the_first_event(
    settings: Any, path: str, words: str
) -> None:
    settings.BLOCKS_ENGINE = path
    [reported] = checks.check_engine()
    assert reported.id == "blocks.E042" and words in reported.msg and path in reported.msg
    with gr.Blocks() as demo:
        gr.Textbox()
    with pytest.raises(ImproperlyConfigured, match="BLOCKS_ENGINE"):
        engine_of(mount(demo))
    unmount(demo)


def test_left_out_it_costs_the_check_nothing(settings: Any) -> None:
    assert list(checks.check_engine()) == []
