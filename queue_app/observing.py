"""Others who want to know: receivers of signals, log handlers of the site. What they raise stays with them."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from blocks_app.logs import quietly
from queue_app.log_sentences import logger

log = logger(__name__)


def notify(observers: Iterable[Callable[..., None]], *what: Any) -> None:
    """Call each observer; one that raises keeps neither the others nor the event from going on."""
    for observe in list(observers):
        try:
            observe(*what)
        except KeyboardInterrupt:
            raise
        except BaseException:
            quietly(log.exception, "observer.failed", extra={"observer": getattr(observe, "__qualname__", "")})
