"""What Django finds: the tables of `records/`."""

from __future__ import annotations

from queue_app.records.conversation_models import Conversation
from queue_app.records.event_models import Audit, Event, Minute, Queue, Session
from queue_app.records.file_models import FileAccount, StoredFile
from queue_app.records.flag_models import Flag, FlagFile
from queue_app.records.message_models import Letter, Process

__all__ = [
    "Audit", "Conversation", "Event", "FileAccount", "Flag", "FlagFile", "Letter", "Minute", "Process", "Queue",
    "Session", "StoredFile",
]  # fmt: skip
