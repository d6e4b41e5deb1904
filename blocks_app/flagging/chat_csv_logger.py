"""ChatCSVLogger: what visitors say of answers in a conversation, as Gradio 6 keeps it."""

from __future__ import annotations

import contextlib
import datetime
import json
from pathlib import Path
from typing import Any

from blocks_app.flagging import cells
from blocks_app.flagging.csv_file import CsvFile
from blocks_app.listeners.event_data import LikeData
from blocks_app.outages import STORAGE, as_unavailable
from blocks_app.tree.flagged import plain

_HEADER = ("conversation", "index", "value", "flag", "timestamp")


class ChatCSVLogger:
    """Keeps likes, dislikes and other feedback in `log.csv`, each with the whole conversation."""

    flagging_dir: str | Path = ""

    def setup(self, flagging_dir: str | Path) -> None:
        """Get ready; makes the folder, if it can be made."""
        self.flagging_dir = flagging_dir
        with contextlib.suppress(OSError):
            Path(flagging_dir).mkdir(parents=True, exist_ok=True)

    @as_unavailable(STORAGE)
    def flag(self, like_data: LikeData, messages: list[Any]) -> None:
        """Add a row."""
        liked = like_data.liked
        feedback = {True: "Like", False: "Dislike"}.get(liked, liked) if isinstance(liked, bool) else liked
        folder = Path(self.flagging_dir)
        folder.mkdir(parents=True, exist_ok=True)
        try:
            conversation = json.dumps(messages)
        except (TypeError, ValueError, RecursionError):
            conversation = json.dumps(plain(messages))
        when = datetime.datetime.now().isoformat(" ", "microseconds")
        row = cells.row([conversation, like_data.index, feedback, when], modern=True)
        CsvFile(folder / "log.csv").append(row, _HEADER)
