"""What a JSON schema describes, as a type of Python's is written."""

from __future__ import annotations

from typing import Any

_NAMES = {"string": "str", "integer": "int", "number": "float", "boolean": "bool", "null": "None"}
_FILE = frozenset(("path", "url", "orig_name", "mime_type", "is_stream"))


def json_schema_to_python_type(schema: Any) -> str:
    """The type as text, such as `list[filepath]` or `Literal['a', 'b']`; a file is `filepath`."""
    return _typed(schema, schema.get("$defs") or {} if isinstance(schema, dict) else {}, 0)


def _typed(schema: Any, defs: dict[str, Any], depth: int) -> str:
    if not isinstance(schema, dict) or not schema or depth > 20:  # one that refers to itself has no end
        return "Any"
    inner = depth + 1
    if isinstance(schema.get("$ref"), str):
        return _typed(defs.get(schema["$ref"].rpartition("/")[2]), defs, inner)
    if "const" in schema:
        return f"Literal[{schema['const']}]"
    if "enum" in schema:
        return "Literal[" + ", ".join(f"'{each}'" for each in schema["enum"]) + "]"
    for key in ("anyOf", "oneOf"):
        if key in schema:
            return " | ".join(_typed(each, defs, inner) for each in schema[key])
    if "allOf" in schema:
        return "All[" + ", ".join(_typed(each, defs, inner) for each in schema["allOf"]) + "]"
    kind = schema.get("type")
    if isinstance(kind, list):
        return " | ".join(_typed({**schema, "type": each}, defs, inner) for each in kind)
    if kind == "array":
        if "prefixItems" in schema:
            return "tuple[" + ", ".join(_typed(each, defs, inner) for each in schema["prefixItems"]) + "]"
        return f"list[{_typed(schema.get('items'), defs, inner)}]"
    if kind == "object":
        return _object(schema, defs, inner)
    return _NAMES.get(str(kind), "Any")


def _object(schema: dict[str, Any], defs: dict[str, Any], depth: int) -> str:
    properties = schema.get("properties") or {}
    if _FILE.issubset(properties):
        return "filepath"
    parts = [f"{name}: {_typed(each, defs, depth)}" for name, each in properties.items()]
    more = schema.get("additionalProperties")
    if isinstance(more, dict):
        parts.append(f"str, {_typed(more, defs, depth)}")
    return f"dict({', '.join(parts)})"
