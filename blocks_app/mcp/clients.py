"""How an app is entered into the clients that people use: a text to copy for each."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass

from django.utils.translation import gettext as _


@dataclass(frozen=True, slots=True)
class ClientEntry:
    """A client, where its text goes, and the text."""

    name: str
    place: str
    code: str


def entries(title: str, address: str) -> list[ClientEntry]:
    """For the app of this title, whose MCP address is `address`."""
    name = re.sub(r"[^a-z0-9]+", "-", title.lower()).strip("-") or "app"
    return [
        ClientEntry("Claude Code", _("In a terminal"), f"claude mcp add --transport http {name} {address}"),
        ClientEntry("Cursor", "~/.cursor/mcp.json", _servers({name: {"url": address}})),
        ClientEntry("VS Code", ".vscode/mcp.json", _servers({name: {"type": "http", "url": address}}, "servers")),
        ClientEntry(
            "Claude Desktop",
            f"claude_desktop_config.json ({_('needs Node.js')})",
            _servers({name: {"command": "npx", "args": ["-y", "mcp-remote", address]}}),
        ),
        ClientEntry("Windsurf", "~/.codeium/windsurf/mcp_config.json", _servers({name: {"serverUrl": address}})),
        ClientEntry("Cline", "cline_mcp_settings.json", _servers({name: {"type": "streamableHttp", "url": address}})),
        ClientEntry("Python", "pip install mcp", _PYTHON.format(address=address)),
    ]


def _servers(entry: dict[str, object], word: str = "mcpServers") -> str:
    return json.dumps({word: entry}, indent=2)


_PYTHON = """\
import asyncio
from mcp import Client


async def main():
    async with Client("{address}") as client:
        for tool in (await client.list_tools()).tools:
            print(tool.name, "-", tool.description)


asyncio.run(main())"""
