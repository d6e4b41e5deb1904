"""The examples of a ChatInterface: offered in the conversation while it is empty, or listed below it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from blocks_app.interfaces import chat_layout
from blocks_app.listeners.event_data import SelectData

if TYPE_CHECKING:
    from blocks_app.interfaces.chat_listening import Listening
    from blocks_app.interfaces.chat_page import ChatPage


def listen(chat: ChatPage, it: Listening) -> None:
    """Listen to the choice of an example, if there are any."""
    if not chat.examples or chat_layout.examples_below(chat):
        return
    quietly: dict[str, Any] = {"api_visibility": "private", "queue": False, "show_progress": "hidden"}
    if chat.run_examples_on_click:
        it.answered(chat.chatbot.example_select(it.dialogue.example, chat.asked, it.begins, **quietly))
    else:
        chat.chatbot.example_select(filling(chat), None, chat.textbox, **quietly)


def filling(chat: ChatPage) -> Any:
    """A listener that puts the chosen example into the field."""

    def fill(event: SelectData) -> Any:
        message = chat.example_at(event.index)
        return message if chat.multimodal else message["text"]

    return fill
