"""What a page says of its queue: `Blocks.queue(...)`. How the queue works is another app's business."""

from __future__ import annotations

import os
from dataclasses import dataclass
from typing import Any, Literal

from blocks_app.exceptions import DeclarationError


@dataclass(frozen=True)
class QueueOptions:
    """Limits and manners of a page's queue."""

    #: Seconds between two notices of the place in the queue; "auto" tells each change.
    status_update_rate: float | Literal["auto"] = "auto"
    #: Direct POSTs of programs: None takes turns with the queue, True runs them at once, False refuses them.
    api_open: bool | None = None
    #: How many events may wait; None is no limit.
    max_size: int | None = None
    #: How many events of one function run at once unless its listener says so; "not_set" reads the environment.
    default_concurrency_limit: int | Literal["not_set"] | None = "not_set"
    #: How many events of one visitor may run at once, of all functions together; None is no limit.
    per_user_limit: int | None = None

    def default_limit(self) -> int | None:
        """The limit in force: the explicit one, else GRADIO_DEFAULT_CONCURRENCY_LIMIT, else 1."""
        if self.default_concurrency_limit != "not_set":
            return self.default_concurrency_limit
        text = os.environ.get("GRADIO_DEFAULT_CONCURRENCY_LIMIT", "1").strip()
        if text.lower() == "none":
            return None
        if not text.isdigit() or int(text) < 1:
            raise DeclarationError(
                f"GRADIO_DEFAULT_CONCURRENCY_LIMIT must be a whole number from 1 on or none, not {text!r}."
            )
        return int(text)


def queue_options(
    status_update_rate: Any,
    api_open: Any,
    max_size: Any,
    concurrency_count: Any,
    default_concurrency_limit: Any,
    per_user_limit: Any = None,
) -> QueueOptions:
    """Check the arguments of `Blocks.queue`."""
    if concurrency_count:
        raise DeprecationWarning(
            "concurrency_count has been deprecated. Set the concurrency_limit directly on event listeners e.g. "
            "btn.click(fn, ..., concurrency_limit=10) or gr.Interface(concurrency_limit=10). If necessary, the total "
            "number of workers can be configured via `max_threads` in launch()."
        )
    if status_update_rate != "auto" and not (isinstance(status_update_rate, (int, float)) and status_update_rate > 0):
        raise DeclarationError(f"status_update_rate must be a number of seconds or 'auto', not {status_update_rate!r}.")
    if max_size is not None and (isinstance(max_size, bool) or not isinstance(max_size, int) or max_size < 0):
        raise DeclarationError(f"max_size must be a whole number or None, not {max_size!r}.")
    limit = default_concurrency_limit
    if limit not in (None, "not_set") and (isinstance(limit, bool) or not isinstance(limit, int) or limit < 1):
        raise DeclarationError(f"default_concurrency_limit must be a whole number from 1 on or None, not {limit!r}.")
    per_user = per_user_limit
    if per_user is not None and (isinstance(per_user, bool) or not isinstance(per_user, int) or per_user < 1):
        raise DeclarationError(f"per_user_limit must be a whole number from 1 on or None, not {per_user!r}.")
    return QueueOptions(status_update_rate, api_open, max_size, limit, per_user)
