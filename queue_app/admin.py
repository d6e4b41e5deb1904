"""What Django's admin finds: the classes of `operations/` register themselves."""

from __future__ import annotations

from queue_app.operations import admin_conversations, admin_events  # noqa: F401  register by being imported
