"""Twisted's connections with one system call per answer.

Twisted asks the selector to be told when a socket can be written, writes in the next turn of the loop and takes the
wish back: three system calls, and their bookkeeping, for what nearly always fits into the socket's buffer at once.
Here what a turn has written goes out at its end, and only what does not fit waits for the selector.
"""

from __future__ import annotations

from typing import Any

from twisted.internet import reactor, tcp

_reactor: Any = reactor


class FlushingServer(tcp.Server):
    """The server's end of one TCP connection."""

    _flushes = False

    def startWriting(self) -> None:
        """There is something to write, or to end after it has been written."""
        if not self._flushes:
            self._flushes = True
            _reactor._asyncioEventloop.call_soon(self._flush)

    def _flush(self) -> None:
        self._flushes = False
        if not self.connected or self._aborting:
            return
        _reactor._readOrWrite(self, False)  # what the selector would have called
        if self.connected and (self.dataBuffer or self._tempDataLen):
            super().startWriting()  # type: ignore[no-untyped-call] # Twisted has few types
