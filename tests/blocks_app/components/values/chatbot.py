"""Chatbot."""

from typing import Any

TRY: dict[str, Any] = {
    "Chatbot.buttons": ["copy"],
    "Chatbot.avatar_images": ("https://example.org/a.png", None),
    "Chatbot.feedback_options": ["Good", "Bad"],
    "Chatbot.feedback_value": ["Like"],
    "Chatbot.examples": [{"text": "Hello"}],
    "Chatbot.reasoning_tags": [("<think>", "</think>")],
    "Chatbot.height": 300,
}
OTHER_DEFAULTS = {"Chatbot.latex_delimiters": "`$$` with a line of its own, which None means"}
