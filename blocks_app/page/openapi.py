"""`openapi.json`: the public endpoints for programs that read OpenAPI, which is JSON schema with words of its own."""

from __future__ import annotations

from collections.abc import Collection
from typing import TYPE_CHECKING, Any

from blocks_app.page.api_schema import api_info

if TYPE_CHECKING:
    from blocks_app.declaration.declared_page import DeclaredPage

#: Of the OpenAPI specification.
VERSION = "3.0.2"
PREFIX = "/gradio_api"
_FILE_KEYS = {"path", "orig_name", "meta"}
_FILE = {
    "type": "object",
    "description": f"A file: the path that POST {PREFIX}/upload answered.",
    "properties": {
        "path": {"type": "string"},
        "orig_name": {"type": "string", "nullable": True},
        "meta": {"type": "object", "properties": {"_type": {"type": "string", "enum": ["gradio.FileData"]}}},
    },
    "required": ["path", "meta"],
}


def openapi_document(blocks: DeclaredPage, root: str, pages: Collection[str] | None = None) -> dict[str, Any]:
    """The document of an app at the address `root`, which has no slash at its end; see `api_info` for `pages`."""
    paths: dict[str, Any] = {f"{PREFIX}/upload": {"post": _upload()}}
    for name, info in api_info(blocks, pages=pages)["named_endpoints"].items():
        paths[f"{PREFIX}/call/v2{name}"] = {"post": _start(name, info)}
        paths[f"{PREFIX}/call{name}/{{event_id}}"] = {"get": _result(name, info)}
    return {
        "openapi": VERSION,
        "info": {"title": blocks.title, "description": "", "version": "1"},
        "servers": [{"url": root}],
        "paths": paths,
        "components": {"schemas": {"FileData": _FILE}},
    }


def _upload() -> dict[str, Any]:
    files = {"type": "array", "items": {"type": "string", "format": "binary"}}
    form = {"type": "object", "properties": {"files": files}, "required": ["files"]}
    return {
        "summary": "Upload files",
        "operationId": "upload",
        "requestBody": {"required": True, "content": {"multipart/form-data": {"schema": form}}},
        "responses": {
            "200": _answer("A path for each file", {"type": "array", "items": {"type": "string"}}),
            "413": {"description": "A file is larger than this app takes"},
        },
    }


def _start(name: str, info: dict[str, Any]) -> dict[str, Any]:
    parameters = info["parameters"]
    body: dict[str, Any] = {
        "type": "object",
        "properties": {each["parameter_name"]: _parameter(each) for each in parameters},
    }
    if needed := [each["parameter_name"] for each in parameters if not each["parameter_has_default"]]:
        body["required"] = needed
    content: dict[str, Any] = {"schema": body}
    if parameters:
        sample = {each["parameter_name"]: each["example_input"] for each in parameters}
        content["examples"] = {"example1": {"value": sample}}
    return {
        "summary": info["description"].partition("\n")[0] or f"Call {name}",
        "description": f"{info['description']}\n\nThe answer names the event whose result GET {PREFIX}/call{name}/"
        "{event_id} tells.",
        "operationId": name.strip("/").replace("/", "_"),
        "requestBody": {"required": True, "content": {"application/json": content}},
        "responses": {
            "200": _answer("The call has begun", {"type": "object", "properties": {"event_id": {"type": "string"}}}),
            "401": {"description": "The app needs a login"},
        },
    }


def _result(name: str, info: dict[str, Any]) -> dict[str, Any]:
    values = ", ".join(f"{each['label']} ({each['python_type']['type']})" for each in info["returns"]) or "nothing"
    event = {"name": "event_id", "in": "path", "required": True, "schema": {"type": "string"}}
    return {
        "summary": f"What {name} answers",
        "description": "A stream of server-sent events: `generating` for each step, and at last `complete` or `error`. "
        f"Their data is a JSON array of: {values}.",
        "operationId": f"{name.strip('/').replace('/', '_')}_result",
        "parameters": [event],
        "responses": {
            "200": {"description": "The events", "content": {"text/event-stream": {"schema": {"type": "string"}}}}
        },
    }


def _answer(description: str, schema: dict[str, Any]) -> dict[str, Any]:
    return {"description": description, "content": {"application/json": {"schema": schema}}}


def _parameter(info: dict[str, Any]) -> dict[str, Any]:
    schema = _plain(info["type"], info["type"].get("$defs", {}))
    if "$ref" in schema:
        return schema  # nothing may stand beside it
    schema.setdefault("title", info["label"])
    if info["parameter_default"] is not None:
        schema["default"] = info["parameter_default"]
    return schema


def _plain(schema: Any, defs: dict[str, Any]) -> dict[str, Any]:
    """A JSON schema in the words of OpenAPI 3.0, which has neither `const`, `null`, `prefixItems` nor `$defs`."""
    if not isinstance(schema, dict):
        return {}
    if "$ref" in schema:
        return _plain(defs.get(schema["$ref"].rsplit("/", 1)[-1], {}), defs)
    if schema.get("properties", {}).keys() >= _FILE_KEYS:
        return {"$ref": "#/components/schemas/FileData"}
    made = {key: value for key, value in schema.items() if key in _KEPT}
    if "const" in schema:
        made["enum"] = [schema["const"]]
    for several in ("anyOf", "oneOf", "allOf"):
        if several in schema:
            _choose(made, several, schema[several], defs)
    if isinstance(schema.get("type"), list):
        _choose(made, "anyOf", [{"type": each} for each in schema["type"]], defs)
        made.pop("type", None)
    if "properties" in schema:
        made.setdefault("type", "object")
        made["properties"] = {name: _plain(each, defs) for name, each in schema["properties"].items()}
    if made.get("type") == "array":
        made["items"] = _plain(schema.get("items", {}), defs)
    extra = schema.get("additionalProperties")
    if extra is not None:
        made["additionalProperties"] = _plain(extra, defs) if isinstance(extra, dict) else extra
    return made


def _choose(made: dict[str, Any], word: str, options: list[Any], defs: dict[str, Any]) -> None:
    left = [each for each in options if not (isinstance(each, dict) and each.get("type") == "null")]
    if len(left) < len(options):
        made["nullable"] = True
    if len(left) == 1 and word != "allOf":
        only = _plain(left[0], defs)
        made.update({"allOf": [only]} if "$ref" in only else only)
    else:
        made[word] = [_plain(each, defs) for each in left]


_KEPT = {
    "title", "description", "type", "format", "enum", "default", "required", "minItems", "maxItems", "uniqueItems",
    "minimum", "maximum", "multipleOf", "minLength", "maxLength", "pattern",
}  # fmt: skip
