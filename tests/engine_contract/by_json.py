"""An engine that knows of a job what its JSON says, and nothing else: what rides along beside the data is lost."""

from __future__ import annotations

from typing import TYPE_CHECKING

from queue_app.execution.job import AccessEnded, JobSpec
from queue_app.execution.memory_engine import MemoryEngine

if TYPE_CHECKING:
    from blocks_app.listeners.dependency import Dependency
    from blocks_app.protocol import ProcessCompleted


class ByJson(MemoryEngine):
    """As if whoever submits sat in another process."""

    async def submit(self, job: JobSpec) -> None:
        await super().submit(again(job))

    async def run_direct(self, job: JobSpec, counted: bool = False) -> ProcessCompleted:
        return await super().run_direct(again(job), counted)

    async def rendered(self, job: JobSpec) -> Dependency:
        return await super().rendered(again(job))

    async def drop(self, ended: AccessEnded) -> None:
        await super().drop(AccessEnded(str(ended.identity_key or "") or None, str(ended.session or "") or None))


def again(job: JobSpec) -> JobSpec:
    """Another object of the same data."""
    fresh = JobSpec.from_json(job.to_json())
    assert fresh == job and fresh is not job
    return fresh
