"""The public endpoints of an app as tools, resources and prompts."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from blocks_app.listeners.header import HeaderName
from blocks_app.mcp.docstrings import Documented, documented
from blocks_app.mcp.marks import Mark, mark_of
from blocks_app.mcp.schemas import has_files, simplified
from blocks_app.page.api_schema import api_info

if TYPE_CHECKING:
    from collections.abc import Iterable

    from blocks_app.declaration.declared_page import DeclaredPage
    from blocks_app.listeners.dependency import Dependency

_LONGEST = 120  # characters of a name; clients allow 128


@dataclass(frozen=True, slots=True, eq=False)
class Tool:
    """One endpoint as agents see it.

    Attributes:
        name: how agents call it.
        description: what they read of it.
        schema: of its arguments, as JSON schema.
        parameters: of the endpoint, as `info` tells them.
        dependency: what is run.
        mark: what `gr.mcp` says of the function.
        headers: of the request, which the function asks for.
    """

    name: str
    description: str
    schema: dict[str, Any]
    parameters: list[dict[str, Any]]
    dependency: Dependency
    mark: Mark
    headers: tuple[str, ...] = ()

    @property
    def takes_files(self) -> bool:
        """Whether a file is among its arguments."""
        return has_files(self.schema)

    def outline(self) -> dict[str, Any]:
        """What `mcp/schema` tells of it."""
        meta: dict[str, Any] = {
            "file_data_present": self.takes_files,
            "mcp_type": self.mark.kind,
            "endpoint_name": self.dependency.api_name,
        }
        if self.headers:
            meta["headers"] = list(self.headers)
        return {"name": self.name, "description": self.description, "inputSchema": self.schema, "meta": meta}


def tools_of(blocks: DeclaredPage, pages: Collection[str] | None = None) -> list[Tool]:
    """Every public endpoint of an app, or of some of its pages."""
    found: list[Tool] = []
    listeners = {f"/{each.api_name}": each for each in blocks.dependencies.values() if each.fn is not None}
    taken: set[str] = set()
    for endpoint, info in api_info(blocks)["named_endpoints"].items():
        dependency = listeners[endpoint]
        mark = mark_of(dependency.fn)
        name = _free_name(mark.name or _function_name(dependency), taken)
        if pages is None or dependency.page_path in pages:  # a name is the same for everybody
            found.append(_tool(name, mark, dependency, info["parameters"]))
    return found


def find(tools: Iterable[Tool], name: str, kind: str = "tool") -> Tool | None:
    """The one of this name; the endpoint's own name does, too, where no other has it."""
    several = [each for each in tools if each.mark.kind == kind]
    named = {each.dependency.api_name: each for each in several} | {each.name: each for each in several}
    return named.get(name)


def chosen(tools: Iterable[Tool], wanted: str | None) -> list[Tool]:
    """Those that the address names (`?tools=add,find`), or all."""
    if wanted is None:
        return list(tools)
    names = {name.strip() for name in wanted.split(",")}
    return [each for each in tools if each.name in names]


def _tool(name: str, mark: Mark, dependency: Dependency, parameters: list[dict[str, Any]]) -> Tool:
    described = documented(_own(dependency))
    schema: dict[str, Any] = {
        "type": "object",
        "properties": {each["parameter_name"]: _property(each, described) for each in parameters},
    }
    if needed := [each["parameter_name"] for each in parameters if not each["parameter_has_default"]]:
        schema["required"] = needed
    injected = dependency.info.injected.values() if dependency.info is not None else ()
    headers = tuple(each.name for each in injected if isinstance(each, HeaderName))
    return Tool(name, _description(mark, dependency, described), schema, parameters, dependency, mark, headers)


def _property(parameter: dict[str, Any], described: Documented) -> dict[str, Any]:
    made = simplified(parameter["type"])
    if text := described.parameters.get(parameter["parameter_name"]):
        made["description"] = f"{text} ({made['description']})" if made.get("description") else text
    label = parameter["label"]
    if parameter["component"] != "Api" and not label.startswith("parameter_"):  # a label that somebody wrote
        made.setdefault("description", label)
    default = parameter["parameter_default"]
    if parameter["parameter_has_default"] and default is not None and not has_files(made):
        made["default"] = default
    return made


def _description(mark: Mark, dependency: Dependency, described: Documented) -> str:
    if mark.description is not None:
        return mark.description
    noted = getattr(_own(dependency), "__doc__", None)
    if dependency.description != (noted.strip() if isinstance(noted, str) else ""):
        return dependency.description  # the listener's own `api_description`
    if not described.returns:
        return described.description
    before = described.description
    if before and not before.endswith("."):
        before += "."
    return f"{before} Returns: {described.returns}".strip()


def _own(dependency: Dependency) -> Any:
    """The author's function, whose docstring is read."""
    fn: Any = dependency.fn
    while inner := getattr(fn, "_same_as", None) or (
        fn.func if hasattr(fn, "func") and hasattr(fn, "keywords") else None
    ):
        fn = inner
    return fn


def _function_name(dependency: Dependency) -> str:
    """What the function is called; one without a name of its own is called as its endpoint."""
    name = dependency.name
    return dependency.api_name if name == "<lambda>" else name


def _free_name(wanted: str, taken: set[str]) -> str:
    base = re.sub(r"[^a-zA-Z0-9]", "_", wanted)[:_LONGEST] or "tool"
    name, number = base, 0
    while name in taken:
        number += 1
        name = f"{base}_{number}"
    taken.add(name)
    return name
