"""One file on its way to disk. No network here."""

from __future__ import annotations

import contextlib
import hashlib
import os
import queue
import threading
from typing import TYPE_CHECKING, Optional

from blocks_client._exceptions import DownloadError

if TYPE_CHECKING:
    from blocks_client._core.files import Folder

#: Bytes after which the rest is written by a thread: to write and to hash takes as long as to receive.
LARGE = 1024 * 1024
#: Pieces that may wait for that thread; httpx gives 64 KB each.
_WAITING = 64


class Arrival:
    """Write the pieces, then `done()`, or `failed()`. A large file is written beside its arriving, in flat memory."""

    def __init__(self, folder: Folder, name: str, size: int | None) -> None:
        self._folder = folder
        self._name = name
        self._expected = size
        self._digest = hashlib.sha256()
        self._part = folder.path / f".part-{os.urandom(8).hex()}"
        self._out = self._part.open("xb")
        self._pieces: queue.Queue[Optional[bytes]] = queue.Queue(_WAITING)
        self._writer: threading.Thread | None = None
        self._problem: BaseException | None = None
        self.received = 0

    @property
    def is_large(self) -> bool:
        """Whether a thread writes it, so that `settle` may take a moment."""
        return self._writer is not None

    @property
    def would_block(self) -> bool:
        """Whether `write` would wait for the disk."""
        return self._pieces.full()

    def write(self, piece: bytes) -> None:
        """Take the next piece. Raises what writing an earlier one raised, such as OSError for a full disk."""
        self.received += len(piece)
        if self._writer is None:
            if self.received <= LARGE:
                self._keep(piece)
                return
            self._writer = threading.Thread(target=self._write_on, name="blocks-client-writer", daemon=True)
            self._writer.start()
        if self._problem is not None:
            raise self._problem
        self._pieces.put(piece)

    def settle(self) -> None:
        """Wait until everything is written. Raises as `write` does."""
        self._stop()
        if self._problem is not None:
            raise self._problem

    def done(self) -> str:
        """The path of the whole file. DownloadError when it is not as large as the server said."""
        self.settle()
        self._out.close()
        if self._expected is not None and self.received != self._expected:
            self.failed()
            raise DownloadError(
                f"{self._name} has {self._expected} bytes on the server, but {self.received} arrived. Call again."
            )
        return str(self._folder.add(self._part, self._digest.hexdigest(), self._name))

    def failed(self) -> None:
        """Remove what has arrived."""
        self._stop()
        with contextlib.suppress(OSError):  # a full disk does not take the rest either
            self._out.close()
        self._part.unlink(missing_ok=True)

    def _keep(self, piece: bytes) -> None:
        self._out.write(piece)
        self._digest.update(piece)

    def _write_on(self) -> None:
        """After a failure the pieces are still taken, so that nobody waits for room."""
        while (piece := self._pieces.get()) is not None:
            if self._problem is None:
                try:
                    self._keep(piece)
                except BaseException as error:
                    self._problem = error

    def _stop(self) -> None:
        if self._writer is not None and self._writer.is_alive():
            self._pieces.put(None)
            self._writer.join()
