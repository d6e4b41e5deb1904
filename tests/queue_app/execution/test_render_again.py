"""What gr.render has built is built again: after a restart, in another process, and when it was put away."""

from __future__ import annotations

import random
from typing import Any

import pytest

import blocks_app as gr
from queue_app.exceptions import NotYours, UnknownFunction
from queue_app.testing import PageUser

LOCAL = {"BACKEND": "django.core.cache.backends.locmem.LocMemCache", "LOCATION": "parts"}


@pytest.fixture
def cache(settings: Any) -> Any:
    """State lives in a cache, as with several processes."""
    from django.core.cache import caches

    settings.CACHES = {"default": LOCAL}
    settings.BLOCKS_STATE_CACHE = "default"
    caches["default"].clear()
    return caches["default"]


def tasks() -> gr.Blocks:
    """Each process declares this for itself."""
    with gr.Blocks() as demo:
        names = gr.State(["a", "b"])
        out = gr.Textbox(label="Out")

        @gr.render(inputs=names)
        def show(now):
            for number, name in enumerate(now):
                box = gr.Textbox(name, label=f"Task {name}", key=name)
                count = gr.State(0)

                def done(text, count, number=number, now=now):
                    now.append(f"{text}{count}")
                    return now, f"{number} {text}", count + 1

                gr.Button(f"Do {name}").click(done, [box, count], [names, out, count])

        @gr.render(inputs=out)
        def outer(text):
            word = gr.Textbox(text, label="Outer")

            @gr.render(inputs=word)
            def inner(word):
                gr.Button("Deep").click(lambda: f"deep {word}", None, out)

    return demo


def completed(messages: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [each["output"] for each in messages if each["msg"] == "process_completed"]


def listeners(output: dict[str, Any]) -> list[int]:
    return [each["id"] for each in output["render_config"]["dependencies"]]


async def test_another_process_builds_it_again_from_what_is_kept(bench: Any, cache: Any) -> None:
    one = bench(tasks())
    await one.submit(None)
    number = listeners(completed(await one.messages())[-1])[1]
    await one.engine.close()
    other = bench(tasks())
    other.mount.key = one.mount.key
    other.engine.store.entries.owner = one.mount.key
    await other.engine.rendered(other.job(fn=number))
    await other.submit("x", None, fn=number)
    assert completed(await other.messages())[-1]["data"] == [None, "1 x", None]
    assert other.engine.session("s").state.values[1] == ["a", "b", "x0"]


async def test_a_render_in_one_process_is_known_to_the_other(bench: Any, cache: Any) -> None:
    one, other = bench(tasks()), bench(tasks())
    other.engine.store.entries.owner = one.engine.store.entries.owner
    await one.submit(None)
    old = listeners(completed(await one.messages())[-1])
    assert (await other.engine.rendered(other.job(fn=old[0]))).name == "done"
    await other.submit("x", None, fn=old[0])
    await other.submit(None)
    new = listeners(completed(await other.messages())[-1])
    assert len(new) == 3 and not set(new) & set(old)
    await one.engine.rendered(one.job(fn=new[2]))
    await one.submit("y", None, fn=new[2])
    assert completed(await one.messages())[-1]["data"][1] == "2 y"
    with pytest.raises(UnknownFunction, match="out of date"):
        await one.engine.rendered(one.job(fn=old[0]))


async def test_states_inside_go_with_their_part(bench: Any, cache: Any) -> None:
    one, other = bench(tasks()), bench(tasks())
    other.engine.store.entries.owner = one.engine.store.entries.owner
    await one.submit(None)
    number = listeners(completed(await one.messages())[-1])[0]
    for _ in range(2):
        await one.submit("x", None, fn=number)
    await one.messages()
    await other.engine.rendered(other.job(fn=number))
    await other.submit("z", None, fn=number)
    await other.messages()
    assert other.engine.session("s").state.values[1][-1] == "z2"


async def test_a_part_inside_a_part_is_built_with_it(bench: Any) -> None:
    here = bench(tasks())
    await here.submit("w", fn=1)
    config = completed(await here.messages())[-1]["render_config"]
    inner = config["dependencies"][0]["id"]
    await here.submit("w", fn=inner)
    deep = listeners(completed(await here.messages())[-1])[0]
    renders = here.engine.session("s").state.renders
    renders.rest()
    assert not renders.trees and renders.find(deep) is None
    await here.engine.rendered(here.job(fn=deep))
    await here.submit(fn=deep)
    assert completed(await here.messages())[-1]["data"] == ["deep w"]


def test_when_nobody_looks_it_is_put_away_and_built_again_on_return() -> None:
    demo = tasks()
    with PageUser(demo) as page:
        box, button = page.find(gr.Textbox, "Task b"), page.find(gr.Button, "Do b")
        page.set(box, "typed")
        page.disconnect()
        page.pass_time(100)
        assert not page.engine.session(page.session_hash).state.renders.trees
        assert page.find(gr.Button, "Do b") is button
        page.reconnect()
        page.click(button)
        assert page.errors == []
        assert page.value(demo.blocks[2]) == "1 typed"


async def test_a_function_that_builds_something_else_is_not_trusted(bench: Any) -> None:
    with gr.Blocks() as demo:

        @gr.render()
        def show():
            for number in range(random.randrange(10**6) % 7 + next(sizes)):
                gr.Button(str(number)).click(lambda: None)

    sizes = iter([10, 20])
    here = bench(demo)
    await here.submit()
    number = listeners(completed(await here.messages())[-1])[0]
    here.engine.session("s").state.renders.rest()
    with pytest.raises(UnknownFunction, match="out of date. Please reload"):
        await here.engine.rendered(here.job(fn=number))


async def test_no_session_reaches_what_was_built_for_another(bench: Any) -> None:
    here = bench(tasks())
    await here.submit(None, identity_key="ada")
    number = listeners(completed(await here.messages())[-1])[0]
    with pytest.raises(NotYours):
        await here.engine.rendered(here.job(fn=number, identity_key="eve"))
    for session in ("other", "s2"):
        with pytest.raises(UnknownFunction):
            await here.engine.rendered(here.job(fn=number, session=session, identity_key="ada"))
        with pytest.raises(UnknownFunction):
            await here.submit("x", None, fn=number, session=session, identity_key="ada")


async def test_listeners_of_sessions_leave_nothing_behind_in_the_queue(bench: Any) -> None:
    here = bench(tasks())
    groups = set(here.engine.scheduler.by_key)
    for session in ("s", "t"):
        await here.submit(None, session=session)
        number = listeners(completed(await here.messages(session))[-1])[0]
        for _ in range(3):
            await here.submit("x", None, fn=number, session=session)
        await here.messages(session)
    assert set(here.engine.scheduler.by_key) == groups
    assert here.engine.scheduler.idle == len(groups)
    assert not set(here.engine.estimates.means) - groups


def test_old_parts_and_their_states_are_let_go() -> None:
    ended: list[Any] = []
    with gr.Blocks() as demo:
        again = gr.Button("Again")

        @gr.render(triggers=[demo.load, again.click])
        def show():
            number = gr.State(0, delete_callback=ended.append)
            gr.Button("More").click(lambda number: number + 1, number, number)

    with PageUser(demo) as page:
        state = page.engine.session(page.session_hash).state
        for _ in range(3):
            page.click(page.find(gr.Button, "More"))
            page.click(again)
        assert ended == [1, 1, 1]
        assert not state.values
        page.disconnect()
        page.pass_time(100)
        assert state.renders.trees, "a part whose States tell of their end stays until the end"
