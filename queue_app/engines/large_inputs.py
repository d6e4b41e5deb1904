"""Inputs that are too large for Redis go the way of files: through the storage that all machines of a site share."""

from __future__ import annotations

import asyncio

import msgspec
from django.core.files.base import ContentFile

from blocks_app.files.filestore import default_store
from blocks_app.logs import quietly
from queue_app.engines.asking import Asked
from queue_app.exceptions import InputsLost
from queue_app.execution.job import JobSpec
from queue_app.ids import new_id
from queue_app.log_sentences import logger

log = logger("queue_app.engine")

#: From so many bytes on.
LARGE = 100_000
_FEW = 16  # values of an event that are surely small


async def put_away(job: JobSpec) -> tuple[JobSpec, str]:
    """The job as it may be kept in Redis, and where its inputs lie; "" where they are with it."""
    if _is_small(job):
        return job, ""
    text = await asyncio.to_thread(msgspec.json.encode, job.data)
    if len(text) < LARGE:
        return job, ""
    name = await asyncio.to_thread(default_store().storage.save, f"{new_id()}/inputs.json", ContentFile(text))
    return msgspec.structs.replace(job, data=[]), name


async def job_of(asked: Asked) -> JobSpec:
    """The job with its inputs. They stay where they are until it has ended: another worker may have to begin anew.

    Raises InputsLost where the storage does not give them, whatever a site's own storage raises.
    """
    job = asked.spec
    if not asked.stored:
        return job
    try:
        data = await asyncio.to_thread(_read, asked.stored)
    except Exception as error:
        quietly(log.exception, "worker.inputs_lost", extra={"function": asked.name})
        raise InputsLost from error
    return msgspec.structs.replace(job, data=data)


def drop(name: str) -> None:
    """Nobody needs these inputs any more. May wait for the storage."""
    default_store().storage.delete(name)


def _read(name: str) -> list[object]:
    with default_store().storage.open(name, "rb") as file:
        data: list[object] = msgspec.json.decode(file.read())
    return data


def _is_small(job: JobSpec) -> bool:
    """Whether a look from outside suffices."""
    values = job.data
    return len(values) <= _FEW and all(
        value is None or isinstance(value, bool | int | float) or (isinstance(value, str) and len(value) < 1_000)
        for value in values
    )
