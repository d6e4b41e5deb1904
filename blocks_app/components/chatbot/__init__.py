"""Chatbot: a conversation between a visitor and a program.

Interface: the names of this package.
"""

from blocks_app.components.chatbot.chatbot import Chatbot
from blocks_app.components.chatbot.messages import (
    ChatMessage,
    ExampleMessage,
    Message,
    MessageDict,
    MetadataDict,
    OptionDict,
)

__all__ = ["ChatMessage", "Chatbot", "ExampleMessage", "Message", "MessageDict", "MetadataDict", "OptionDict"]
