"""Messages of a conversation as apps write them, and what may stand beside their content."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal, NotRequired, TypedDict

from blocks_app.components.validation import plain, refusal, shown
from blocks_app.tree.component import Component

Role = Literal["user", "assistant", "system"]


class MetadataDict(TypedDict, total=False):
    """What makes a message a thought, which visitors can open and close."""

    title: str
    """Its heading; a message without one is no thought."""
    id: int | str
    """Its name, for thoughts within it."""
    parent_id: int | str
    """The `id` of the thought that it stands in."""
    log: str
    """A remark beside the heading."""
    duration: float
    """Seconds that it took."""
    status: Literal["pending", "done"]
    """"pending" turns a wheel and shows the text, "done" folds it away."""


class OptionDict(TypedDict):
    """An answer that visitors can choose instead of writing one."""

    value: str
    """What the `option_select` event gets."""
    label: NotRequired[str]
    """Text on the button, where it is not the value."""


class MessageDict(TypedDict):
    """A message as a dict."""

    role: Role
    content: Any
    """Text, the path of a file as `{"path": …}`, a component, or a list of them."""
    metadata: NotRequired[MetadataDict]
    options: NotRequired[list[OptionDict]]


class ExampleMessage(TypedDict, total=False):
    """A way to begin, offered while the conversation is empty."""

    icon: Any
    """A picture: path or address."""
    display_text: str
    """Words on it, where they are not the text."""
    text: str
    """What the visitor says by choosing it."""
    files: Sequence[Any]
    """Paths or addresses of files that go with it."""


@dataclass
class ChatMessage:
    """A message of a conversation.

    Attributes:
        content: text in Markdown, the path of a file as `{"path": …}`, a component such as `gr.Image(…)`, or a list.
        role: who speaks: "user", "assistant", or "system", which is kept but not shown.
        metadata: makes it a thought; see MetadataDict.
        options: answers to choose from below it.
    """

    content: Any
    role: Role = "assistant"
    metadata: MetadataDict = field(default_factory=lambda: MetadataDict())
    options: list[OptionDict] = field(default_factory=list)


@dataclass
class Message:
    """A message with its parts, as it travels.

    Attributes:
        role: who speaks.
        content: the parts.
        metadata: makes it a thought.
        options: answers to choose from.
    """

    role: str
    content: list[Any]
    metadata: MetadataDict | None = None
    options: list[OptionDict] | None = None


_TEXTS = ("title", "log")
_NAMES = ("id", "parent_id")


def checked_metadata(component: Component, given: Any) -> dict[str, Any] | None:
    """What is known of a thought, each of its kind; None for none. Raises Error for another kind."""
    if given is None:
        return None
    if not isinstance(given, Mapping):
        raise refusal(component, f'metadata is a dict such as {{"title": "Thinking"}}, not {shown(given)}.')
    kept = {name: plain(given[name]) for name in MetadataDict.__annotations__ if given.get(name) is not None}
    for name, value in kept.items():
        if name in _TEXTS:
            right = isinstance(value, str)
        elif name in _NAMES:
            right = isinstance(value, str | int) and not isinstance(value, bool)
        elif name == "duration":
            right = isinstance(value, int | float) and not isinstance(value, bool)
        else:
            right = value in ("pending", "done")
        if not right:
            raise refusal(component, f"{name} of metadata cannot be {shown(value)}.")
    return kept


def checked_options(component: Component, given: Any) -> list[dict[str, str]] | None:
    """The answers to choose from. Raises Error for what is none."""
    if given is None:
        return None
    if not isinstance(given, list | tuple) or not all(map(_is_option, given)):
        raise refusal(component, f'options is a list such as [{{"value": "Yes"}}], not {shown(given)}.')
    return [{name: option[name] for name in ("value", "label") if option.get(name) is not None} for option in given]


def _is_option(option: Any) -> bool:
    return (
        isinstance(option, Mapping)
        and isinstance(option.get("value"), str)
        and isinstance(option.get("label", ""), str | None)
    )


def thoughts_in(text: str, tags: Sequence[tuple[str, str]]) -> Iterator[tuple[str, str | None]]:
    """The pieces of a text in order: `(piece, None)`, or for what stands between two tags its status.

    What begins and does not end is "pending".
    """
    opening = re.compile("|".join(re.escape(start) for start, _ in tags))
    ends = dict(reversed(list(tags)))
    at = 0
    while (start := opening.search(text, at)) is not None:
        if before := text[at : start.start()].strip():
            yield before, None
        end = ends[start[0]]
        stop = text.find(end, start.end())
        inner = text[start.end() : stop if stop >= 0 else len(text)].strip()
        if inner:
            yield inner, "done" if stop >= 0 else "pending"
        at = len(text) if stop < 0 else stop + len(end)
    if rest := text[at:].strip():
        yield rest, None
