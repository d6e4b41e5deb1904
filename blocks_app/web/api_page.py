"""The page `?view=api`: every public endpoint with its parameters, and how to call it from Python, JavaScript and curl;
and, where the app serves agents, how to enter it into their clients.

Rendered on the server; it needs no script of ours.
"""

from __future__ import annotations

import json
from collections.abc import Collection
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from blocks_app.mcp.clients import entries
from blocks_app.mcp.tools import tools_of
from blocks_app.page.api_schema import api_info

if TYPE_CHECKING:
    from blocks_app.declaration.declared_page import DeclaredPage


@dataclass(frozen=True, slots=True)
class Snippet:
    """A call of an endpoint in one language."""

    language: str
    code: str


@dataclass(frozen=True, slots=True)
class EndpointDoc:
    """What the page shows of one endpoint."""

    name: str
    description: str
    parameters: list[dict[str, Any]]
    returns: list[dict[str, Any]]
    snippets: list[Snippet]


def endpoints(blocks: DeclaredPage, root: str, pages: Collection[str] | None = None) -> list[EndpointDoc]:
    """The public endpoints of an app, or of some of its pages, at the address `root`, which has no slash at its end."""
    named = api_info(blocks, pages=pages)["named_endpoints"]
    return [
        EndpointDoc(
            name,
            info["description"],
            [_parameter_doc(parameter) for parameter in info["parameters"]],
            info["returns"],
            _snippets(name, info["parameters"], root),
        )
        for name, info in named.items()
    ]


def for_agents(blocks: DeclaredPage, root: str, pages: Collection[str] | None = None) -> dict[str, Any]:
    """What the page tells of the app's MCP server: its address, texts to copy, and what it offers."""
    address = f"{root}/gradio_api/mcp/"
    kinds: dict[str, list[Any]] = {"tool": [], "resource": [], "prompt": []}
    for tool in tools_of(blocks, pages):
        kinds[tool.mark.kind].append(tool)
    return {
        "address": address,
        "clients": entries(str(blocks.title), address),
        "tools": kinds["tool"],
        "resources": kinds["resource"],
        "prompts": kinds["prompt"],
    }


def _parameter_doc(parameter: dict[str, Any]) -> dict[str, Any]:
    default = json.dumps(parameter["parameter_default"]) if parameter["parameter_has_default"] else None
    return {**parameter, "default_text": default}


def _snippets(name: str, parameters: list[dict[str, Any]], root: str) -> list[Snippet]:
    samples = [(each["parameter_name"], _sample(each)) for each in parameters]
    return [
        Snippet("Python", _python(name, samples, parameters, root)),
        Snippet("JavaScript", _javascript(name, samples, parameters, root)),
        Snippet("curl", _curl(name, samples, root)),
    ]


def _sample(parameter: dict[str, Any]) -> Any:
    return parameter["parameter_default"] if parameter["parameter_default"] is not None else parameter["example_input"]


def _is_file(parameter: dict[str, Any]) -> bool:
    return bool(parameter["python_type"]["type"] == "filepath")


def _python(name: str, samples: list[tuple[str, Any]], parameters: list[dict[str, Any]], root: str) -> str:
    files = any(map(_is_file, parameters))
    lines = [
        f"from gradio_client import Client{', handle_file' if files else ''}",
        "",
        f'client = Client("{root}/")',
        "result = client.predict(",
    ]
    for (parameter, sample), info in zip(samples, parameters):
        value = 'handle_file("file.png")' if _is_file(info) else repr(sample)
        lines.append(f"    {parameter}={value},")
    return "\n".join([*lines, f'    api_name="{name}",', ")", "print(result)"])


def _javascript(name: str, samples: list[tuple[str, Any]], parameters: list[dict[str, Any]], root: str) -> str:
    lines = ['import { Client } from "@gradio/client";', "", f'const client = await Client.connect("{root}/");']
    lines.append(f'const result = await client.predict("{name}", {{')
    for (parameter, sample), info in zip(samples, parameters):
        value = "file, // a File or Blob" if _is_file(info) else f"{json.dumps(sample)},"
        lines.append(f"  {parameter}: {value}")
    return "\n".join([*lines, "});", "console.log(result.data);"])


def _curl(name: str, samples: list[tuple[str, Any]], root: str) -> str:
    body = json.dumps({"data": [sample for _, sample in samples]}).replace("'", "'\\''")
    address = f"{root}/gradio_api/call{name}"
    return (
        f"event=$(curl -s {address} -H 'Content-Type: application/json' \\\n"
        f"  -d '{body}' | cut -d '\"' -f 4)\n"
        f"curl -N {address}/$event"
    )
