"""Between what functions of a conversation take and give, and the conversation as it is kept: messages on the wire.

Kept is what a Chatbot would send, plain JSON with files by their ids: it can be shown, stored, and given to a function
in either format.
"""

from __future__ import annotations

from collections.abc import Mapping
from numbers import Real
from typing import Any

from blocks_app.components import Chatbot, ChatMessage, Message
from blocks_app.tree.iterables import is_text

Wire = dict[str, Any]


def message_of(answer: Any) -> dict[str, Any]:
    """What a function answered as a message of the program's, for a Chatbot to check."""
    if isinstance(answer, ChatMessage | Message):
        answer = {**vars(answer)}
    if isinstance(answer, Mapping):
        if "content" in answer:
            return {**answer, "role": "assistant"}
        if "path" not in answer and ("text" in answer or "files" in answer):
            return {"role": "assistant", "content": parts_of(answer)}
    if is_number(answer):
        answer = str(answer)
    return {"role": "assistant", "content": answer}


def is_number(answer: Any) -> bool:
    """Whether it is a number, one of numpy's too; not a truth."""
    return isinstance(answer, Real) and not isinstance(answer, bool)


def parts_of(message: Any) -> list[Any]:
    """What a visitor said, or an example says, as parts of a message: its files, then its text."""
    if not isinstance(message, Mapping):
        return [] if message is None else [str(message)]
    files = [each if isinstance(each, Mapping) else {"path": each} for each in message.get("files") or ()]
    return [*files, *([message["text"]] if message.get("text") else [])] or [""]


class Reader:
    """Reads and writes the messages of one conversation, as its Chatbot would."""

    def __init__(self, chatbot: Chatbot, in_pairs: bool) -> None:
        """Take over what `chatbot` was declared with; `in_pairs` tells what functions get."""
        self.in_pairs = in_pairs
        self.shows_pairs = chatbot.type == "tuples"
        plain: Any = chatbot.copy_with({"value": None, "type": None if self.shows_pairs else chatbot.type})
        self._chatbot: Chatbot = plain
        self._parts: Chatbot = plain if plain.type is None else Chatbot(render=False)
        self._first = chatbot.value

    def first(self) -> list[Wire]:
        """The conversation that the declaration begins with."""
        return self.written(self._first)

    def written(self, conversation: Any) -> list[Wire]:
        """Messages or pairs, as an app writes them."""
        written = self._chatbot.postprocess(conversation)
        return messages_of_pairs(written) if written and isinstance(written[0], list) else written

    def from_visitor(self, message: Any) -> list[Wire]:
        """What a visitor said: none where that is nothing at all."""
        parts = parts_of(message)
        return self._chatbot.postprocess([{"role": "user", "content": parts}]) if parts else []

    def answered(self, answer: Any) -> list[Wire]:
        """What a function answered: a text, a message, a component, a file, or a list of them. None says nothing."""
        if answer is None:
            return []
        answers = answer if isinstance(answer, list) else [answer]
        return self._chatbot.postprocess([message_of(each) for each in answers])

    def shown(self, history: list[Wire]) -> list[Any]:
        """What is given to the Chatbot that stands on the page."""
        return pairs_of(history) if self.shows_pairs else history

    def for_function(self, history: list[Wire]) -> list[Any]:
        """What the function gets."""
        if not self.in_pairs:
            return self._chatbot.preprocess(history)
        messages = self._parts.preprocess(history)
        return [[_plain(user), _plain(bot)] for user, bot in pairs_of(messages)]

    def text(self, message: Wire) -> str:
        """The words of a message."""
        return "".join(part["text"] for part in message["content"] if part["type"] == "text")

    def files(self, message: Wire) -> list[Wire]:
        """The files of a message, as a field for text and files takes them."""
        return [part["file"] for part in message["content"] if part["type"] == "file"]

    def paths(self, files: list[Wire]) -> list[str]:
        """Where they lie, for the function."""
        if not files:
            return []
        message = {"role": "user", "content": [{"type": "file", "file": file} for file in files]}
        return [part["file"]["path"] for part in self._parts.preprocess([message])[0]["content"]]


def pairs_of(messages: list[Wire]) -> list[list[Any]]:
    """Pairs of what the visitor and the program said. Each file is a pair of its own, as in Gradio 4."""
    pairs: list[list[Any]] = []
    is_open = False
    for message in messages:
        for part in message["content"]:
            side = part["text"] if part["type"] == "text" else part
            if message["role"] == "user":
                pairs.append([side, None])
                is_open = part["type"] == "text"
            elif message["role"] != "system":
                if is_open:
                    pairs[-1][1] = side
                else:
                    pairs.append([None, side])
                is_open = False
    return pairs


def messages_of_pairs(pairs: list[list[Any]]) -> list[Wire]:
    """The same as messages, both on the wire."""
    return [
        {"role": role, "metadata": None, "content": [_part(side)], "options": None}
        for pair in pairs
        for role, side in zip(("user", "assistant"), pair)
        if side is not None
    ]


def for_programs(answer: Any, written: list[Wire]) -> Any:
    """What a program is told of an answer: its text, or what of it is plain data."""
    if answer is None or is_text(answer) or is_number(answer):
        return answer
    if isinstance(answer, list):
        return written
    if isinstance(answer, ChatMessage | Message) or (isinstance(answer, Mapping) and "path" not in answer):
        return written[0] if len(written) == 1 else written
    part = written[0]["content"][0] if written else None
    return part["file"] if part is not None and part["type"] == "file" else part


def title_of(history: list[Wire]) -> str:
    """What a conversation is called until somebody names it: how it begins."""
    first = next((each for each in history if each["role"] == "user"), None)
    if first is None:
        return "Conversation"
    marks = "".join("📎 " for part in first["content"] if part["type"] != "text")
    text = " ".join(part["text"] for part in first["content"] if part["type"] == "text")
    title = " ".join(f"{marks}{text}".split())
    return (f"{title[:40]}…" if len(title) > 40 else title) or "Conversation"


def _part(side: Any) -> Wire:
    if isinstance(side, str):
        return {"text": side, "type": "text"}
    return side if "type" in side else {**side, "type": "file"}


def _plain(side: Any) -> Any:
    """A side as functions of Gradio 4 get it: a text, `(path,)`, `(path, alt_text)`, or a component."""
    if not isinstance(side, Mapping):
        return side
    if side["type"] == "component":
        return side["instance"]
    path, alt_text = side["file"]["path"], side["alt_text"]
    return (path,) if alt_text is None else (path, alt_text)
