"""From a JSON schema to the Python type that `view_api` prints, such as `Literal['a', 'b']` or `filepath`."""

from __future__ import annotations

from typing import Any

_SIMPLE = {"integer": "int", "string": "str", "boolean": "bool", "number": "float", "null": "None"}
_FILE_KEYS = {"path", "url", "orig_name", "mime_type", "is_stream"}


def type_text(schema: dict[str, Any]) -> str:
    """The type as text; `$ref`s are looked up in the top level's `$defs`."""
    return _text(schema, schema.get("$defs", {}))


def _text(schema: Any, defs: dict[str, Any]) -> str:
    if not isinstance(schema, dict) or not schema:
        return "Any"
    if "$ref" in schema:
        return _text(defs.get(schema["$ref"].rsplit("/", 1)[-1], {}), defs)
    if "const" in schema:
        return f"Literal[{schema['const']}]"
    if "enum" in schema:
        return f"Literal[{', '.join(repr(str(item)) for item in schema['enum'])}]"
    for several in ("anyOf", "oneOf"):
        if several in schema:
            return " | ".join(_text(option, defs) for option in schema[several])
    if "allOf" in schema:
        return f"All[{', '.join(_text(option, defs) for option in schema['allOf'])}]"
    return _by_type(schema, defs)


def _by_type(schema: dict[str, Any], defs: dict[str, Any]) -> str:
    kind = schema.get("type")
    if isinstance(kind, list):
        return " | ".join(_by_type({**schema, "type": each}, defs) for each in kind)
    if kind == "array":
        if "prefixItems" in schema:
            return f"tuple[{', '.join(_text(item, defs) for item in schema['prefixItems'])}]"
        return f"list[{_text(schema.get('items', {}), defs)}]"
    if kind == "object":
        return _object(schema, defs)
    if isinstance(kind, str) and kind in _SIMPLE:  # JSON writes an empty object there
        return _SIMPLE[kind]
    if "json" in str(schema.get("description", "")):
        return "str | float | bool | list | dict"
    return "Any"


def _object(schema: dict[str, Any], defs: dict[str, Any]) -> str:
    properties = schema.get("properties", {})
    if properties.keys() >= _FILE_KEYS:
        return "filepath"
    parts = [f"{name}: {_described(each, defs)}" for name, each in properties.items()]
    extra = schema.get("additionalProperties")
    if isinstance(extra, dict) or (extra is True and not parts):
        parts.append(f"str, {_described(extra, defs)}")
    return f"dict({', '.join(parts)})"


def _described(schema: Any, defs: dict[str, Any]) -> str:
    text = _text(schema, defs)
    description = schema.get("description") if isinstance(schema, dict) else None
    return f"{text} ({description})" if description else text
