"""The two formats of a conversation: pairs, as in Gradio 4, and messages with a role, as in Gradio 6.

See docs/decisions/chat-formats.md.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from blocks_app.components.chatbot import parts
from blocks_app.components.chatbot.messages import (
    ChatMessage,
    Message,
    checked_metadata,
    checked_options,
    thoughts_in,
)
from blocks_app.components.validation import refusal, shown
from blocks_app.tree.component import Component
from blocks_app.tree.iterables import is_text


def is_pair(item: Any) -> bool:
    """Whether an item of a conversation belongs to the format of pairs."""
    return isinstance(item, Sequence) and not is_text(item)


# -- pairs ----------------------------------------------------------------------------------------------------------


def pair_to_wire(owner: Component, item: Any) -> list[Any]:
    """One pair that a function returned."""
    if not is_pair(item) or len(item) != 2:
        raise refusal(owner, f"each item is a pair of what the visitor and the program said, not {shown(item)}.")
    return [_side_to_wire(owner, side) for side in item]


def _side_to_wire(owner: Component, side: Any) -> Any:
    if side is None:
        return None
    if isinstance(side, str):
        return parts.clean(side)
    if isinstance(side, list | tuple) and 1 <= len(side) <= 2:
        if isinstance(side[0], Component):
            side = side[0]
        else:
            return parts.published(owner, *side)
    part = parts.to_wire(owner, side)
    if part["type"] == "text":
        return part["text"]
    return part if part["type"] == "component" else {"file": part["file"], "alt_text": part["alt_text"]}


def pair_from_wire(owner: Component, item: Any) -> list[Any]:
    """One pair that a visitor sent, as a function gets it."""
    if not isinstance(item, list) or len(item) != 2:
        raise refusal(owner, f"each item is a pair of what the visitor and the program said, not {shown(item)}.")
    return [_side_from_wire(owner, side) for side in item]


def _side_from_wire(owner: Component, side: Any) -> Any:
    if side is None or isinstance(side, str):
        return side
    part = parts.from_wire(owner, side)
    return plain_part(part)


def plain_part(part: dict[str, Any]) -> Any:
    """A part as functions get it where content is no list: text, `(path,)`, `(path, alt_text)`, or a component."""
    if part["type"] == "text":
        return part["text"]
    if part["type"] == "component":
        return part["instance"]
    path, alt_text = part["file"]["path"], part["alt_text"]
    return (path,) if alt_text is None else (path, alt_text)


# -- messages -------------------------------------------------------------------------------------------------------


def message_to_wire(owner: Component, item: Any, tags: Sequence[tuple[str, str]] | None) -> Iterable[dict[str, Any]]:
    """One message that a function returned; several when it thinks aloud between tags."""
    if isinstance(item, ChatMessage | Message):
        item = vars(item)
    if not isinstance(item, Mapping) or "role" not in item or "content" not in item:
        raise refusal(
            owner, f'each message is a gr.ChatMessage or a dict with "role" and "content", not {shown(item)}.'
        )
    role, content = item["role"], item["content"]
    if not isinstance(role, str):
        raise refusal(owner, f'role is "user", "assistant" or "system", not {shown(role)}.')
    listed = content if isinstance(content, list) else [content]
    pieces = [parts.to_wire(owner, each) for each in listed]
    beside = {
        "metadata": checked_metadata(owner, item.get("metadata")),
        "options": checked_options(owner, item.get("options")),
    }
    if not pieces:
        return []
    if not tags:
        return [_message(role, pieces, **beside)]
    return _thinking(role, pieces, tags, beside)


def _message(role: str, content: list[Any], metadata: Any, options: Any) -> dict[str, Any]:
    return {"role": role, "metadata": metadata, "content": content, "options": options}


def _thinking(
    role: str, pieces: list[dict[str, Any]], tags: Sequence[tuple[str, str]], beside: dict[str, Any]
) -> Iterable[dict[str, Any]]:
    for part in pieces:
        for text, status in thoughts_in(part["text"], tags) if part["type"] == "text" else ():
            piece = [{"text": text, "type": "text"}]
            if status is None:
                yield _message(role, piece, **beside)
            else:
                yield _message(role, piece, {"title": "Reasoning", "status": status}, None)
    if others := [part for part in pieces if part["type"] != "text"]:
        yield _message(role, others, **beside)


def message_from_wire(owner: Component, item: Any, listed: bool) -> dict[str, Any]:
    """One message that a visitor sent; `listed` tells whether its content stays a list of parts."""
    role, content = (item.get("role"), item.get("content")) if isinstance(item, dict) else (None, None)
    if not isinstance(role, str):
        raise refusal(owner, f'each message is an object with "role" and "content", not {shown(item)}.')
    if isinstance(content, str):
        content = [{"type": "text", "text": content}]
    if not isinstance(content, list):
        raise refusal(owner, f"content is a list of parts, not {shown(content)}.")
    pieces: Any = [parts.from_wire(owner, part) for part in content]
    if not listed:
        pieces = plain_part(pieces[0]) if len(pieces) == 1 else [plain_part(part) for part in pieces]
    metadata, options = checked_metadata(owner, item.get("metadata")), checked_options(owner, item.get("options"))
    return {"role": role, "metadata": metadata, "content": pieces, "options": options}
