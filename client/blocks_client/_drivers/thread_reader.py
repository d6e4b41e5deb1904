"""The threads that listen: one for a session's messages, one for its heartbeat."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

from blocks_client._core.stream_flows import heartbeat, messages

if TYPE_CHECKING:
    from blocks_client._core.core import Core
    from blocks_client._core.session import Session
    from blocks_client._drivers.thread_driver import Driver

_IDLE = 10.0


class Reader:
    """Reads a session's stream in a thread of its own while anybody waits for messages."""

    def __init__(self, driver: Driver, core: Core, session: Session) -> None:
        from blocks_client._drivers.thread_driver import Stream

        self._driver = driver
        self._core = core
        self._session = session
        self._stream = Stream(driver, lambda: session.is_wanted)
        self._changed = threading.Condition()
        self._thread: threading.Thread | None = None

    def wanted(self) -> None:
        """Somebody waits."""
        with self._changed:
            if self._thread is None:
                self._thread = threading.Thread(target=self._loop, name="blocks-client-stream", daemon=True)
                self._thread.start()
            self._changed.notify()
        self._stream.interrupt_drain()

    def close(self) -> threading.Thread | None:
        """End the thread; the driver wakes it from the network and from its sleep."""
        with self._changed:
            self._changed.notify()
            return self._thread

    def _loop(self) -> None:
        while True:
            with self._changed:
                self._changed.wait_for(lambda: self._session.is_wanted or self._driver.closing.is_set(), _IDLE)
                if self._driver.closing.is_set() or not self._session.is_wanted:
                    self._thread = None
                    return
            self._driver.run(messages(self._core, self._session), self._stream)


class Heartbeat:
    """Keeps a session alive on the server in a thread of its own."""

    def __init__(self, driver: Driver, core: Core, session_hash: str) -> None:
        from blocks_client._drivers.thread_driver import Stream

        self._stream = Stream(driver)
        self._stopped = threading.Event()
        flow = heartbeat(core, session_hash, self._stopped.is_set)
        arguments = (flow, self._stream, self._stopped)
        self._thread = threading.Thread(target=driver.run, args=arguments, name="blocks-client-heartbeat", daemon=True)
        self._thread.start()

    def stop(self) -> threading.Thread:
        """Let the session go; the server then runs its `unload`."""
        self._stopped.set()
        self._stream.interrupt()
        return self._thread
