"""T43: what agents can do by MCP is off until it is wanted, and is never more than their visitor may do by the page."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any

import httpx2
import pytest
from mcp import Client, types
from mcp.client.streamable_http import streamable_http_client

import blocks_app as gr
from queue_app.exceptions import LaunchError
from queue_app.server.launch_options import LaunchArguments, launch_options
from tests.security.live import Live

PLACE = "gradio_api/mcp/"
HELLO = {
    "jsonrpc": "2.0",
    "id": 0,
    "method": "initialize",
    "params": {"protocolVersion": "2025-06-18", "capabilities": {}, "clientInfo": {"name": "t", "version": "1"}},
}
TAKES = {"Accept": "application/json, text/event-stream"}
TOKENS = {"a": "ann", "b": "bob"}
waiting, go_on = threading.Event(), threading.Event()


def who(request: Any) -> str | None:
    return TOKENS.get(request.headers.get("Authorization", "").removeprefix("Bearer "))


def hold() -> str:
    waiting.set()
    go_on.wait(30)
    return "held"


def app() -> gr.Blocks:
    with gr.Blocks() as demo:
        text, file, shown = gr.Textbox(), gr.File(), gr.Textbox()
        button = gr.Button()
        button.click(greet, text, shown)
        button.click(lambda value: f"read {value}", file, shown, api_name="read")
        button.click(hold, None, shown)
        button.click(lambda: "x", None, shown, api_name="for_ann", permission=lambda user: user.username == "ann")
    return demo


def greet(word: str, request: gr.Request) -> str:
    return f"{word} {request.username}"


@asynccontextmanager
async def agent(live: Live, token: str = "") -> AsyncIterator[Client]:
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    async with httpx2.AsyncClient(headers=headers, timeout=30) as http:
        async with Client(streamable_http_client(f"{live.url}{PLACE}", http_client=http)) as found:
            yield found


async def words(client: Client, name: str, **arguments: Any) -> str:
    result = await client.call_tool(name, arguments)
    return "".join(each.text for each in result.content if isinstance(each, types.TextContent))


def test_it_is_off_until_it_is_asked_for(serve: Callable[..., Live], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("GRADIO_MCP_SERVER", raising=False)
    live = serve(app())
    for path in (PLACE, "mcp", f"{PLACE}http", f"{PLACE}schema"):
        refused = live.ask(path) if path.endswith("schema") else live.post(path, HELLO, **TAKES)
        assert (refused.status, "launch(mcp_server=True)" in refused.json["detail"]) == (404, True)
    assert live.ask("config").json["mcp_server"] is False
    monkeypatch.setenv("GRADIO_MCP_SERVER", "true")
    assert launch_options((), {}).mount_options().mcp_server
    assert launch_options((), {"mcp_server": False}).mount_options().mcp_server is False


def test_without_the_package_that_is_said_at_the_launch(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("queue_app.server.launch_options.find_spec", lambda name: None)
    with pytest.raises(LaunchError, match=r"pip install 'blocks-on-django\[mcp\]'"):
        LaunchArguments(mcp_server=True)


async def test_agents_are_whom_their_token_says_and_see_what_they_may_use(serve: Callable[..., Live]) -> None:
    live = serve(app(), mcp_server=True, auth_dependency=who)
    assert live.post(PLACE, HELLO, **TAKES).status == 401
    assert live.ask(f"{PLACE}schema").status == 401
    async with agent(live, "a") as ann, agent(live, "b") as bob:
        assert [each.name for each in (await ann.list_tools()).tools] == ["greet", "read", "hold", "for_ann"]
        assert [each.name for each in (await bob.list_tools()).tools] == ["greet", "read", "hold"]
        assert await asyncio.gather(words(ann, "greet", word="hi"), words(bob, "greet", word="hi")) == [
            "hi ann",
            "hi bob",
        ]
        assert await words(ann, "for_ann") == "x"
        assert "There is no tool" in await words(bob, "for_ann")


async def test_nobody_reads_the_files_of_others(serve: Callable[..., Live]) -> None:
    live = serve(app(), mcp_server=True, auth_dependency=who)
    form = b'--b\r\nContent-Disposition: form-data; name="files"; filename="x.txt"\r\n\r\nx\r\n--b--\r\n'
    kind = "multipart/form-data; boundary=b"
    [path] = await asyncio.to_thread(
        lambda: live.ask("gradio_api/upload", form, Content_Type=kind, Authorization="Bearer a").json
    )
    async with agent(live, "a") as ann, agent(live, "b") as bob:
        assert (await words(ann, "read", value=path)).startswith("read ")
        for tried in (path, f"{live.url}gradio_api/file={path}"):
            assert "was not uploaded here" in await words(bob, "read", value=tried)


async def test_agents_count_in_the_rate_limit(serve: Callable[..., Live], settings: Any) -> None:
    settings.BLOCKS_RATE_LIMIT = "2/d"
    live = serve(app(), mcp_server=True)
    async with agent(live) as client:
        assert [await words(client, "greet", word="a") for _ in range(2)] == ["a None"] * 2
        assert "2 in 86400 seconds are allowed" in await words(client, "greet", word="a")
    assert (await asyncio.to_thread(live.run, "greet", "a")).status == 429  # nor elsewhere


async def test_agents_wait_in_the_queue_and_are_refused_when_it_is_full(serve: Callable[..., Live]) -> None:
    waiting.clear()
    go_on.clear()
    demo = app()
    demo.queue(max_size=1)
    live = serve(demo, mcp_server=True)
    async with agent(live) as client:
        first = asyncio.create_task(words(client, "hold"))
        await asyncio.to_thread(waiting.wait, 30)
        second = asyncio.create_task(words(client, "hold"))
        third = asyncio.create_task(words(client, "hold"))
        done, _ = await asyncio.wait({second, third}, return_when=asyncio.FIRST_COMPLETED, timeout=30)
        assert "Queue is full" in done.pop().result()
        go_on.set()
        assert await first == "held"
        await asyncio.wait({second, third}, timeout=30)


def test_pages_of_other_sites_and_other_names_of_this_host_are_refused(serve: Callable[..., Live]) -> None:
    live = serve(app(), mcp_server=True)
    assert live.post(PLACE, HELLO, **TAKES).status == 200
    assert live.post(PLACE, HELLO, **TAKES, Origin="https://evil.example").status == 403
    assert live.post(PLACE, HELLO, **TAKES, Sec_Fetch_Site="cross-site").status == 403
    assert live.post(PLACE, HELLO, **TAKES, Host="evil.example").status == 400


def test_a_body_has_an_end(serve: Callable[..., Live], settings: Any) -> None:
    settings.BLOCKS_MAX_BODY_SIZE = 10_000
    live = serve(app(), mcp_server=True, max_file_size=100)
    assert live.post(PLACE, {**HELLO, "more": "x" * 20_000}, **TAKES).status == 413
    call = {"name": "read", "arguments": {"value": f"data:text/plain;base64,{'QUJD' * 100}"}}
    answer = live.post(PLACE, {"jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": call}, **TAKES)
    assert "maximum allowed size of 100 bytes" in answer.json["result"]["content"][0]["text"]


def test_who_logs_in_by_a_cookie_needs_the_token_of_the_page_or_its_origin(serve: Callable[..., Live]) -> None:
    live = serve(app(), mcp_server=True, auth=("ann", "secret"))
    form = b"username=ann&password=secret"
    login = live.ask("login", form, Content_Type="application/x-www-form-urlencoded")
    cookie = login.headers["set-cookie"].partition(";")[0]
    assert live.post(PLACE, HELLO, **TAKES).status == 401
    assert live.post(PLACE, HELLO, **TAKES, Cookie=cookie).status == 200  # a program has logged in
    assert live.post(PLACE, HELLO, **TAKES, Cookie=cookie, Origin="https://evil.example").status == 403
