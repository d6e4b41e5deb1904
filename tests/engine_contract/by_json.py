"""An engine that knows of a job what its JSON says, and nothing else: what rides along beside the data is lost."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from queue_app.execution.job import AccessEnded, JobSpec, ListenerView
from queue_app.execution.memory_engine import MemoryEngine
from queue_app.sessions.presence import VisitorInfo

if TYPE_CHECKING:
    from blocks_app.protocol import ProcessCompleted
    from queue_app.delivery.viewers import Viewer


class ByJson(MemoryEngine):
    """As if whoever submits sat in another process."""

    async def submit(self, job: JobSpec) -> None:
        await super().submit(again(job))

    async def run_direct(self, job: JobSpec, counted: bool = False) -> ProcessCompleted:
        return await super().run_direct(again(job), counted)

    async def rendered(self, job: JobSpec) -> ListenerView:
        return msgspec.json.decode(msgspec.json.encode(await super().rendered(again(job))), type=ListenerView)

    async def watch(self, event_id: str, visitor: VisitorInfo, after: int) -> Viewer:
        visitor = msgspec.json.decode(msgspec.json.encode(visitor), type=VisitorInfo)
        return await super().watch(event_id, visitor, after)

    async def drop(self, ended: AccessEnded) -> None:
        await super().drop(AccessEnded(str(ended.identity_key or "") or None, str(ended.session or "") or None))


def again(job: JobSpec) -> JobSpec:
    """Another object of the same data."""
    fresh = JobSpec.from_json(job.to_json())
    assert fresh == job and fresh is not job
    return fresh
