"""Call apps made with Blocks on Django or Gradio from Python.

from blocks_client import Client, handle_file

with Client("http://127.0.0.1:7860") as client:
    print(client.predict("Ada", api_name="/greet"))
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from blocks_client._core.files import FileInput, handle_file
from blocks_client._core.status import ProgressUnit, Status, StatusUpdate
from blocks_client._exceptions import (
    AnswerError,
    AppError,
    ArgumentError,
    AuthenticationError,
    ClientError,
    ClosedError,
    DownloadError,
    FileTooLargeError,
    LoginError,
    QueueError,
    RedirectError,
    RefusedError,
    SpaceError,
    SpaceFailedError,
    SpaceNotFoundError,
    SpacePausedError,
    StreamLost,
    TooManyRequestsError,
    TransportError,
    UnavailableError,
    ValidationError,
)
from blocks_client._facade.client import Client
from blocks_client._facade.job import Job
from blocks_client._version import __version__

if TYPE_CHECKING:
    from blocks_client._facade.async_client import AsyncClient
    from blocks_client._facade.async_job import AsyncJob
    from blocks_client._facade.page_client import PageClient, PageJob

__all__ = [
    "AnswerError",
    "AppError",
    "ArgumentError",
    "AsyncClient",
    "AsyncJob",
    "AuthenticationError",
    "Client",
    "ClientError",
    "ClosedError",
    "DownloadError",
    "FileInput",
    "FileTooLargeError",
    "Job",
    "LoginError",
    "PageClient",
    "PageJob",
    "ProgressUnit",
    "QueueError",
    "RedirectError",
    "RefusedError",
    "SpaceError",
    "SpaceFailedError",
    "SpaceNotFoundError",
    "SpacePausedError",
    "Status",
    "StatusUpdate",
    "StreamLost",
    "TooManyRequestsError",
    "TransportError",
    "UnavailableError",
    "ValidationError",
    "__version__",
    "file",
    "handle_file",
]


def __getattr__(name: str) -> Any:
    """asyncio is loaded only for those who use it; `file` is the old name of `handle_file`."""
    if name == "AsyncClient":
        from blocks_client._facade.async_client import AsyncClient

        return AsyncClient
    if name == "AsyncJob":
        from blocks_client._facade.async_job import AsyncJob

        return AsyncJob
    if name in ("PageClient", "PageJob"):
        from blocks_client._facade import page_client

        return getattr(page_client, name)
    if name == "file":
        import warnings

        warnings.warn("file() is deprecated: use handle_file().", DeprecationWarning, stacklevel=2)
        return handle_file
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
