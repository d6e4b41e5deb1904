"""Chatbot: a conversation between a visitor and a program."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from types import SimpleNamespace
from typing import Any, Literal, Unpack, cast

from blocks_app.components.button import Button
from blocks_app.components.chatbot import formats, memory
from blocks_app.components.chatbot.messages import ChatMessage, ExampleMessage
from blocks_app.components.chatbot.schemas import MESSAGES_SCHEMA, PAIRS_SCHEMA
from blocks_app.components.corner import Height, checked_height
from blocks_app.components.framed import (
    DirectionOptions,
    FormulaOptions,
    FramedComponent,
    HeightOptions,
    checked_delimiters,
)
from blocks_app.components.validation import refusal, shown
from blocks_app.exceptions import DeclarationError
from blocks_app.files import file_data
from blocks_app.listeners.events import Events
from blocks_app.options import FrameOptions
from blocks_app.tree.component import Component, gives_copies
from blocks_app.tree.iterables import has_items, is_text

_TYPES = (None, "tuples", "messages")
_LAYOUTS = (None, "panel", "bubble")
_EDITABLE = (None, "user", "all")


class ChatbotOptions(FrameOptions, HeightOptions, DirectionOptions, FormulaOptions, total=False):
    """What a Chatbot takes besides."""


class Chatbot(FramedComponent):
    """Shows a conversation: Markdown, files, other components, and thoughts that open and close.

    A function gets and returns a list in one of two formats: messages, `{"role": "user", "content": "Hi"}` or
    `gr.ChatMessage`, or pairs `["Hi", "Hello!"]` of what the visitor and the program said. It
    gets the one that it gave.
    """

    change = Events.change
    select = Events.select
    like = Events.like
    retry = Events.retry
    undo = Events.undo
    example_select = Events.example_select
    option_select = Events.option_select
    clear = Events.clear
    copy = Events.copy
    edit = Events.edit
    corner_names = ("share", "copy", "copy_all")

    def __init__(
        self,
        value: Sequence[Any] | Callable[..., Any] | None = None,
        *,
        type: Literal["tuples", "messages"] | None = None,
        height: Height = None,
        autoscroll: bool = True,
        resizable: bool = False,
        editable: Literal["user", "all"] | None = None,
        show_share_button: bool | None = None,
        show_copy_button: bool = False,
        show_copy_all_button: bool = False,
        buttons: Sequence[Literal["share", "copy", "copy_all"] | Button] | None = None,
        watermark: str | None = None,
        avatar_images: Sequence[Any] | None = None,
        sanitize_html: bool = True,
        render_markdown: bool = True,
        bubble_full_width: bool = True,
        line_breaks: bool = True,
        likeable: bool = False,
        layout: Literal["panel", "bubble"] | None = None,
        placeholder: str | None = None,
        feedback_options: Sequence[str] | None = ("Like", "Dislike"),
        feedback_value: Sequence[str | None] | None = None,
        examples: Sequence[ExampleMessage] | None = None,
        allow_file_downloads: bool = True,
        group_consecutive_messages: bool = True,
        allow_tags: Sequence[str] | bool = True,
        reasoning_tags: Sequence[tuple[str, str]] | None = None,
        like_user_message: bool = False,
        **options: Unpack[ChatbotOptions],
    ) -> None:
        """Declare a conversation.

        Args:
            value: messages or pairs to start with, or a function that makes them.
            type: "messages" or "tuples" takes that format alone; with "messages" a function gets content that is one
                text as that text. None takes both, and a function gets the parts of content as a list of dicts.
            height: in pixels or as css writes it; by default it grows with the conversation, up to most of the window.
            autoscroll: whether it follows what is added, unless the reader has scrolled up.
            resizable: whether the visitor can drag its lower edge.
            editable: "user" lets visitors change what they said, "all" also what the program said.
            show_share_button: the same as "share" among `buttons`.
            show_copy_button: the same as "copy" among `buttons`.
            show_copy_all_button: the same as "copy_all" among `buttons`.
            buttons: "copy" stands below each answer; "copy_all", "share" and gr.Buttons in the corner.
            watermark: a line added to what is copied.
            avatar_images: pictures of the visitor and of the program: paths, addresses or None.
            sanitize_html: False keeps HTML in messages as it is: only for texts that no visitor can influence.
            render_markdown: False shows the texts as they are.
            bubble_full_width: whether a long message may take the whole width.
            line_breaks: whether every line break of a text is one in the page.
            likeable: whether answers have thumbs; a listener for `like` does it, too.
            layout: "bubble" or "panel", which takes the whole width and has no bubbles.
            placeholder: Markdown that stands there while the conversation is empty.
            feedback_options: what visitors can say of an answer; "Like" and "Dislike" are thumbs.
            feedback_value: what was said of each answer already, in their order; None where nothing was.
            examples: ways to begin, offered while the conversation is empty.
            allow_file_downloads: whether files in messages have a link that saves them.
            group_consecutive_messages: whether messages of one speaker in a row stand in one bubble.
            allow_tags: names of tags of the app's own that are shown as written; True for all that HTML does not know.
            reasoning_tags: pairs of tags such as `("<think>", "</think>")`: the text between them becomes a thought.
            like_user_message: whether what visitors said has thumbs, too.
            options: see ChatbotOptions.
        """
        rest = cast("dict[str, Any]", options)
        self.type = _one_of("type", type, _TYPES)
        self.height = checked_height("Chatbot", "height", height)
        self.autoscroll = autoscroll
        self.resizable = resizable
        self.editable = _one_of("editable", editable, _EDITABLE)
        self.latex_delimiters = checked_delimiters("Chatbot", rest.pop("latex_delimiters", None))
        self.watermark = watermark
        self.sanitize_html = sanitize_html
        self.render_markdown = render_markdown
        self.bubble_full_width = bubble_full_width
        self.line_breaks = line_breaks
        self.likeable = likeable
        self.layout = _one_of("layout", layout, _LAYOUTS)
        self.placeholder = placeholder
        self.feedback_options = list(feedback_options or ())
        self.feedback_value = None if feedback_value is None else list(feedback_value)
        self.allow_file_downloads = allow_file_downloads
        self.group_consecutive_messages = group_consecutive_messages
        self.allow_tags = allow_tags if isinstance(allow_tags, bool) else list(allow_tags)
        self.reasoning_tags = _checked_tags(reasoning_tags)
        self.like_user_message = like_user_message
        self.examples = None if examples is None else [_checked_example(each) for each in examples]
        self.avatar_images = _checked_avatars(avatar_images)
        self._files: dict[str, SimpleNamespace] = {}
        if buttons is None:
            named = {"share": show_share_button, "copy": show_copy_button, "copy_all": show_copy_all_button}
            buttons = [name for name, on in named.items() if on]  # type: ignore[misc]
        _take_out(value)
        super().__init__(value, buttons=buttons, **rest)
        self.show_share_button = "share" in self.buttons
        self.show_copy_all_button = "copy_all" in self.buttons

    def preprocess(self, payload: Any) -> list[Any]:
        """The conversation in the format in which it was sent.

        Raises:
            Error: what was sent is no conversation, or not of this `type`.
        """
        if payload is None:
            return []
        if not isinstance(payload, list):
            raise refusal(self, f"a list of messages is needed, not {shown(payload)}.")
        if self._has_pairs(payload):
            return [formats.pair_from_wire(self, item) for item in payload]
        listed = self.type is None
        return [formats.message_from_wire(self, item, listed) for item in payload]

    @gives_copies
    def postprocess(self, value: Any) -> list[Any]:
        """The conversation on the wire, in the format in which it was given.

        Raises:
            Error: the value is no conversation, or not of this `type`.
        """
        if value is None:
            return []
        if is_text(value) or isinstance(value, Mapping | ChatMessage) or not has_items(value):
            raise refusal(self, f"a list of messages is needed, not {shown(value)}.")
        items = list(value)
        convert = self._pair if self._has_pairs(items) else self._messages
        if type(self).postprocess is not Chatbot.postprocess:  # which may change what it gets from here
            return [made for item in items for made in convert(item)]
        return memory.convert_all(self, items, convert)

    def initial_value(self) -> Any:
        """As `postprocess(self.value)`; its files are kept, for everybody."""
        context = file_data.current.get()
        with file_data.use(None if context is None else replace(context, keep=True)):
            return super().initial_value()

    def api_info(self) -> dict[str, Any]:
        """JSON schema of a conversation in the format that it has: that of `type` or of the first value, else pairs."""
        return MESSAGES_SCHEMA if self._shows_messages() else PAIRS_SCHEMA

    def example_payload(self) -> Any:
        return self.example_value()

    def example_value(self) -> Any:
        if not self._shows_messages():
            return [["Hello!", None]]
        messages = (("user", "Hello!"), ("assistant", "How can I help you?"))
        return [
            {"role": role, "metadata": None, "content": [{"text": text, "type": "text"}], "options": None}
            for role, text in messages
        ]

    def props(self) -> dict[str, Any]:
        props = super().props()
        props["avatar_images"] = [self._file(picture) for picture in self.avatar_images]
        if self.examples is not None:
            props["examples"] = [self._example(each) for each in self.examples]
        return props

    def _pair(self, item: Any) -> list[Any]:
        return [formats.pair_to_wire(self, item)]

    def _messages(self, item: Any) -> list[Any]:
        return list(formats.message_to_wire(self, item, self.reasoning_tags))

    def _shows_messages(self) -> bool:
        value = self.value
        known = isinstance(value, list | tuple) and bool(value) and not formats.is_pair(value[0])
        return self.type == "messages" or (self.type is None and known)

    def _has_pairs(self, items: Sequence[Any]) -> bool:
        """Whether these are pairs. Raises Error where `type` wants the other format."""
        if not items:
            return False
        pairs = formats.is_pair(items[0])
        if self.type is not None and pairs != (self.type == "tuples"):
            wanted = 'messages with "role" and "content"' if pairs else "pairs of texts"
            raise refusal(self, f"with type={self.type!r} a conversation is a list of {wanted}.")
        return pairs

    def _file(self, given: Any) -> file_data.FileData | None:
        """A file of the app's own: stored once, readable by everybody; an address as it is."""
        if given is None:
            return None
        text = str(given)
        if file_data.is_web_address(text) or text.startswith(("data:image/", "/static/")):
            return file_data.file_data(text, text)
        holder = self._files.setdefault(text, SimpleNamespace(value=text))
        return file_data.initial(holder, lambda: file_data.publish(text))  # type: ignore[no-any-return]

    def _example(self, example: Mapping[str, Any]) -> dict[str, Any]:
        wire = {name: example[name] for name in ("text", "display_text") if example.get(name) is not None}
        if example.get("icon") is not None:
            wire["icon"] = self._file(example["icon"])
        if example.get("files"):
            wire["files"] = [self._file(each) for each in example["files"]]
        return wire


def _one_of(name: str, value: Any, allowed: tuple[str | None, ...]) -> Any:
    if value not in allowed:
        known = ", ".join(repr(each) for each in allowed)
        raise DeclarationError(f"Chatbot: {name} must be one of {known}, not {value!r}.")
    return value


def _checked_tags(given: Any) -> list[tuple[str, str]] | None:
    if not given:
        return None
    for pair in given:
        if (
            is_text(pair)
            or not isinstance(pair, Sequence)
            or len(pair) != 2
            or not all(isinstance(t, str) and t for t in pair)
        ):
            raise DeclarationError(
                f'Chatbot: reasoning_tags is a list such as [("<think>", "</think>")]; {pair!r} is none of its items.'
            )
    return [(start, end) for start, end in given]


def _checked_example(given: Any) -> dict[str, Any]:
    if not isinstance(given, Mapping):
        raise DeclarationError(f'Chatbot: each of the examples is a dict such as {{"text": "Hello"}}, not {given!r}.')
    files = given.get("files")
    if files is not None and not isinstance(files, list | tuple):
        raise DeclarationError("Chatbot: the files of an example are a list of paths or addresses.")
    return dict(given)


def _checked_avatars(given: Any) -> list[Any]:
    if given is None:
        return [None, None]
    if is_text(given) or not isinstance(given, Sequence) or len(given) != 2:
        raise DeclarationError("Chatbot: avatar_images is a pair of pictures, (visitor, program); either may be None.")
    return list(given)


def _take_out(value: Any) -> None:
    """Components inside the messages of a first value leave their place in the layout."""
    if isinstance(value, Component):
        if getattr(value, "parent", None) is not None:
            value.unrender()
    elif isinstance(value, ChatMessage):
        _take_out(value.content)
    elif isinstance(value, Mapping):
        _take_out(value.get("content"))
    elif isinstance(value, list | tuple):
        for each in value:
            _take_out(each)
