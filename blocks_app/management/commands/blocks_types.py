"""`manage.py blocks_types`: write the TypeScript counterparts of blocks_app/protocol.py.

Runs without Django's settings too: `python -m blocks_app.management.commands.blocks_types`.
"""

from __future__ import annotations

import inspect
import types
from pathlib import Path
from typing import Any, Literal, Union, get_args, get_origin

import msgspec
from django.core.management.base import BaseCommand

from blocks_app import protocol

TARGET = Path(protocol.__file__).parent / "frontend" / "generated" / "protocol.ts"
HEADER = "/** Written by `manage.py blocks_types` from blocks_app/protocol.py; do not edit. */\n"
SIMPLE: dict[Any, str] = {type(None): "null", bool: "boolean", int: "number", float: "number", str: "string"}


def expression(kind: Any) -> str:
    """The TypeScript type of one annotation; `unknown` for what JSON cannot promise."""
    if kind in SIMPLE:
        return SIMPLE[kind]
    origin, arguments = get_origin(kind), get_args(kind)
    if origin is Literal:
        return " | ".join(msgspec.json.encode(value).decode() for value in arguments)
    if origin in (Union, types.UnionType):
        return " | ".join(dict.fromkeys(expression(item) for item in arguments if item is not msgspec.UnsetType))
    if origin is list:
        inner = expression(arguments[0])
        return f"({inner})[]" if "|" in inner else f"{inner}[]"
    if origin is tuple:
        return "[" + ", ".join(expression(item) for item in arguments) + "]"
    if origin is dict:
        return f"Record<string, {expression(arguments[1])}>"
    if inspect.isclass(kind) and issubclass(kind, msgspec.Struct):
        return kind.__name__
    return "unknown"


def interface(cls: type[msgspec.Struct]) -> str:
    """One exported interface. What the browser sends may leave defaults out; what the server sends is complete, but for
    what it says is unset."""
    config = cls.__struct_config__
    lines = [f"/** {inspect.getdoc(cls)} */", f"export interface {cls.__name__} {{"]
    if config.tag_field:
        lines.append(f"  {config.tag_field}: {msgspec.json.encode(config.tag).decode()};")
    sent = cls in get_args(protocol.ClientFrame)
    for field in msgspec.structs.fields(cls):
        mark = "?" if (sent and not field.required) or field.default is msgspec.UNSET else ""
        lines.append(f"  {field.encode_name}{mark}: {expression(field.type)};")
    return "\n".join([*lines, "}", ""])


def typescript() -> str:
    """The whole file: every tagged or nested struct of protocol.py in its order, then its unions by name."""
    parts = [HEADER]
    for name, item in vars(protocol).items():
        if inspect.isclass(item) and issubclass(item, msgspec.Struct) and item.__module__ == protocol.__name__:
            if item is not protocol.Message:
                parts.append(interface(item))
        elif isinstance(item, types.UnionType):
            parts.append(f"export type {name} = {expression(item)};\n")
    return "\n".join(parts)


def write(target: Path = TARGET) -> bool:
    """Write the file if its text changed; answers whether it did."""
    text = typescript()
    if target.exists() and target.read_text() == text:
        return False
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_text(text)
    return True


class Command(BaseCommand):
    """Writes blocks_app/frontend/generated/protocol.ts."""

    help = "Write the TypeScript types of every message on the wire."
    requires_system_checks: list[str] = []

    def handle(self, *args: Any, **options: Any) -> None:
        changed = write()
        self.stdout.write(f"{TARGET}: {'written' if changed else 'up to date'}")


if __name__ == "__main__":
    write()
