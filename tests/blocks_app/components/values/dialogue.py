"""Dialogue."""

from typing import Any

TRY: dict[str, Any] = {
    "Dialogue.speakers": ["Ada", "Bo"],
    "Dialogue.tags": ["(laughs)"],
    "Dialogue.color_map": {"Ada": "red"},
    "Dialogue.formatter": lambda speaker, text: f"{speaker}: {text}",
    "Dialogue.unformatter": lambda line, speaker: {"speaker": speaker, "text": line},
    "Dialogue.buttons": ["copy"],
}
