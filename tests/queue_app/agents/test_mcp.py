"""An app as agents use it: by the official package's own client, over HTTP, in both generations of the protocol."""

from __future__ import annotations

import asyncio
import base64
import threading
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from typing import Any

import httpx
import httpx2
import pytest
from mcp import Client, MCPError, types
from mcp.client.streamable_http import streamable_http_client

import blocks_app as gr

PATIENCE = 30
#: A picture of one pixel.
PIXEL = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
ended, running, go_on = threading.Event(), threading.Event(), threading.Event()


def count(word: str, letter: str = "r") -> int:
    """Count a letter in a word.

    Args:
        word: where to look.
        letter: what to count.

    Returns:
        How often it stands there.
    """
    return word.count(letter)


def far(steps, progress=gr.Progress()):
    """Take some steps."""
    for _ in progress.tqdm(range(int(steps)), desc="walking"):
        gr.Info("on the way")
    go_on.wait(PATIENCE)
    return f"{steps:g} taken"


def endless():
    try:
        while True:
            running.set()
            yield "more"
            go_on.wait(0.01)
    finally:
        ended.set()


def refused(word):
    raise gr.Error(f"No {word} here.")


def secret(word):
    raise ValueError("inner matters")


@gr.mcp.tool(name="shout", description="Loudly.", structured_output=True, _meta={"kind": "test"})
def upper(word: str) -> str:
    return word.upper()


@gr.mcp.resource("notes://{name}")
def note(name: str) -> str:
    """A note."""
    return f"note of {name}"


@gr.mcp.resource("pictures://pixel", mime_type="image/png")
def picture() -> str:
    return PIXEL


@gr.mcp.resource("pages://{number}")
def page(number: int) -> str:
    return f"page {number + 1}"


@gr.mcp.prompt
def ask(topic: str, tone: str = "kind") -> str:
    """Ask about something.

    Args:
        topic: about what.
    """
    return f"Explain {topic} in a {tone} way."


def told(x_team: gr.Header) -> str:
    return str(x_team)


def app() -> gr.Blocks:
    with gr.Blocks(title="Words") as demo:
        word, letter, number = gr.Textbox(label="Word"), gr.Textbox("r"), gr.Number(3, label="Steps")
        text, image, shown = gr.Textbox(), gr.Image(label="Picture", type="pil"), gr.Image()
        button, kept = gr.Button(), gr.State(1)
        button.click(count, [word, letter], number, api_name="predict")
        button.click(far, number, text)
        button.click(endless, None, text)
        button.click(refused, word, text)
        button.click(secret, word, text)
        button.click(lambda value, kept: ({"seen": value}, kept + 1), [word, kept], [gr.JSON(), kept], api_name="look")
        button.click(lambda value: value.rotate(90), image, shown, api_name="turn")
        button.click(lambda: None, api_visibility="private")
        button.click(lambda: "x", None, text, api_visibility="undocumented", api_name="hidden")
        for fn in (upper, note, page, picture, ask, told):
            gr.api(fn)
    return demo


@pytest.fixture(scope="module")
def url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    demo = app()
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("GRADIO_TEMP_DIR", str(tmp_path_factory.mktemp("store")))
        launched = demo.launch(mcp_server=True, prevent_thread_lock=True, quiet=True)
        yield f"{launched.local_url}gradio_api/mcp/"
        demo.close(verbose=False)


@asynccontextmanager
async def client(url: str, mode: str = "auto", **headers: str) -> AsyncIterator[Client]:
    async with httpx2.AsyncClient(headers=headers, timeout=PATIENCE) as http:
        async with Client(streamable_http_client(url, http_client=http), mode=mode) as found:
            yield found


def words(result: types.CallToolResult) -> str:
    return "\n".join(each.text for each in result.content if isinstance(each, types.TextContent))


@pytest.mark.parametrize("mode", ["auto", "legacy"])
async def test_each_public_endpoint_is_a_tool_with_schema_and_docstring(url: str, mode: str) -> None:
    async with client(url, mode) as agent:
        tools = {each.name: each for each in (await agent.list_tools()).tools}
        assert list(tools) == ["count", "far", "endless", "refused", "secret", "look", "turn", "shout", "told"]
        assert tools["count"].description == "Count a letter in a word. Returns: How often it stands there."
        schema = tools["count"].input_schema
        assert schema["properties"]["word"] == {"type": "string", "description": "where to look."}
        assert (schema["properties"]["letter"]["default"], schema["required"]) == ("r", ["word"])
        assert list(tools["look"].input_schema["properties"]) == ["value"]  # and no State
        assert tools["told"].input_schema["properties"] == {}
        result = await agent.call_tool("count", {"word": "strawberry"})
        assert (words(result), result.is_error) == ("3", False)


async def test_the_name_of_the_endpoint_works_as_well(url: str) -> None:
    async with client(url) as agent:
        assert words(await agent.call_tool("predict", {"word": "pepper", "letter": "p"})) == "3"


async def test_results_are_texts_and_json(url: str) -> None:
    async with client(url) as agent:
        assert words(await agent.call_tool("look", {"value": "äöü"})) == '{"seen":"äöü"}'
        assert words(await agent.call_tool("count", {"word": "r" * 100_000})) == "100000"
        loud = await agent.call_tool("shout", {"word": "hey"})
        assert (words(loud), loud.structured_content) == ("HEY", {"result": "HEY"})
        assert loud.meta is not None
        assert loud.meta["kind"] == "test"


MISTAKES: list[tuple[str, dict[str, Any], str]] = [
    ("refused", {"word": "milk"}, "No milk here."),
    ("secret", {"word": "x"}, "secret failed. The server's log says why."),
    ("count", {}, "No value provided for required argument: word"),
    ("count", {"word": 5}, "The argument `word` does not fit: 5 is not of type 'string'."),
    ("count", {"word": "x", "colour": 1}, "Parameter `colour` is not a valid"),
    ("hidden", {}, "There is no tool 'hidden' here."),
    ("note", {"name": "x"}, "There is no tool 'note' here."),
    ("turn", {"value": "/etc/passwd"}, "this file was not uploaded here"),
    ("turn", {"value": "http://127.0.0.1/x.png"}, "does not fetch files from other addresses"),
    ("turn", {"value": "data:image/png;base64,#"}, "no base64"),
]


async def test_what_goes_wrong_is_told_in_words(url: str) -> None:
    async with client(url) as agent:
        for name, arguments, text in MISTAKES:
            result = await agent.call_tool(name, arguments)
            assert (result.is_error, text in words(result)) == (True, True), words(result)
            assert "inner matters" not in words(result)


@pytest.mark.parametrize("mode", ["auto", "legacy"])
async def test_progress_comes_while_the_function_runs(url: str, mode: str) -> None:
    seen: list[tuple[float, float | None, str | None]] = []
    go_on.clear()

    async def notice(progress: float, total: float | None, message: str | None) -> None:
        seen.append((progress, total, message))
        if message == "walking: 3 of 3 steps":
            go_on.set()  # only now the function goes on

    async with client(url, mode) as agent:
        result = await agent.call_tool("far", {"steps": 3}, progress_callback=notice)
    assert words(result) == "3 taken"
    numbers = [each[0] for each in seen]
    assert numbers == sorted(set(numbers))
    assert (3, 3, "walking: 3 of 3 steps") in seen
    assert "Info: on the way" in [each[2] for each in seen]


async def wait_for(event: threading.Event) -> None:
    assert await asyncio.to_thread(event.wait, PATIENCE)


@pytest.mark.parametrize("mode", ["auto", "legacy"])
async def test_yields_are_progress_and_who_leaves_stops_the_function(url: str, mode: str) -> None:
    ended.clear()
    first = asyncio.Event()

    async def notice(progress: float, total: float | None, message: str | None) -> None:
        if message == "more":
            first.set()

    async with client(url, mode) as agent:
        call = asyncio.create_task(agent.call_tool("endless", progress_callback=notice))
        await asyncio.wait_for(first.wait(), PATIENCE)
        call.cancel()
        await wait_for(ended)
        assert words(await agent.call_tool("count", {"word": "rr"})) == "2"  # and its place is free


def rpc(method: str, number: Any = None, **params: Any) -> dict[str, Any]:
    return {"jsonrpc": "2.0", "method": method, "params": params} | ({} if number is None else {"id": number})


TAKES = {"Accept": "application/json, text/event-stream"}
HELLO = rpc("initialize", 0, protocolVersion="2025-06-18", capabilities={}, clientInfo={"name": "test", "version": "1"})


async def test_a_notification_cancels_a_call_of_the_same_session_alone(url: str) -> None:
    ended.clear()
    running.clear()
    async with httpx.AsyncClient(headers=TAKES, timeout=PATIENCE) as http:
        sessions = [(await http.post(url, json=HELLO)).headers["mcp-session-id"] for _ in range(2)]
        mine, other = ({"Mcp-Session-Id": each} for each in sessions)
        call = asyncio.create_task(
            http.post(url, json=rpc("tools/call", 7, name="endless", arguments={}), headers=mine)
        )
        await wait_for(running)
        for headers, number in ((other, 7), (mine, "7"), ({}, 7)):
            told = await http.post(url, json=rpc("notifications/cancelled", requestId=number), headers=headers)
            assert told.status_code == 202
        assert not ended.is_set()
        await http.post(url, json=rpc("notifications/cancelled", requestId=7), headers=mine)
        await wait_for(ended)
        assert (await call).status_code == 200


async def test_the_end_of_a_session_is_the_end_of_its_calls(url: str) -> None:
    ended.clear()
    running.clear()
    async with httpx.AsyncClient(headers=TAKES, timeout=PATIENCE) as http:
        session = {"Mcp-Session-Id": (await http.post(url, json=HELLO)).headers["mcp-session-id"]}
        call = asyncio.create_task(
            http.post(url, json=rpc("tools/call", 1, name="endless", arguments={}), headers=session)
        )
        await wait_for(running)
        assert (await http.delete(url, headers=session)).status_code == 200
        await wait_for(ended)
        await call


@pytest.mark.parametrize("mode", ["auto", "legacy"])
async def test_resources_and_prompts(url: str, mode: str) -> None:
    async with client(url, mode) as agent:
        assert [str(each.uri) for each in (await agent.list_resources()).resources] == ["pictures://pixel"]
        templates = (await agent.list_resource_templates()).resource_templates
        assert [(each.uri_template, each.description) for each in templates] == [
            ("notes://{name}", "A note."),
            ("pages://{number}", ""),
        ]
        number = (await agent.read_resource("pages://41")).contents[0]
        assert isinstance(number, types.TextResourceContents)
        assert number.text == "page 42"
        with pytest.raises(MCPError, match="'x' is not of type 'integer'"):
            await agent.read_resource("pages://x")
        text = (await agent.read_resource("notes://a%20b")).contents[0]
        assert isinstance(text, types.TextResourceContents)
        assert text.text == "note of a b"
        blob = (await agent.read_resource("pictures://pixel")).contents[0]
        assert isinstance(blob, types.BlobResourceContents)
        assert (blob.blob, blob.mime_type) == (PIXEL, "image/png")
        with pytest.raises(MCPError, match="There is no resource"):
            await agent.read_resource("notes://a/b")
        [prompt] = (await agent.list_prompts()).prompts
        assert [(each.name, each.required) for each in prompt.arguments or ()] == [("topic", True), ("tone", False)]
        message = (await agent.get_prompt("ask", {"topic": "rain"})).messages[0]
        assert (message.role, message.content.text) == ("user", "Explain rain in a kind way.")  # type: ignore[union-attr]
        with pytest.raises(MCPError, match="required argument: topic"):
            await agent.get_prompt("ask", {})


async def test_pictures_come_and_go_and_the_address_of_one_is_taken_by_the_next_tool(url: str) -> None:
    async with client(url) as agent:
        first = await agent.call_tool("turn", {"value": f"data:image/png;base64,{PIXEL}"})
        image, address = first.content
        assert isinstance(image, types.ImageContent)
        assert base64.b64decode(image.data)
        assert image.mime_type.startswith("image/")
        assert isinstance(address, types.TextContent)
        again = await agent.call_tool("turn", {"value": address.text})
        assert not again.is_error, words(again)


async def test_a_function_reads_a_header_and_an_address_restricts_the_tools(url: str) -> None:
    async with client(f"{url}?tools=told,count", **{"X-Team": "blue"}) as agent:
        assert [each.name for each in (await agent.list_tools()).tools] == ["count", "told"]
        assert words(await agent.call_tool("told")) == "blue"
        assert (await agent.call_tool("far", {"steps": 1})).is_error


NONSENSE: list[tuple[bytes, dict[str, str], int, str]] = [
    (b"", {}, 400, "The request is empty."),
    (b"[1]", {}, 400, "one of MCP's messages at a time"),
    (b"{", {}, 400, "is not JSON"),
    (b"[" * 100_000, {}, 400, "nested too deeply"),
    (b'"\\ud800"', {}, 400, "half of a character"),
    (b"{}", {"Content-Type": "text/plain"}, 415, "Content-Type: application/json"),
    (b"{}", {"Mcp-Session-Id": "x"}, 404, "There is no such session."),
    (b"{}", {"Content-Encoding": "gzip"}, 415, "without a Content-Encoding"),
    (b"{}", {}, 400, "error"),
    (b'{"jsonrpc":"2.0","id":1,"method":"nonsense"}', {}, 200, "Method not found"),
]


def test_nonsense_gets_a_status_and_a_sentence(url: str) -> None:
    with httpx.Client(headers={"Content-Type": "application/json", **TAKES}) as http:
        for body, headers, status, sentence in NONSENSE:
            answer = http.post(url, content=body, headers=headers)
            assert (answer.status_code, sentence in answer.text) == (status, True), answer.text
            assert answer.headers["x-content-type-options"] == "nosniff"


def test_people_are_led_to_the_page_that_tells_how(url: str) -> None:
    led = httpx.get(url, headers={"Accept": "text/html"})
    assert (led.status_code, led.headers["location"].endswith("/?view=api&tab=mcp")) == (303, True)
    page = httpx.get(led.headers["location"])
    assert all(text in page.text for text in (url, "mcpServers", "Count a letter", "notes://{name}", "x-team"))
    refused = httpx.get(url, headers={"Accept": "text/event-stream"})
    assert (refused.status_code, refused.headers["allow"]) == (405, "POST, DELETE")
    old = httpx.get(f"{url}sse", headers={"Accept": "text/event-stream"})
    assert (old.status_code, url in old.json()["detail"]) == (410, True)


def test_the_schema_is_there_for_programs_without_mcp(url: str) -> None:
    found = {each["name"]: each for each in httpx.get(f"{url}schema").json()}
    assert found["count"]["meta"] == {"file_data_present": False, "mcp_type": "tool", "endpoint_name": "predict"}
    assert found["told"]["meta"]["headers"] == ["x-team"]
    kinds = {name: each["meta"]["mcp_type"] for name, each in found.items()}
    assert [name for name, kind in kinds.items() if kind == "resource"] == ["note", "page", "picture"]
    assert found["turn"]["meta"]["file_data_present"]
