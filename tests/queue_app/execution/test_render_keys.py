"""Functions that a part of the page listens with: whose limit they share."""

from __future__ import annotations

from typing import Any

import blocks_app as gr
from blocks_app.rendering.render_record import FIRST
from blocks_app.rendering.render_runs import renders_of
from queue_app.execution.job import JobSpec
from queue_app.execution.render_listeners import declared
from queue_app.testing.page import AsyncPageUser


def shared(text: str) -> str:
    return text


def page_of_parts() -> gr.Blocks:
    def given(text: str) -> str:
        return text

    with gr.Blocks() as demo:
        box = gr.Textbox()
        box.submit(len, box, box)

        @gr.render()
        def part() -> None:
            own = lambda text: text  # noqa: E731
            for fn in (shared, given, len, own, own, lambda text: text):
                gr.Button().click(fn, box, box)

    return demo


async def keys(user: AsyncPageUser) -> list[Any]:
    """Of the listeners of the one part that the user sees; built again where it was put away."""
    session = user.engine.session(user.session_hash)
    [record] = renders_of(session.state).records.values()
    numbers = [number for number in range(FIRST, FIRST + 50) if record.holds(number)]
    await user.engine.rendered(JobSpec("", user.mount.key, numbers[1], [], user.session_hash, ""))
    [tree] = renders_of(session.state).trees.values()
    return [declared(each, session.hash).key for each in tree.dependencies.values()]


async def test_what_was_there_before_is_shared_and_what_a_run_makes_is_its_sessions_own() -> None:
    demo = page_of_parts()
    async with AsyncPageUser(demo) as one, AsyncPageUser(demo) as other:
        mine, theirs = await keys(one), await keys(other)
    assert mine[:3] == theirs[:3] and mine[2] == next(iter(demo.dependencies.values())).concurrency_key
    assert mine[3] == mine[4] != mine[5] and not set(mine[3:]) & set(theirs[3:])


async def test_a_part_that_is_built_again_has_the_keys_that_it_had() -> None:
    async with AsyncPageUser(page_of_parts()) as user:
        before = await keys(user)
        renders_of(user.engine.session(user.session_hash).state).rest()
        assert await keys(user) == before
