"""`Blocks(delete_cache=(frequency, age))`: an app's files go when they are old, and all of them when it stops.

A cleaner knows the files that this process stored for its app, so that a look through them costs nothing else. Its
timer runs only while there are any. Where files are rows it also deletes what is overdue and was left by processes
that are gone. Initial values and examples are never told to it.
"""

from __future__ import annotations

import atexit
import shutil
import threading
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from blocks_app.logs import logger

if TYPE_CHECKING:
    from blocks_app.files.filestore import FileStore

log = logger("blocks_app.cleaning")

_ATTACHMENT = "file cleaner"


class _Keeping(Protocol):
    """A page, so far as it says how long its files are kept."""

    delete_cache: tuple[int, int] | None


class _Mounted(Protocol):
    """A mounted app, so far as its files are concerned."""

    @property
    def blocks(self) -> _Keeping:
        """The page."""

    @property
    def attachments(self) -> dict[str, Any]:
        """What others keep for it, such as its cleaner."""


class Cleaner:
    """Deletes files older than `age` seconds, looking every `frequency` seconds."""

    def __init__(self, frequency: float, age: float) -> None:
        self.frequency = frequency
        self.age = age
        self._lock = threading.Lock()
        self._stored: dict[str | Path, tuple[FileStore, float]] = {}
        self._timer: threading.Timer | None = None
        atexit.register(self.close)

    def note(self, store: FileStore, file: str | Path) -> None:
        """A file was stored: its id, or the path of a scratch file."""
        with self._lock:
            self._stored[file] = store, time.time()
            if self._timer is None:
                self._start()

    def close(self) -> None:
        """The app stops: delete all of its files."""
        with self._lock:
            if self._timer is not None:
                self._timer.cancel()
            self._timer = None
            gone, self._stored = self._stored, {}
        _delete(gone)

    def _start(self) -> None:
        self._timer = threading.Timer(self.frequency, self._look)
        self._timer.daemon = True
        self._timer.start()

    def _look(self) -> None:
        limit = time.time() - self.age
        with self._lock:
            old = {file: known for file, known in self._stored.items() if known[1] <= limit}
            stores = {store for store, _ in self._stored.values()}
            for file in old:
                del self._stored[file]
            self._timer = None
            if self._stored:
                self._start()
        _delete(old)
        for store in stores:
            try:
                store.expire()
            except Exception:  # a database that is away, say; the next look tries again
                log.exception("files.not_expired")


def _delete(files: dict[str | Path, tuple[FileStore, float]]) -> None:
    for file, (store, _) in files.items():
        if isinstance(file, Path):
            shutil.rmtree(file.parent, ignore_errors=True)
            continue
        try:
            store.delete(file)
        except Exception:  # what stays is deleted by a later look, or by `blocks_sweep`
            log.exception("files.not_deleted", extra={"file": file})


def cleaner_of(mount: _Mounted) -> Cleaner | None:
    """The cleaner of a mounted app; None when it keeps its files."""
    wanted = mount.blocks.delete_cache
    if wanted is None:
        return None
    if _ATTACHMENT not in mount.attachments:
        mount.attachments[_ATTACHMENT] = Cleaner(*wanted)
    cleaner: Cleaner = mount.attachments[_ATTACHMENT]
    return cleaner


def stop(mount: _Mounted) -> None:
    """The app stops: its files go, if it wanted that."""
    cleaner = mount.attachments.pop(_ATTACHMENT, None)
    if cleaner is not None:
        cleaner.close()
        atexit.unregister(cleaner.close)
