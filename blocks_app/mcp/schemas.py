"""The schemas of an app's endpoints as agents can use them: complete in themselves, and files as text.

Models write texts, so a file is one: a `data:` URL, or a path or address that this app has given out.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

#: Marks where a file goes in a schema; JSON schema lets `format` name anything.
FILE_FORMAT = "blocks-file"
FILE_TEXT = (
    "A file: a data: URL (data:image/png;base64,...), the path that a POST to gradio_api/upload answered, or the "
    "address of a file that another tool of this server gave."
)
_FILE_KEYS = {"path", "orig_name", "meta"}
_DEEPEST = 12  # levels; what refers to itself ends there
_DROPPED = ("$defs", "additional_description")


def simplified(schema: Any) -> dict[str, Any]:
    """A schema without references, in which each file is a text."""
    return _plain(schema, schema.get("$defs", {}), 0) if isinstance(schema, dict) else {}


def has_files(schema: Any) -> bool:
    """Whether a file goes anywhere in a simplified schema."""
    if isinstance(schema, Mapping):
        return schema.get("format") == FILE_FORMAT or any(map(has_files, schema.values()))
    return isinstance(schema, list) and any(map(has_files, schema))


def with_files(value: Any, schema: Any, file: Callable[[str], Any]) -> Any:
    """A value of a simplified schema in which each text that stands for a file is what `file` makes of it."""
    if not isinstance(schema, Mapping) or not has_files(schema):
        return value
    if isinstance(value, str):
        return file(value) if _takes_file(schema) else value
    for option in _options(schema, value):
        if isinstance(value, list):
            items, first = option.get("items"), option.get("prefixItems", [])
            return [with_files(each, first[at] if at < len(first) else items, file) for at, each in enumerate(value)]
        if isinstance(value, dict):
            named, rest = option.get("properties", {}), option.get("additionalProperties")
            return {name: with_files(each, named.get(name, rest), file) for name, each in value.items()}
    return value


def _plain(schema: Any, defs: Mapping[str, Any], depth: int) -> dict[str, Any]:
    if not isinstance(schema, dict) or depth > _DEEPEST:
        return {}
    if "$ref" in schema:
        return _plain(defs.get(str(schema["$ref"]).rsplit("/", 1)[-1]), defs, depth + 1)
    named = schema.get("properties")
    if isinstance(named, dict) and named.keys() >= _FILE_KEYS:
        return {"type": "string", "format": FILE_FORMAT, "description": FILE_TEXT}
    made: dict[str, Any] = {}
    for key, part in schema.items():
        if key in _DROPPED or (key == "type" and not isinstance(part, str | list)):
            continue
        if key == "properties" and isinstance(part, dict):
            made[key] = {name: _plain(each, defs, depth + 1) for name, each in part.items()}
        elif key in ("items", "additionalProperties") and isinstance(part, dict):
            made[key] = _plain(part, defs, depth + 1)
        elif key in ("anyOf", "oneOf", "allOf", "prefixItems") and isinstance(part, list):
            made[key] = [_plain(each, defs, depth + 1) for each in part]
        else:
            made[key] = part
    return made


def _options(schema: Mapping[str, Any], value: Any) -> list[Mapping[str, Any]]:
    """What a list or an object may be an instance of, the closest first."""
    several = [each for word in ("anyOf", "oneOf", "allOf") for each in schema.get(word, ())]
    if not several:
        return [schema]
    found = [each for option in several if isinstance(option, Mapping) for each in _options(option, value)]
    if not isinstance(value, dict):
        return [each for each in found if "items" in each or "prefixItems" in each]
    fitting = [each for each in found if set(each.get("required", ())) <= value.keys() and "properties" in each]
    return sorted(fitting, key=lambda each: -len(each["properties"].keys() & value.keys()))


def _takes_file(schema: Mapping[str, Any]) -> bool:
    """Whether a text here is a file: not where a plain text would do as well."""
    if schema.get("format") == FILE_FORMAT:
        return True
    several = [each for word in ("anyOf", "oneOf") for each in schema.get(word, ()) if isinstance(each, Mapping)]
    plain = any(each.get("type") == "string" and each.get("format") != FILE_FORMAT for each in several)
    return not plain and any(map(_takes_file, several))
