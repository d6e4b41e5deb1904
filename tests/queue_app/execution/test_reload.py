"""A page that is loaded anew shows what was declared, and the server takes it at its word."""

from __future__ import annotations

import blocks_app as gr
from queue_app.testing import PageUser
from tests.hanging import Hanging
from tests.queue_app.transport.test_consumers import E1, E2, Page


def offering() -> gr.Blocks:
    with gr.Blocks() as demo:
        pick, out = gr.Dropdown(["a", "b"]), gr.Textbox()
        gr.Button().click(lambda: gr.Dropdown(choices=["x"]), None, pick)
        gr.Button().click(lambda value: f"got {value}", pick, out)
    return demo


async def chosen(page: Page, value: str, event_id: str) -> bool:
    """Whether the server takes this choice."""
    page.send(type="submit", event_id=event_id, fn_index=1, data=[value])
    return bool((await page.messages())[-1][1]["success"])


async def test_only_a_page_that_is_loaded_anew_forgets_what_updates_have_changed(bench, settings) -> None:
    settings.ALLOWED_HOSTS = ["*"]
    b = bench(offering())
    page = Page(b)
    page.send(type="submit", event_id="0" * 32, fn_index=0, data=[])
    last = (await page.messages())[-1][0]
    await page.leave()
    back = Page(b, f"session_hash=s&after={last}")
    assert await chosen(back, "x", E1)
    number = b.engine.session("s").outbox.number
    await back.leave()
    anew = Page(b, f"session_hash=s&after={number}&anew=1")
    assert await chosen(anew, "a", E2)
    await anew.leave()


def test_a_simulated_user_reloads_in_the_same_way() -> None:
    demo = offering()
    (pick,), (out,), (offer, choose) = (_of(demo, cls) for cls in (gr.Dropdown, gr.Textbox, gr.Button))
    with PageUser(demo) as page:
        page.click(offer)
        page.set(pick, "x")
        page.click(choose)
        assert page.value(out) == "got x"
        page.reload()
        assert page.prop(pick, "choices") == [("a", "a"), ("b", "b")]
        page.set(pick, "a")
        page.click(choose)
        assert page.value(out) == "got a" and not page.errors


def test_a_reload_ends_what_skips_the_queue_as_its_request_closes() -> None:
    hang = Hanging()
    with gr.Blocks() as demo:
        button = gr.Button()
        button.click(hang, None, None, queue=False)
    with PageUser(demo) as page:
        page.click(button, wait=False)
        assert hang.began.wait(10)
        page.reload()
        assert hang.stopped.wait(10) and not page.errors


def _of(demo: gr.Blocks, cls: type) -> list:
    return [block for block in demo.blocks.values() if type(block) is cls]
