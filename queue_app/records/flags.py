"""The table of flags: what `blocks_app.flagging` asks of a site that has a database.

A flag's files are copies that belong to it: they go when its row goes, however that is deleted. With the account of who
flagged go the flags, as their values are that person's.
"""

from __future__ import annotations

import json
import time
from functools import partial
from typing import Any

from django.db import transaction
from django.db.models import Sum
from django.db.models.signals import post_delete
from django.utils.translation import gettext

from auth_app.visitors import users
from blocks_app.exceptions import Error
from blocks_app.files.file_registry import owner_text
from blocks_app.files.filestore import default_store
from blocks_app.flagging import database_logger
from blocks_app.flagging.database_logger import OWNER, NewFlag
from queue_app import conf, databases
from queue_app.databases import moment, rows, transacted
from queue_app.ids import text
from queue_app.log_sentences import logger
from queue_app.records.db_file_registry import blocking
from queue_app.records.file_models import StoredFile
from queue_app.records.flag_models import NAME, Flag, FlagFile

log = logger("queue_app.flags")

BATCH = 500
DAY = 86_400.0


class FlagRows:
    """A FlagTable of rows."""

    def add(self, flag: NewFlag) -> int:
        """Insert the rows; how many flags there are now of this app and interface."""
        mount, name = text(flag.mount, NAME), text(flag.name, NAME)

        def work() -> None:
            _check(flag)
            row = rows(Flag).create(
                mount=mount,
                name=name,
                option=text(flag.option, NAME),
                username=text(flag.username, NAME),
                identity=owner_text(flag.identity),
                session=text(flag.session, NAME),
                payer=flag.payer,
                created=moment(time.time()),
                excerpt=text(flag.excerpt, NAME),
                values=flag.values,
                columns=json.dumps(flag.columns),
                size=len(flag.values),
                file_count=len(flag.files),
            )
            rows(FlagFile).bulk_create([FlagFile(flag=row, file_id=each.id) for each in flag.files])

        def count() -> int:
            transacted(Flag, work)
            return rows(Flag).filter(mount=mount, name=name).count()

        return blocking(count)


def _check(flag: NewFlag) -> None:
    """Whether a visitor has flagged too much within a day: nobody shall fill the database with one button."""
    most = conf.flags_visitor()
    recent = rows(Flag).filter(payer=flag.payer, created__gte=moment(time.time() - DAY)) if flag.payer else None
    used = (recent.aggregate(total=Sum("size"))["total"] or 0) if recent is not None else 0
    if used + len(flag.values) > most and flag.payer:
        raise Error(gettext("You have flagged a great deal today. Thank you: tomorrow there is room for more."))


_table = FlagRows()
_ready: set[str] = set()


def table() -> FlagRows | None:
    """The table; None where the site has no database, or one that was not migrated yet.

    Raises what the database raises while it is away: a flag must not go into a file for a while.
    """
    return _table if databases.are_there() and _is_ready() else None


def _is_ready() -> bool:
    place = databases.place()
    if place in _ready:
        return True
    if blocking(partial(databases.has_table, Flag)):
        _ready.add(place)
        return True
    log.warning("flags.no_table", extra={"hint": "Run `manage.py migrate`; until then flags go into a file."})
    return False


def connect() -> None:
    """Keep flags in rows from now on."""
    database_logger.table = table
    post_delete.connect(_row_deleted, sender=FlagFile, dispatch_uid="queue_app.flag_files")
    if users.exist():
        from django.contrib.auth import get_user_model  # needs the project's apps to be loaded

        post_delete.connect(_account_deleted, sender=get_user_model(), dispatch_uid="queue_app.flags_of_account")


def _row_deleted(instance: FlagFile, using: str, **_: Any) -> None:
    """The file goes too, as soon as it is certain that the row has gone."""
    transaction.on_commit(partial(_delete_file, instance.file_id), using=using)


def _delete_file(file_id: str) -> None:
    blocking(partial(default_store().delete, file_id))


def _account_deleted(instance: Any, **_: Any) -> None:
    """What somebody has flagged goes with the account."""
    rows(Flag).filter(identity=owner_text(users.key_of(instance))).delete()


def sweep(older_than: float) -> int:
    """Delete copies that no flag has: a process may have ended between the two; how many there were."""
    store, count, after = default_store(), 0, 0
    limit = moment(time.time() - older_than)
    while True:
        copies = rows(StoredFile).filter(owner=OWNER, created__lt=limit, pk__gt=after).order_by("pk")
        found = list(copies.values_list("pk", "file_id")[:BATCH])
        if not found:
            return count
        after = found[-1][0]
        ids = [file_id for _, file_id in found]
        known = set(rows(FlagFile).filter(file_id__in=ids).values_list("file_id", flat=True))
        for file_id in sorted(set(ids) - known):
            store.delete(file_id)
            count += 1
