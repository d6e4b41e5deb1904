"""`gr.mcp`: what an agent is told of an app, its endpoints as tools, resources and prompts, in the words of MCP.

For authors the decorators here; for whoever answers agents, and for the page that tells how, plain data. Nothing here
knows a connection, or imports the official `mcp` package: the first request does.

Interface: `clients`, `marks`, `schemas`, `tools`.
"""

from blocks_app.mcp.marks import prompt, resource, tool

__all__ = ["prompt", "resource", "tool"]
