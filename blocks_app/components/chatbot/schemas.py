"""JSON schemas of the two formats of a conversation, with the titles and order that Gradio's clients compare."""

from __future__ import annotations

from typing import Any

from blocks_app.files.file_data import FILE_SCHEMA


def _nullable(*kinds: dict[str, Any]) -> dict[str, Any]:
    return {"anyOf": [*kinds, {"type": "null"}], "default": None}


_ALT_TEXT = {**_nullable({"type": "string"}), "title": "Alt Text"}
_SIDE = {"anyOf": [{"type": "string"}, {"$ref": "#/$defs/FileMessage"}, {"type": "null"}]}


def _kind(name: str) -> dict[str, Any]:
    return {"const": name, "default": name, "title": "Type", "type": "string"}


def _object(title: str, properties: dict[str, Any], *required: str) -> dict[str, Any]:
    needed = {"required": list(required)} if required else {}
    return {"properties": properties, **needed, "title": title, "type": "object"}


def _text(title: str) -> dict[str, Any]:
    return {"title": title, "type": "string"}


def _any_object(title: str) -> dict[str, Any]:
    return {"additionalProperties": True, "title": title, "type": "object"}


def _id(title: str) -> dict[str, Any]:
    return {"anyOf": [{"type": "integer"}, {"type": "string"}], "title": title}


#: Pairs of what a visitor and the program said, as in Gradio 4.
PAIRS_SCHEMA: dict[str, Any] = {
    "$defs": {
        "FileData": FILE_SCHEMA,
        "FileMessage": _object("FileMessage", {"file": {"$ref": "#/$defs/FileData"}, "alt_text": _ALT_TEXT}, "file"),
    },
    "items": {"maxItems": 2, "minItems": 2, "prefixItems": [_SIDE, _SIDE], "type": "array"},
    "title": "ChatbotData",
    "type": "array",
}

#: Messages with a role, as in Gradio 6.
MESSAGES_SCHEMA: dict[str, Any] = {
    "$defs": {
        "ComponentMessage": _object(
            "ComponentMessage",
            {
                "component": _text("Component"),
                "value": {"title": "Value"},
                "constructor_args": _any_object("Constructor Args"),
                "props": _any_object("Props"),
                "type": _kind("component"),
            },
            *("component", "value", "constructor_args", "props"),
        ),
        "FileData": FILE_SCHEMA,
        "FileMessage": _object(
            "FileMessage",
            {"file": {"$ref": "#/$defs/FileData"}, "alt_text": _ALT_TEXT, "type": _kind("file")},
            "file",
        ),
        "Message": _object(
            "Message",
            {
                "role": _text("Role"),
                "metadata": _nullable({"$ref": "#/$defs/MetadataDict"}),
                "content": {
                    "items": {"anyOf": [{"$ref": f"#/$defs/{name}Message"} for name in ("Text", "File", "Component")]},
                    "title": "Content",
                    "type": "array",
                },
                "options": {
                    "anyOf": [{"items": {"$ref": "#/$defs/OptionDict"}, "type": "array"}, {"type": "null"}],
                    "default": None,
                    "title": "Options",
                },
            },
            *("role", "content"),
        ),
        "MetadataDict": _object(
            "MetadataDict",
            {
                "title": _text("Title"),
                "id": _id("Id"),
                "parent_id": _id("Parent Id"),
                "log": _text("Log"),
                "duration": {"title": "Duration", "type": "number"},
                "status": {"enum": ["pending", "done"], "title": "Status", "type": "string"},
            },
        ),
        "OptionDict": _object("OptionDict", {"value": _text("Value"), "label": _text("Label")}, "value"),
        "TextMessage": _object("TextMessage", {"text": _text("Text"), "type": _kind("text")}, "text"),
    },
    "items": {"$ref": "#/$defs/Message"},
    "title": "ChatbotDataMessages",
    "type": "array",
}
