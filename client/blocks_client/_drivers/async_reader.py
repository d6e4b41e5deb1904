"""The task that reads a session's messages."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any

from blocks_client._core.core import Core
from blocks_client._core.session import Session
from blocks_client._core.stream_flows import messages
from blocks_client._drivers.async_driver import AsyncDriver, AsyncStream


class AsyncReader:
    """Reads a session's stream in a task while anybody waits for messages."""

    def __init__(
        self,
        driver: AsyncDriver,
        core: Core,
        session: Session,
        start: Callable[[Coroutine[Any, Any, None]], asyncio.Task[Any]],
    ) -> None:
        self._driver = driver
        self._core = core
        self._session = session
        self._start = start
        self._stream = AsyncStream(driver, lambda: session.is_wanted)
        self.task: asyncio.Task[Any] | None = None

    def wanted(self) -> None:
        """Somebody waits."""
        if self.task is None:
            self.task = self._start(self._loop())
        self._stream.interrupt_drain()

    async def _loop(self) -> None:
        try:
            while self._session.is_wanted and not self._core.closed:  # somebody may come while the last stream closes
                await self._driver.run(messages(self._core, self._session), self._stream)
        finally:
            self.task = None
