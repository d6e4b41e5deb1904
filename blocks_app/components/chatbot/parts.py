"""The parts of a message: texts, files and components, between the wire and functions."""

from __future__ import annotations

import inspect
import os
from collections.abc import Mapping
from typing import Any

from blocks_app.components.chatbot import embedding
from blocks_app.components.validation import refusal, shown
from blocks_app.files import file_data
from blocks_app.files.filestore import guess_type
from blocks_app.tree.component import Component


def clean(text: str) -> str:
    """The text without the indentation that its lines share."""
    return inspect.cleandoc(text) if "\n" in text or "\t" in text else text.lstrip()


def published(owner: Component, value: Any, alt_text: Any = None) -> dict[str, Any]:
    """A file of a message on the wire."""
    if alt_text is not None and not isinstance(alt_text, str):
        raise refusal(owner, f"alt_text is a text, not {shown(alt_text)}.")
    path = value.get("path") if isinstance(value, Mapping) else value
    if not isinstance(path, str | os.PathLike):
        raise refusal(owner, f"a file is given by its path, not by {shown(path)}.")
    data = file_data.publish(value)
    name = data.get("orig_name") or data["path"].split("?")[0]
    return {"file": {**data, "mime_type": data.get("mime_type") or guess_type(name)}, "alt_text": alt_text}


def received(owner: Component, part: Mapping[str, Any]) -> tuple[str, str | None]:
    """Path and description of a file that a visitor sent. An address is told as it is and never fetched."""
    file, alt_text = part.get("file"), part.get("alt_text")
    if alt_text is not None and not isinstance(alt_text, str):
        raise refusal(owner, f"alt_text is a text, not {shown(alt_text)}.")
    path = file.get("path") if isinstance(file, Mapping) else None
    if file_data.is_web_address(path):
        return str(path), alt_text
    return str(file_data.receive(file, owner).path), alt_text


def to_wire(owner: Component, content: Any) -> dict[str, Any]:
    """A part that a function returned. Raises Error for what cannot be said."""
    if isinstance(content, str):
        return {"text": clean(content), "type": "text"}
    if isinstance(content, Component):
        return embedding.part_of(owner, content)
    if isinstance(content, tuple) and 1 <= len(content) <= 2:
        return {**published(owner, *content), "type": "file"}
    if isinstance(content, Mapping):
        if "path" in content:
            return {**published(owner, content, content.get("alt_text")), "type": "file"}
        if isinstance(content.get("file"), Mapping):
            return {**published(owner, content["file"], content.get("alt_text")), "type": "file"}
        if content.get("type", "text") == "text" and isinstance(content.get("text"), str):
            return {"text": content["text"], "type": "text"}
        if content.get("type") == "component":
            return embedding.returned_part(owner, content)
    raise refusal(
        owner, f'content is text, {{"path": …}} of a file, a component, or a list of them, not {shown(content)}.'
    )


def from_wire(owner: Component, part: Any) -> dict[str, Any]:
    """A part that a visitor sent, as a function gets it. Raises Error for what is none."""
    if isinstance(part, dict):
        if part.get("type", "text") == "text" and isinstance(part.get("text"), str):
            return {"text": part["text"], "type": "text"}
        if isinstance(part.get("file"), dict):
            path, alt_text = received(owner, part)
            known = {name: value for name, value in part["file"].items() if name in file_data.FileData.__annotations__}
            return {"file": {**known, "path": path}, "alt_text": alt_text, "type": "file"}
        if part.get("component") is not None:
            return embedding.sent_part(owner, part)
    raise refusal(
        owner, f'each part of content is an object such as {{"type": "text", "text": "Hi"}}, not {shown(part)}.'
    )
