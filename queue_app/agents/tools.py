"""Which tools, resources and prompts of an app a visitor has."""

from __future__ import annotations

from typing import TYPE_CHECKING

from auth_app.databases import in_thread
from blocks_app.mcp.tools import Tool, chosen, find, tools_of
from queue_app.access.guards import permitted

if TYPE_CHECKING:
    from blocks_app.web.registry import Mount
    from queue_app.agents.request import AgentRequest

_ATTACHMENT = "agent_tools"


async def visible_tools(request: AgentRequest) -> list[Tool]:
    """What this visitor may use of what the address names."""
    mount, allowed = request.mount, []
    for tool in chosen(await _all_tools(mount), request.wanted):
        if await permitted(mount, request.identity, tool.dependency):
            allowed.append(tool)
    return allowed


async def visible_tool(request: AgentRequest, name: str, kind: str = "tool") -> Tool | None:
    """The one of this name, if this visitor may use it."""
    tool = find(chosen(await _all_tools(request.mount), request.wanted), name, kind)
    if tool is None or not await permitted(request.mount, request.identity, tool.dependency):
        return None
    return tool


async def _all_tools(mount: Mount) -> list[Tool]:
    """Every one of the app; kept until its page changes. Reads values of components: not on the loop."""
    version, found = mount.attachments.get(_ATTACHMENT, (None, []))
    if version != mount.blocks.version:
        version = mount.blocks.version
        found = await in_thread(tools_of, mount.blocks)
        mount.attachments[_ATTACHMENT] = version, found
    tools: list[Tool] = found
    return tools
