"""Others who want to know: observers and log handlers of the site are told, and what they raise stays with them."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any

from blocks_app.logs import quietly
from queue_app.sessions.session_hash import partly

if TYPE_CHECKING:
    from queue_app.execution.worker import Direct, RunningJob

log = logging.getLogger(__name__)


def tell(observers: Iterable[Callable[..., None]], *what: Any) -> None:
    """Call each observer; one that raises keeps neither the others nor the event from going on."""
    for observe in list(observers):
        try:
            observe(*what)
        except KeyboardInterrupt:
            raise
        except BaseException:
            quietly(log.exception, "observer.failed", extra={"observer": getattr(observe, "__qualname__", "")})


def ids_of(event: RunningJob | Direct) -> dict[str, Any]:
    """What a log record tells of an event."""
    job = event.job
    return {
        "event_id": job.event_id,
        "session": partly(job.session_hash),
        "mount": job.mount_key,
        "fn": job.fn,
        "fn_name": event.dependency.name,
        "job_state": job.state.value,
    }
