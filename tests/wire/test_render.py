"""gr.render as programs see it: the shape of Gradio's message, and whose listeners they are."""

from __future__ import annotations

from collections.abc import AsyncIterator
from types import ModuleType, SimpleNamespace
from typing import Any

import pytest
from django.core.handlers.asgi import ASGIHandler
from django.test import override_settings
from django.urls import clear_url_caches, path

import blocks_app as gr
from blocks_app.web import registry
from queue_app.execution.engine import close_engine
from queue_app.transport.routing import BlocksASGI
from tests.wire.asgi_client import Client

# What Gradio 6.31 puts into each, of what its own clients and page read.
CONFIG = {"page", "components", "dependencies", "layout", "render_id"}
COMPONENT = {"id", "type", "props", "skip_api", "component_class_id", "key", "renderable", "rendered_in"}
DEPENDENCY = {
    "id", "targets", "inputs", "outputs", "backend_fn", "js", "queue", "api_name", "scroll_to_output", "show_progress",
    "show_progress_on", "batch", "max_batch_size", "cancels", "types", "collects_event_data", "trigger_after",
    "trigger_only_on_success", "trigger_only_on_failure", "trigger_mode", "rendered_in", "render_id", "connection",
    "time_limit", "stream_every", "api_visibility", "api_description",
}  # fmt: skip


@pytest.fixture
async def client() -> AsyncIterator[Any]:
    """An app that builds a field and a button per word, at /app/."""
    with gr.Blocks() as demo:
        text, out = gr.Textbox(), gr.Textbox()

        @gr.render(inputs=text)
        def show(text: str) -> None:
            for word in text.split():
                box = gr.Textbox(word, key=word)
                gr.Button(word).click(lambda value: f"<{value}>", box, out, api_name="angle")
                box.submit(lambda value: value, box, out, queue=False, api_visibility="private")

    urlconf: Any = ModuleType("urlconf")
    urlconf.urlpatterns = [path("app/", demo.urls)]
    mount = registry.mount(demo)
    with override_settings(ROOT_URLCONF=urlconf, ALLOWED_HOSTS=["testserver"]):
        clear_url_caches()
        yield SimpleNamespace(speak=Client(BlocksASGI(ASGIHandler())), demo=demo)
        await close_engine(mount)
    clear_url_caches()
    registry.unmount(demo)


async def run(client: Any, fn: int, *data: Any, session: str = "s1") -> Any:
    answer = await client.speak.post(
        "/app/gradio_api/queue/join", {"data": list(data), "fn_index": fn, "session_hash": session}
    )
    if answer.status != 200:
        return answer
    stream = await client.speak.get(f"/app/gradio_api/queue/data?session_hash={session}")
    return next(each for each in stream.messages if each["msg"] == "process_completed")["output"]


async def test_the_message_has_the_shape_of_gradio(client: Any) -> None:
    output = await run(client, 0, "a b")
    part = output["render_config"]
    assert output["data"] == [None]
    assert part.keys() >= CONFIG
    assert part["render_id"] == 0 and part["layout"]["id"] == part["components"][0]["id"]
    assert part["page"][""]["dependencies"] == [each["id"] for each in part["dependencies"]]
    assert "rendered_in" not in part["components"][0]
    for component in part["components"][1:]:
        assert component.keys() >= COMPONENT
        assert component["rendered_in"] == component["renderable"] == 0
    for dependency in part["dependencies"]:
        assert dependency.keys() >= DEPENDENCY
        assert (dependency["rendered_in"], dependency["render_id"]) == (0, None)
    assert [each["api_name"] for each in part["dependencies"]] == ["angle", False, "angle_1", False]


async def test_its_listeners_belong_to_the_session_and_to_its_last_runs(client: Any) -> None:
    first = (await run(client, 0, "a"))["render_config"]["dependencies"]
    assert (await run(client, first[0]["id"], "x"))["data"] == ["<x>"]
    for session in ("s2", "s1x"):
        refused = await run(client, first[0]["id"], "x", session=session)
        assert refused.status == 404 and "reload the page" in refused.json["detail"]
    second = (await run(client, 0, "a"))["render_config"]["dependencies"]
    assert first[0]["id"] != second[0]["id"]
    assert (await run(client, first[0]["id"], "x"))["data"] == ["<x>"]  # it may have been on its way
    await run(client, 0, "a")
    assert (await run(client, first[0]["id"], "x")).status == 404
    assert (await run(client, second[0]["id"], "x"))["data"] == ["<x>"]


async def test_a_private_one_is_refused_to_programs_and_none_is_told_in_info(client: Any) -> None:
    part = (await run(client, 0, "a"))["render_config"]
    assert (await run(client, part["dependencies"][1]["id"], "x")).status == 404
    info = (await client.speak.get("/app/gradio_api/info")).json
    assert info["named_endpoints"] == {}


@pytest.mark.parametrize("fn", [99_999_999, 100_000_000, 100_000_001, 2_099_999_999, 2**31, 2**53, 2**63])
async def test_a_guessed_number_finds_nothing(client: Any, fn: int) -> None:
    assert (await run(client, fn, "x", session="guess")).status in (400, 404, 422)
