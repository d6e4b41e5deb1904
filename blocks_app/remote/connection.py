"""An app of another server: how this process reaches it, and what becomes of one event there."""

from __future__ import annotations

import asyncio
import os
import threading
import weakref
from collections.abc import AsyncGenerator, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.utils.crypto import salted_hmac

from blocks_app.exceptions import DeclarationError, Error
from blocks_app.logs import logger
from blocks_app.protocol import ProgressUnit
from blocks_app.running import notifications

if TYPE_CHECKING:
    from blocks_client import PageClient, PageJob, StatusUpdate

log = logger("blocks_app.load")

NEEDED = (
    "gr.load calls other apps by the client of this project, which is a package of its own. Install it from the folder "
    "`client` of the project: `pip install ./client`."
)
#: Events that are under way at one app, each with a thread; their streams and files need as many connections.
MOST = 500
_SILENT = "has not enabled verbose error reporting"


class RemoteApp:
    """One app elsewhere. Each process has a client of its own, made when it first needs one."""

    def __init__(self, src: str, token: str | None = None) -> None:
        """Args: src: the address, or a Space as owner/name; token: for private Spaces, which the app itself may see."""
        self.src = src
        self._token = token
        self._secret = os.urandom(16)
        self._lock = threading.Lock()
        self._client: PageClient | None = None
        self._process = 0

    @property
    def client(self) -> PageClient:
        """The client of this process; a fork does not use its parent's connections."""
        with self._lock:
            if self._client is None or self._process != os.getpid():
                made = _client_class()(self.src, token=self._token or False, max_workers=MOST)
                self._client, self._process = made, os.getpid()
                weakref.finalize(self, _let_go, self._client).atexit = False
            return self._client

    def close(self) -> None:
        """Let go of the app until somebody needs it again."""
        with self._lock:
            client, self._client = self._client, None
        if client is not None and self._process == os.getpid():
            client.close()

    def session(self, here: str | None) -> str:
        """The session there of a session here: the same in every process, and nothing from which this one is told."""
        secret = _site_secret() if here else self._secret
        named = salted_hmac(f"blocks_app.remote {self.src}", here or "", secret=secret, algorithm="sha256")
        return named.hexdigest()[:32]

    def fetch(self, file: dict[str, Any], folder: Path) -> Path:
        """A file of the app, in a folder. Raises Error when it is another host's or cannot be had."""
        with explained():
            return Path(self.client.download(file, folder))

    async def events(self, job: PageJob) -> AsyncGenerator[list[Any], None]:
        """The wire values of all outputs, each time that the app gives some; progress and toasts are passed on.

        Whoever does not wait for the end cancels the event there, too.
        """
        loop, woken = asyncio.get_running_loop(), asyncio.Event()
        job.changed = lambda: _wake(loop, woken)
        last: Any = None
        try:
            while True:
                woken.clear()
                is_over = job.done()
                for each in job.take():
                    if isinstance(each, list):
                        last = each
                        yield each
                    else:
                        pass_on(each)
                if is_over:
                    break
                await woken.wait()
            with explained():
                result = job.result()
            if result is not last:
                yield result
        finally:
            self.client.withdraw(job)


def pass_on(status: StatusUpdate) -> None:
    """Tell the visitor what the app says of the event."""
    report = notifications.current.get()
    if report is None:
        return
    if status.log is not None:
        text, level = status.log
        report.log(level, text, 10, True, level.capitalize())
    elif status.progress_data:
        names = ("index", "length", "unit", "progress", "desc")
        report.progress([ProgressUnit(**{name: getattr(bar, name) for name in names}) for bar in status.progress_data])
    elif status.rank is not None and status.queue_size is not None and status.code.value == "IN_QUEUE":
        report.progress([ProgressUnit(desc=f"Waiting there: {status.rank + 1} of {max(status.queue_size, 1)}")])


@contextmanager
def explained() -> Iterator[None]:
    """What goes wrong with the app elsewhere, as an Error whose text is for visitors; the log has the rest."""
    import blocks_client as client

    try:
        yield
    except client.AppError as error:
        text = str(error)
        if _SILENT in text:
            text = "The app behind this page has failed, and does not say why."
        raise Error(text, error.duration, error.visible, error.title, print_exception=False) from None
    except client.ClientError as error:
        log.warning("load.failed", extra={"error": repr(error)})
        raise Error(_words(error), print_exception=False) from None


def _words(error: Exception) -> str:
    import blocks_client as client

    known: dict[type[Exception], str] = {
        client.QueueError: "has too many waiting already. Try again in a moment.",
        client.TooManyRequestsError: "has too much to do. Try again in a moment.",
        client.FileTooLargeError: "takes no files of this size.",
        client.ValidationError: f"does not take this: {error}",
        client.AuthenticationError: "does not let this one in.",
        client.DownloadError: "gave a file that cannot be had.",
        client.StreamLost: "went away before it had answered. Try again.",
        client.RedirectError: "leads to another host, which is not followed.",
        client.SpaceError: "is not running.",
        client.UnavailableError: "cannot be reached. Try again later.",
        client.TransportError: "cannot be reached. Try again later.",
        client.RefusedError: "does not offer this.",
    }
    what = next((text for kind, text in known.items() if isinstance(error, kind)), "answered what is not understood.")
    return f"The app behind this page {what}"


def _let_go(client: PageClient) -> None:
    """Nobody knows the app any more, such as one that was loaded for a visitor who has left."""
    threading.Thread(target=client.close, name="blocks-load-close", daemon=True).start()  # locks may be held here


def _wake(loop: asyncio.AbstractEventLoop, woken: asyncio.Event) -> None:
    if not loop.is_closed():
        loop.call_soon_threadsafe(woken.set)


def _client_class() -> type[PageClient]:
    try:
        from blocks_client import PageClient
    except ImportError as error:
        raise ImportError(NEEDED) from error
    return PageClient


def reach(connection: RemoteApp, name: str) -> PageClient:
    """The client of an app that is being declared. Raises DeclarationError, in words, when it cannot be had."""
    _client_class()
    from blocks_client import ClientError

    try:
        return connection.client
    except (ClientError, ValueError) as error:
        raise DeclarationError(f"gr.load() cannot load {name!r}: {error}") from error
    except (LookupError, TypeError, AttributeError) as error:
        raise DeclarationError(f"gr.load() cannot load {name!r}: what it says of itself makes no sense.") from error


def _site_secret() -> bytes:
    from django.conf import settings

    return str(settings.SECRET_KEY).encode()
