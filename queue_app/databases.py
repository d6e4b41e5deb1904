"""Where our tables are, and how they are written beside a site that writes, too.

Every query of ours names the database that the site's routers give for writing its table: what was written a moment
ago is not read from a replica that has not got it yet. Times are aware or naive as the site's `USE_TZ` says.
"""

from __future__ import annotations

import random
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any, TypeVar

from django.apps import apps
from django.conf import settings
from django.db import (
    DatabaseError,
    DataError,
    IntegrityError,
    InterfaceError,
    NotSupportedError,
    OperationalError,
    ProgrammingError,
    connections,
    router,
    transaction,
)
from django.db.models import BinaryField, F, Func, Model, QuerySet
from django.utils import timezone

from queue_app.log_sentences import logger

log = logger("queue_app.databases")

M = TypeVar("M", bound=Model)
T = TypeVar("T")

#: Seconds for which a writer steps back before a site that uses the same SQLite file; then it waits as all others do.
PATIENCE = 5.0
_STEP_BACK = (0.02, 0.1)
TRIES = 10  # of a transaction that others are in the way of
_writer_lock = threading.Lock()  # our own writers wait for each other here, not at the file
_tested = False
_lacking: set[str] = set()  # places of databases of which somebody was told that they were not migrated


def alias_of(model: type[Model]) -> str:
    """The database that has this table."""
    return str(router.db_for_write(model))


def connection_of(model: type[Model]) -> Any:
    """This thread's connection to it."""
    return connections[alias_of(model)]


def rows(model: type[M]) -> QuerySet[M]:
    """The rows of a table, where they are written."""
    return model._default_manager.using(alias_of(model))


def exactly(model: type[M], **texts: str) -> QuerySet[M]:
    """The rows with these texts, letter by letter: for MySQL "Ann", "ann" and "ann " are usually the same."""
    found = rows(model).filter(**texts)
    if connection_of(model).vendor != "mysql":
        return found
    cast = "CAST(%(expressions)s AS BINARY)"
    bytes_ = {f"{name}_bytes": Func(F(name), template=cast, output_field=BinaryField()) for name in texts}
    as_bytes: QuerySet[M] = found.alias(**bytes_)
    return as_bytes.filter(**{f"{name}_bytes": text.encode() for name, text in texts.items()})


def are_there() -> bool:
    """Whether the site has a database for our tables."""
    return bool(_engine())


def has_table(model: type[Model]) -> bool:
    """Whether the database has this table: a new site may not be migrated yet. Raises what the database raises."""
    return model._meta.db_table in connection_of(model).introspection.table_names()


def is_lack_of_tables(error: BaseException) -> bool:
    """Whether the database says that it was not migrated yet; the log is told so once, whoever asks."""
    lacks = isinstance(error, ProgrammingError | OperationalError) and any(
        words in str(error).lower() for words in ("no such table", "does not exist", "doesn't exist")
    )
    if lacks and notes_lack():
        log.warning("database.not_migrated", extra={"hint": "Run `manage.py migrate`; until then nothing is recorded."})
    return lacks


def notes_lack() -> bool:
    """Whether nobody was told yet that the database was not migrated: whoever asks tells now."""
    is_new = place() not in _lacking
    _lacking.add(place())
    return is_new


def can_be_shared() -> bool:
    """Whether other processes of the site may use it: not one in memory."""
    alias = _alias()
    name = str(settings.DATABASES.get(alias, {}).get("NAME", ""))
    return bool(_engine()) and ":memory:" not in name and "mode=memory" not in name


def place() -> str:
    """Where our tables are now: tests exchange the database, and what is still to be written belongs to the old one."""
    return str(settings.DATABASES.get(_alias(), {}).get("NAME", ""))


def in_tests() -> bool:
    """Whether this process runs Django's tests, or has: then nothing is written behind their backs."""
    global _tested
    utils = sys.modules.get("django.test.utils")
    _tested = _tested or (utils is not None and hasattr(utils._TestState, "saved_data"))
    return _tested


def moment(seconds: float) -> datetime:
    """A time of `time.time()` as the site's fields take it."""
    return datetime.fromtimestamp(seconds, UTC) if settings.USE_TZ else datetime.fromtimestamp(seconds)


def local(when: datetime) -> datetime:
    """A field's time as the site's people read it."""
    return timezone.localtime(when) if timezone.is_aware(when) else when


def transacted(model: type[Model], work: Callable[[], T], patience: float = PATIENCE) -> T:
    """Do some work in a transaction of `writing`, and all of it again when the database ended that for another's sake.

    Two that wait for each other are a deadlock: PostgreSQL and MySQL end one of them, which has to begin anew.
    """
    for left in reversed(range(TRIES)):
        try:
            with writing(model, patience):
                return work()
        except OperationalError as error:
            if not left or connection_of(model).in_atomic_block or not is_deadlock(error):
                raise
        time.sleep(random.uniform(*_STEP_BACK))
    raise AssertionError


#: What MySQL refuses in one row, and Django takes for a failure of the database: a text that the column's character set
#: has not, values out of range, a row or statement that is too large.
_REFUSALS = (1118, 1153, 1264, 1292, 1366, 1406, 3988)


def is_refusal(error: DatabaseError | InterfaceError) -> bool:
    """Whether the database is there and takes no such row; not when it takes none for now, as a standby."""
    if isinstance(error, OperationalError):
        return bool(error.args and error.args[0] in _REFUSALS)
    return isinstance(error, DataError | IntegrityError | NotSupportedError)


def is_deadlock(error: OperationalError) -> bool:
    """Whether a transaction was ended so that another could go on."""
    cause = error.__cause__
    state = getattr(cause, "sqlstate", None) or getattr(cause, "pgcode", None)
    return state in ("40P01", "40001") or bool(error.args and error.args[0] in (1205, 1213))


@contextmanager
def writing(model: type[Model], patience: float = PATIENCE) -> Iterator[None]:
    """A transaction on the database that has this table.

    On SQLite it begins only when nobody else is in one. A transaction of the site that has read and is about to write
    fails at once with "database is locked" when another is writing, whatever its timeout; so ours keeps out of its way
    for `patience` seconds.
    """
    connection = connection_of(model)
    if connection.vendor != "sqlite" or connection.in_atomic_block or connection.is_in_memory_db():
        with transaction.atomic(using=connection.alias):
            yield
        return
    limit = time.monotonic() + patience
    has_lock = _writer_lock.acquire(timeout=patience)
    try:
        atomic = _begin_alone(connection, limit)
        try:
            yield
        except BaseException:
            atomic.__exit__(*sys.exc_info())
            raise
        atomic.__exit__(None, None, None)
    finally:
        if has_lock:
            _writer_lock.release()


def _begin_alone(connection: Any, limit: float) -> Any:
    """Begin a transaction when no other is under way, or when it is time."""
    connection.ensure_connection()
    mode, options = connection.transaction_mode, connection.settings_dict["OPTIONS"]
    waits = int(float(options.get("timeout", 5.0)) * 1000)
    while True:
        now = time.monotonic() >= limit
        atomic: Any = transaction.atomic(using=connection.alias)
        try:
            connection.transaction_mode = "IMMEDIATE" if now else "EXCLUSIVE"
            connection.connection.execute(f"PRAGMA busy_timeout = {waits if now else 0}")
            atomic.__enter__()
        except OperationalError as error:
            if now or "locked" not in str(error):
                raise
        else:
            return atomic
        finally:
            connection.transaction_mode = mode
            connection.connection.execute(f"PRAGMA busy_timeout = {waits}")
        time.sleep(random.uniform(*_STEP_BACK))  # whoever has the file can tell nobody that it is free


def _alias() -> str:
    if not getattr(settings, "DATABASE_ROUTERS", None):
        return "default"
    return alias_of(apps.get_model("queue_app", "Event"))  # loaded by then: a site without routers never asks


def _engine() -> str:
    if not any(each.get("ENGINE") for each in settings.DATABASES.values()):
        return ""
    engine = str(settings.DATABASES.get(_alias(), {}).get("ENGINE", ""))
    return "" if engine.endswith(".dummy") else engine
