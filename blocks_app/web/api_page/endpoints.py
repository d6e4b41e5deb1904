"""The page `?view=api`: every public endpoint with its parameters, how to call it from programs, and a form to try it;
and, where the app serves agents, how to enter it into their clients.

Rendered on the server, and whole without a script; frontend/api_page.ts lets copy and try.
"""

from __future__ import annotations

import json
from collections.abc import Collection
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from blocks_app.listeners.dependency import Dependency
from blocks_app.mcp.clients import entries
from blocks_app.mcp.tools import tools_of
from blocks_app.page.api_schema import api_info
from blocks_app.web.api_page.snippets import Called, Snippet, sample_of, snippets

if TYPE_CHECKING:
    from blocks_app.declaration.declared_page import DeclaredPage

_LONG = 40  # characters of a text from which on its field has lines


@dataclass(frozen=True, slots=True)
class EndpointDoc:
    """What the page shows of one endpoint."""

    name: str
    description: str
    kind: str
    parameters: list[dict[str, Any]]
    returns: list[dict[str, Any]]
    snippets: list[Snippet]


def endpoints(
    blocks: DeclaredPage, root: str, pages: Collection[str] | None = None, has_login: bool = False
) -> list[EndpointDoc]:
    """The public endpoints of an app, or of some of its pages.

    Args:
        blocks: the app.
        root: its address, which has no slash at its end.
        pages: paths of the pages; None for all.
        has_login: whether programs need a name and a password.
    """
    named = api_info(blocks, pages=pages)["named_endpoints"]
    kinds = {f"/{each.api_name}": _kind(each) for each in blocks.dependencies.values()}
    return [
        EndpointDoc(
            name,
            info["description"],
            kinds[name],
            [_parameter_doc(parameter) for parameter in info["parameters"]],
            info["returns"],
            snippets(Called(name, root, [sample_of(each) for each in info["parameters"]], has_login, kinds[name])),
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


def _kind(dependency: Dependency) -> str:
    """How it answers; see `Called`."""
    if dependency.every is not None:
        return "endless"
    return "values" if dependency.is_generator else "value"


def _parameter_doc(parameter: dict[str, Any]) -> dict[str, Any]:
    default = json.dumps(parameter["parameter_default"]) if parameter["parameter_has_default"] else None
    return {**parameter, "default_text": default, "field": _field(parameter)}


def _field(parameter: dict[str, Any]) -> dict[str, Any]:
    """How the form asks for a value: the kind of its field, what stands there at first, and choices."""
    kind, schema = parameter["python_type"]["type"], parameter["type"]
    sample = sample_of(parameter)
    if sample.is_file:
        return {"kind": "files" if kind != "filepath" else "file"}
    value = sample.value
    if kind == "bool":
        return {"kind": "bool", "value": value is True}
    if isinstance(schema.get("enum"), list):
        choices = [{"text": str(each), "value": json.dumps(each), "chosen": each == value} for each in schema["enum"]]
        return {"kind": "choice", "choices": choices, "empty": value not in schema["enum"]}
    if kind in ("float", "int") and (value is None or isinstance(value, (int, float))):
        return {"kind": "number", "value": "" if value is None else json.dumps(value)}
    if kind == "str" and (value is None or isinstance(value, str)):
        text = value or ""
        return {"kind": "lines" if len(text) > _LONG or "\n" in text else "text", "value": text}
    return {"kind": "json", "value": json.dumps(value, ensure_ascii=False)}
