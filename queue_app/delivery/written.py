"""A message on its way to Redis, as one process has published it."""

from __future__ import annotations

from typing import Any

import msgspec

from queue_app.delivery.outbox_store import Values
from queue_app.delivery.sequenced_message import Diff

_DIFFS: dict[Diff, str] = {True: "1", False: "0", None: ""}
DIFF_OF: dict[str, Diff] = {text: diff for diff, text in _DIFFS.items()}


class Written:
    """A message that was not shipped yet; of an end `values` are its JobState."""

    __slots__ = ("diff", "event_id", "fence", "kind", "text", "values")

    def __init__(self, text: bytes, kind: str, event_id: str, diff: Diff, values: Any, fence: str) -> None:
        self.text, self.kind, self.event_id, self.diff = text, kind, event_id, _DIFFS[diff]
        self.values, self.fence = values, fence

    def shipped(self, whole: set[str]) -> list[Any]:
        """It as the script takes it; of an event's yields only the last one brings all values."""
        values = ""
        if isinstance(self.values, str):
            values = self.values
        elif self.values is not None and self.event_id not in whole:
            whole.add(self.event_id)
            raw = self.values.raw() if isinstance(self.values, Values) else _raw(self.values)
            values = bytes(raw).decode()
        return ["p", self.text.decode(), self.kind, self.event_id, self.diff, values, self.fence]


def _raw(value: Any) -> msgspec.Raw:
    return value if isinstance(value, msgspec.Raw) else msgspec.Raw(msgspec.json.encode(value))
