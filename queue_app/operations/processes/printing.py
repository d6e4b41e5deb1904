"""Tables and JSON of commands for operators, and what was done by one."""

from __future__ import annotations

import getpass
import json
from collections.abc import Callable, Sequence
from importlib import import_module
from typing import Any

from django.conf import settings
from django.core.management.base import CommandError
from django.db import DatabaseError

from queue_app.databases import are_there
from queue_app.exceptions import CannotDo
from queue_app.operations.audits import audit

#: Why a list is empty.
NOBODY = (
    "No process of the site tells of itself: start one, and let somebody use an app. They are asked by the message "
    "bus, which needs a database that all share (BLOCKS_MESSAGE_BUS)."
)


def mount_apps() -> None:
    """Have the site's apps in this process, as its servers have them."""
    import_module(settings.ROOT_URLCONF)


def table(heads: Sequence[str], lines: Sequence[Sequence[object]]) -> str:
    """Columns as wide as they have to be, for a terminal."""
    cells = [list(heads), *([str(each) for each in line] for line in lines)]
    widths = [max(len(line[column]) for line in cells) for column in range(len(heads))]
    return "\n".join("  ".join(cell.ljust(width) for cell, width in zip(line, widths)).rstrip() for line in cells)


def as_json(what: Any) -> str:
    """For programs."""
    return json.dumps(what, indent=2, ensure_ascii=False, default=str)


def short(seconds: float | None) -> str:
    """A number of seconds in a table."""
    return "-" if seconds is None else f"{seconds:.1f}" if seconds < 100 else f"{seconds:.0f}"


def do(action: str, target: str, mount: str, work: Callable[[], str]) -> str:
    """Do something as an operator, write down who did where there is a database, and give the outcome.

    Raises CommandError: it could not be done.
    """

    def done_or_refused() -> str:
        try:
            return work()
        except OSError as error:
            raise CannotDo(str(error)) from error

    if are_there():
        try:
            done, outcome = audit(_user(), action, target, mount, done_or_refused)
        except DatabaseError as error:
            raise CommandError(f"It may be done, but cannot be written down: {error}") from error
    else:
        try:
            done, outcome = True, done_or_refused()
        except CannotDo as error:
            done, outcome = False, str(error)
    if not done:
        raise CommandError(outcome)
    return outcome


def _user() -> str:
    try:
        return f"{getpass.getuser()} (command)"
    except (KeyError, OSError):  # a container's user may have no name
        return "command"
