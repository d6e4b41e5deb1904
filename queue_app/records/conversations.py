"""Kept conversations in the site's database: what `blocks_app.interfaces.chat_histories` asks, answered by rows.

A row belongs to who has logged in, and goes with the account.
"""

from __future__ import annotations

import json
import secrets
import time
from typing import Any

from django.db import InterfaceError, OperationalError
from django.db.models import QuerySet
from django.db.models.signals import post_delete

from auth_app.visitors import users
from blocks_app.files.file_registry import owner_text
from queue_app.databases import are_there, connection_of, exactly, moment, rows, transacted
from queue_app.ids import text
from queue_app.log_sentences import logger
from queue_app.records.conversation_models import NAME, Conversation
from queue_app.records.db_file_registry import blocking

log = logger("queue_app.conversations")

MOST = 500  # conversations of one visitor with one app; the oldest go
LISTED = 200

Messages = list[dict[str, Any]]
Open = dict[str, Any] | None
_ready: set[str] = set()


class Conversations:
    """Those of one visitor with one app."""

    def __init__(self, owner: str, mount: str) -> None:
        self._owner, self._mount = owner_text(owner), text(mount, NAME)

    def listed(self) -> list[tuple[str, str]]:
        """The id and title of each, the newest first."""
        found = self._rows().values_list("number", "title")[:LISTED]
        return blocking(lambda: list(found))

    def load(self, number: str) -> tuple[Messages, Open] | None:
        """What was said, and what is known of it; None where it is not there any more."""
        row = blocking(lambda: self._rows().filter(number=number).first())
        return None if row is None else (json.loads(row.messages), {"id": number, "version": row.version})

    def save(self, opened: Open, title: str, messages: Messages) -> Open:
        """Keep it as it is now.

        Where another tab or device has gone on with it meanwhile, nobody's words are lost: unless one of the two only
        says more than the other, this becomes one of its own.
        """
        written = json.dumps(messages, separators=(",", ":"))
        now = moment(time.time())

        def work() -> Open:
            row = None if opened is None else self._rows().filter(number=opened["id"]).first()
            if opened is not None and row is not None:
                there = json.loads(row.messages)
                if there == messages or (row.version != opened["version"] and _begins(there, messages)):
                    return opened
                if row.version == opened["version"] or _begins(messages, there):
                    mine = self._rows().filter(pk=row.pk, version=row.version)
                    if mine.update(messages=written, version=row.version + 1, updated=now):
                        return {"id": opened["id"], "version": row.version + 1}
            number = secrets.token_urlsafe(16)
            rows(Conversation).create(
                number=number,
                owner=self._owner,
                mount=self._mount,
                title=text(title, NAME),
                messages=written,
                created=now,
                updated=now,
            )
            old = self._rows().values_list("pk", flat=True)[MOST:]
            rows(Conversation).filter(pk__in=list(old)).delete()
            return {"id": number, "version": 1}

        return blocking(lambda: transacted(Conversation, work))

    def rename(self, number: str, title: str) -> None:
        """Give one another title."""
        found = self._rows().filter(number=number)

        blocking(lambda: transacted(Conversation, lambda: found.update(title=text(title, NAME))))

    def delete(self, number: str) -> None:
        """Delete one."""
        found = self._rows().filter(number=number)

        blocking(lambda: transacted(Conversation, found.delete))

    def _rows(self) -> QuerySet[Conversation]:
        return exactly(Conversation, owner=self._owner, mount=self._mount)


def _begins(longer: Messages, shorter: Messages) -> bool:
    return longer[: len(shorter)] == shorter


def conversations_of(owner: str, mount: str) -> Conversations | None:
    """Those of a visitor who has logged in; None where the site has no place for them."""
    return Conversations(owner, mount) if _is_ready() else None


def connect() -> None:
    """Let conversations go with the accounts of those who had them; called by the app's `ready`."""
    if users.exist():
        from django.contrib.auth import get_user_model  # needs the project's apps to be loaded

        post_delete.connect(_erase, sender=get_user_model(), dispatch_uid="queue_app.conversations")


def _erase(instance: Any, **_: Any) -> None:
    if _is_ready():
        owner = owner_text(users.key_of(instance))
        exactly(Conversation, owner=owner).delete()


def _is_ready() -> bool:
    """Whether there is a database with the table: a new site may not be migrated yet.

    Raises what the database raises while it is away: a conversation must not go to the browser for a while.
    """
    return are_there() and blocking(_has_table)


def _has_table() -> bool:
    connection = connection_of(Conversation)
    place = str(connection.settings_dict["NAME"])
    if place in _ready:
        return True
    try:
        there = Conversation._meta.db_table in connection.introspection.table_names()
        problem = "Run `manage.py migrate`"
    except (OperationalError, InterfaceError):
        raise
    except Exception as error:  # also what forbids a test to use the database
        there, problem = False, f"{type(error).__name__}: {error}"
    if there:
        _ready.add(place)
    else:
        log.warning("conversations.no_table", extra={"hint": f"{problem}; until then browsers keep them."})
    return there
