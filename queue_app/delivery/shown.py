"""What a page of a session shows from now on, on its way to where all processes find it."""

from __future__ import annotations

from typing import Any


class Shown:
    """What a page shows by an event, not shipped yet."""

    __slots__ = ("event_id", "fence", "parts")

    def __init__(self, event_id: str, fence: str, parts: dict[str, str]) -> None:
        self.event_id, self.fence, self.parts = event_id, fence, parts

    def shipped(self) -> list[Any]:
        """It as the script takes it."""
        return ["v", self.event_id, self.fence, [text for pair in self.parts.items() for text in pair]]
