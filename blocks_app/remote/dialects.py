"""Wire values that differ between the versions of Gradio: as the app elsewhere has them, and as pages here do."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

from blocks_app.remote.wire_files import is_file

_ROLES = ("user", "assistant")


class Dialect(NamedTuple):
    """How an app has the values of one component: `shown` makes ours of theirs, `sent` theirs of ours."""

    shown: Callable[[Any], Any]
    sent: Callable[[Any], Any]


def dialect_of(kind: str, props: dict[str, Any], config: dict[str, Any]) -> Dialect | None:
    """The dialect of a component; None where both sides have the same values.

    Args:
        kind: its name in the config.
        props: its options there.
        config: what the app says of itself.
    """
    if "websocket" in config:  # one of ours
        return None
    major = str(config.get("version", "")).partition(".")[0]
    if kind == "chatbot" and major in ("4", "5"):
        return Dialect(as_messages, as_texts if props.get("type") == "messages" else as_pairs)
    if kind == "video" and major not in ("4", "5"):
        return Dialect(lambda value: {"video": value, "subtitles": None} if is_file(value) else value, _film)
    return None


def as_messages(value: Any) -> Any:
    """A conversation with a message for each turn, whose content is a list of parts."""
    if not isinstance(value, list):
        return value
    made: list[Any] = []
    for item in value:
        if isinstance(item, (list, tuple)):
            made += [_message(role, content) for role, content in zip(_ROLES, item) if content is not None]
        elif isinstance(item, dict) and not isinstance(item.get("content"), list):
            made.append({**item, "content": [_part(item.get("content"))]})
        else:
            made.append(item)
    return made


def as_pairs(value: Any) -> Any:
    """A conversation in pairs of what a visitor wrote and what the program answered."""
    if not isinstance(value, list):
        return value
    made: list[list[Any]] = []
    for message in value:
        for part in message.get("content") or [] if isinstance(message, dict) else []:
            one = _alone(part)
            if message.get("role") == "user":
                made.append([one, None])
            elif made and made[-1][1] is None:
                made[-1][1] = one
            else:
                made.append([None, one])
    return made


def as_texts(value: Any) -> Any:
    """A conversation whose messages have one content each."""
    if not isinstance(value, list):
        return value
    return [
        {**message, "content": _alone(part)}
        for message in value
        if isinstance(message, dict)
        for part in message.get("content") or []
    ]


def _message(role: str, content: Any) -> dict[str, Any]:
    return {"role": role, "metadata": None, "content": [_part(content)], "options": None}


def _part(content: Any) -> Any:
    if isinstance(content, str) or content is None:
        return {"text": content or "", "type": "text"}
    if isinstance(content, dict) and "file" in content:
        return {"alt_text": None, **content, "type": "file"}
    return content


def _alone(part: Any) -> Any:
    if isinstance(part, dict) and part.get("type") == "text":
        return part.get("text")
    if isinstance(part, dict) and part.get("type") == "file":
        return {name: each for name, each in part.items() if name != "type"}
    return part


def _film(value: Any) -> Any:
    return value.get("video") if isinstance(value, dict) and "video" in value else value
