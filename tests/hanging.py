"""A function of an app that does not end by itself."""

from __future__ import annotations

import asyncio
import threading


class Hanging:
    """A listener or validator that waits until it is cancelled, and tells of both in threads."""

    def __init__(self) -> None:
        self.began = threading.Event()
        self.stopped = threading.Event()

    async def __call__(self, *inputs: object) -> None:
        self.began.set()
        try:
            await asyncio.sleep(60)
        finally:
            self.stopped.set()
