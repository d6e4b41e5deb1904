"""Where something of a process has hooked itself in, so that one call takes it off everywhere."""

from __future__ import annotations

import atexit
from collections.abc import Callable
from contextlib import ExitStack
from typing import TypeVar

from queue_app.shutdown import sequence
from queue_app.signals import Signal

T = TypeVar("T")


class Hooks(ExitStack):
    """`close()` takes off what was hooked in, the last first; then it may be used again."""

    def to_signal(self, signal: Signal[T], receiver: Callable[[T], None]) -> None:
        """Tell the receiver of each change."""
        signal.connect(receiver)
        self.callback(signal.disconnect, receiver)

    def to_end(self, write: Callable[[float], object], close: Callable[[], object]) -> None:
        """When the process ends, `write` (it gets the seconds it has) while that happens in order, `close` in any case.

        `close` is called when the hooks are taken off, too.
        """
        self.callback(close)
        atexit.register(close)
        self.callback(atexit.unregister, close)
        sequence.writers.append(write)
        self.callback(sequence.writers.remove, write)
