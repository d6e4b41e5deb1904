"""What the worker has: the pages, and a file in which it tells what becomes of their events."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import msgspec

from blocks_app.web.registry import mount
from queue_app.signals import JobChanged, job_changed
from tests.engine_contract.apps import OTHERS, PAGE
from tests.engine_contract.worker_process import TOLD

urlpatterns: list[Any] = []


def tell(change: JobChanged) -> None:
    """Beside the notes of the functions; all requests of the tests name the folder."""
    headers = dict(change.request.headers) if change.request is not None else {}
    with (Path(headers["x-folder"]) / TOLD).open("ab") as out:
        out.write(msgspec.json.encode(change, enc_hook=str) + b"\n")


OTHER_CODE = os.environ.get("CONTRACT_CODE") == "other"
if OTHER_CODE:
    PAGE.title = "Another version"
for each in (PAGE,) if OTHER_CODE else (PAGE, *OTHERS.values()):
    mount(each)
job_changed.connect(tell)
