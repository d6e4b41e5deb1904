"""For whom an event reads and stores files."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cachetools import FIFOCache

from blocks_app.running.call import FileContext, files_for

if TYPE_CHECKING:
    from blocks_app.web.registry import Mount
    from queue_app.execution.job import JobSpec

_KEPT = 4096  # contexts kept ready


class EventFiles:
    """The contexts of one mounted app's events, kept ready by visitor and address."""

    def __init__(self, mount: Mount) -> None:
        self.mount = mount
        self._kept: FIFOCache[tuple[str, str, str, str], FileContext] = FIFOCache(_KEPT)

    def of(self, job: JobSpec) -> FileContext:
        """Whose files the event may read, and to whom belongs what it makes."""
        owner = job.identity_key or ""
        root = job.request.root if job.request is not None else ""
        client = job.request.client if job.request is not None else None
        address = client[0] if client else ""
        session = job.session_hash if job.session_hash != job.event_id else ""
        key = owner, root, address, session
        context = self._kept.get(key)
        if context is None:
            context = files_for(self.mount, owner=owner, root=root, address=address, session=session)
            self._kept[key] = context
        return context
