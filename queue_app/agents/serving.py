"""The official package's server for one app: what it is asked for is answered by jobs of the app's queue.

Each HTTP request gets a transport of its own (`stateless`), so that any process of a site may answer it.
"""

from __future__ import annotations

import asyncio
import base64
import logging
from collections.abc import MutableMapping
from typing import TYPE_CHECKING, Any

from mcp import MCPError, types
from mcp.server.lowlevel import Server
from mcp.server.streamable_http_manager import StreamableHTTPSessionManager

from auth_app.databases import in_thread
from blocks_app.mcp.tools import Tool
from queue_app.agents import results
from queue_app.agents.arguments import typed
from queue_app.agents.calls import Failed, run
from queue_app.agents.request import AgentRequest
from queue_app.agents.resources import find_resource
from queue_app.agents.tools import visible_tool, visible_tools

if TYPE_CHECKING:
    from mcp.server.context import ServerRequestContext

    from blocks_app.web.registry import Mount
    from queue_app.asgi_types import Scope, Send

KEY = "blocks.agent"
_SERVER = "agent_server"
_NOT_FOUND = -32002  # MCP's code for a resource that does not exist

for _name in ("mcp.server.streamable_http_manager", "mcp.server.streamable_http", "mcp.server.lowlevel.server"):
    if (_log := logging.getLogger(_name)).level == logging.NOTSET:
        _log.setLevel(logging.WARNING)  # it tells of each request that it has begun and ended


async def answer(request: AgentRequest, body: bytes, scope: Scope, send: Send) -> None:
    """Have the package answer one request, whose body has been read."""
    came = asyncio.Event()

    async def receive() -> dict[str, Any]:
        if came.is_set():
            await asyncio.get_running_loop().create_future()  # who leaves is noticed by the endpoint
        came.set()
        return {"type": "http.request", "body": body, "more_body": False}

    async def giving(message: MutableMapping[str, Any]) -> None:
        await send(dict(message))

    manager = StreamableHTTPSessionManager(
        server_of(request.mount), json_response=True, stateless=True, max_request_body_size=max(1, len(body))
    )
    async with manager.run():
        await manager.handle_request({**scope, KEY: request}, receive, giving)


def server_of(mount: Mount) -> Server[Any]:
    """The app's server, which keeps nothing of those who ask."""
    kept: Server[Any] | None = mount.attachments.get(_SERVER)
    if kept is None:
        kept = mount.attachments[_SERVER] = Server(
            str(mount.blocks.title),
            version="1",
            get_tool_input_schema=lambda _name: None,  # no argument is sent in a header
            on_list_tools=_list_tools,
            on_call_tool=_call_tool,
            on_list_resources=_list_resources,
            on_list_resource_templates=_list_templates,
            on_read_resource=_read_resource,
            on_list_prompts=_list_prompts,
            on_get_prompt=_get_prompt,
        )
    return kept


def _request(ctx: ServerRequestContext[Any, Any]) -> AgentRequest:
    assert ctx.request is not None
    request: AgentRequest = ctx.request.scope[KEY]
    return request


async def _of_kind(ctx: ServerRequestContext[Any, Any], kind: str) -> list[Tool]:
    return [each for each in await visible_tools(_request(ctx)) if each.mark.kind == kind]


async def _list_tools(ctx: ServerRequestContext[Any, Any], params: Any) -> types.ListToolsResult:
    tools = [
        types.Tool(name=each.name, description=each.description, input_schema=each.schema, _meta=each.mark.meta)
        for each in await _of_kind(ctx, "tool")
    ]
    return types.ListToolsResult(tools=tools)


async def _call_tool(ctx: ServerRequestContext[Any, Any], params: types.CallToolRequestParams) -> types.CallToolResult:
    request = _request(ctx)
    tool = await visible_tool(request, params.name)
    try:
        if tool is None:
            raise Failed(f"There is no tool {params.name!r} here. tools/list names those that there are.")
        message = await run(request, tool, request.arguments or params.arguments or {})
        found, content = await in_thread(_read, request, tool, message)
    except Failed as error:
        return types.CallToolResult.model_validate({"content": [{"type": "text", "text": error.text}], "isError": True})
    made: dict[str, Any] = {"content": content}
    if tool.mark.structured_output:
        made["structuredContent"] = {"result": found[0] if len(found) == 1 else found}
    if tool.mark.meta is not None:
        made["_meta"] = tool.mark.meta
    return types.CallToolResult.model_validate(made)


def _read(request: AgentRequest, tool: Tool, message: bytes) -> tuple[list[Any], list[dict[str, Any]]]:
    found = results.values(tool, message)
    return found, results.content(request, found)


async def _list_resources(ctx: ServerRequestContext[Any, Any], params: Any) -> types.ListResourcesResult:
    found = [
        types.Resource(
            uri=each.mark.uri_template, name=each.name, description=each.description, mime_type=each.mark.mime_type
        )
        for each in await _of_kind(ctx, "resource")
        if not each.parameters
    ]
    return types.ListResourcesResult(resources=found)


async def _list_templates(ctx: ServerRequestContext[Any, Any], params: Any) -> types.ListResourceTemplatesResult:
    found = [
        types.ResourceTemplate(
            uri_template=each.mark.uri_template,
            name=each.name,
            description=each.description,
            mime_type=each.mark.mime_type,
        )
        for each in await _of_kind(ctx, "resource")
        if each.parameters
    ]
    return types.ListResourceTemplatesResult(resource_templates=found)


async def _read_resource(
    ctx: ServerRequestContext[Any, Any], params: types.ReadResourceRequestParams
) -> types.ReadResourceResult:
    request, uri = _request(ctx), str(params.uri)
    found = find_resource(await _of_kind(ctx, "resource"), uri)
    if found is None:
        raise MCPError(_NOT_FOUND, f"There is no resource {uri} here.")
    tool, arguments = found
    try:
        message = await run(request, tool, typed(tool, arguments))
        contents = await in_thread(_contents, request, tool, message, uri)
    except Failed as error:
        raise MCPError(types.INTERNAL_ERROR, error.text) from error
    return types.ReadResourceResult.model_validate({"contents": [contents]})


def _contents(request: AgentRequest, tool: Tool, message: bytes, uri: str) -> dict[str, Any]:
    value: Any = next(iter(results.values(tool, message)), None)
    kind = tool.mark.mime_type
    made = {"uri": uri, "mimeType": kind}
    if results.is_file(value):
        return {**made, "blob": base64.b64encode(results.whole_file(request, value)).decode()}
    text = results.text_of(value)
    return {**made, "text" if kind.startswith("text/") or kind == "application/json" else "blob": text}


async def _list_prompts(ctx: ServerRequestContext[Any, Any], params: Any) -> types.ListPromptsResult:
    found = []
    for tool in await _of_kind(ctx, "prompt"):
        needed = tool.schema.get("required", ())
        arguments = [
            types.PromptArgument(name=name, description=str(each.get("description", "")), required=name in needed)
            for name, each in tool.schema["properties"].items()
        ]
        found.append(types.Prompt(name=tool.name, description=tool.description, arguments=arguments))
    return types.ListPromptsResult(prompts=found)


async def _get_prompt(
    ctx: ServerRequestContext[Any, Any], params: types.GetPromptRequestParams
) -> types.GetPromptResult:
    request = _request(ctx)
    tool = await visible_tool(request, params.name, "prompt")
    if tool is None:
        raise MCPError(types.INVALID_PARAMS, f"There is no prompt {params.name!r} here.")
    try:
        message = await run(request, tool, typed(tool, request.arguments or params.arguments or {}))
        value = next(iter(await in_thread(results.values, tool, message)), None)
    except Failed as error:
        raise MCPError(types.INVALID_PARAMS, error.text) from error
    messages = [{"role": role, "content": {"type": "text", "text": text}} for role, text in _messages(value)]
    return types.GetPromptResult.model_validate({"description": tool.description, "messages": messages})


def _messages(value: Any) -> list[tuple[str, str]]:
    """A text of the user's, or a conversation as a list of messages."""
    if isinstance(value, list) and value and all(isinstance(each, dict) and "content" in each for each in value):
        return [
            ("assistant" if each.get("role") == "assistant" else "user", results.text_of(each["content"]))
            for each in value
        ]
    return [("user", results.text_of(value))]
