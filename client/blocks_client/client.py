"""What programs import from `gradio_client.client`; the same names are in blocks_client."""

from __future__ import annotations

from blocks_client._core.api import Endpoint
from blocks_client._core.requests import default_folder
from blocks_client._core.status import ProgressUnit, Status, StatusUpdate
from blocks_client._exceptions import (
    AppError,
    AuthenticationError,
    QueueError,
    TooManyRequestsError,
    ValidationError,
)
from blocks_client._facade.client import Client
from blocks_client._facade.job import Job

#: Where files of results are kept unless `download_files` says otherwise.
DEFAULT_TEMP_DIR = default_folder()

__all__ = [
    "DEFAULT_TEMP_DIR",
    "AppError",
    "AuthenticationError",
    "Client",
    "Endpoint",
    "Job",
    "ProgressUnit",
    "QueueError",
    "Status",
    "StatusUpdate",
    "TooManyRequestsError",
    "ValidationError",
]
