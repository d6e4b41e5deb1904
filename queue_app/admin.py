"""What Django's admin finds: the pages of `operations/admin/` register themselves."""

from __future__ import annotations

# They register by being imported.
from queue_app.operations.admin import (  # noqa: F401
    conversations,
    events,
    files,
    flags,
    live_queue,
    operator_actions,
    sessions,
    workers,
)
