"""What was done by hand is written down: who did it, to what, and how it went."""

from __future__ import annotations

from collections.abc import Callable

from queue_app.databases import rows, writing
from queue_app.exceptions import CannotDo
from queue_app.ids import text
from queue_app.log_sentences import logger
from queue_app.records.event_models import NAME, Audit

log = logger("queue_app.admin")


def audit(user: str, action: str, target: str, mount: str, work: Callable[[], str]) -> tuple[bool, str]:
    """Do something and write down who did it and how it went; whether it could be done, and the outcome in words."""
    try:
        done, outcome = True, work()
    except CannotDo as error:
        done, outcome = False, str(error)
    except TimeoutError:
        done, outcome = False, "The server's loop does not answer."
    with writing(Audit):
        more = {"target": text(target, 500), "outcome": text(outcome, 500)}
        rows(Audit).create(user=text(user, NAME), action=action, mount=text(mount, NAME), **more)
    log.info("admin.action", extra={"user": user, "action": action, "target": target, "mount": mount, "done": done})
    return done, outcome
