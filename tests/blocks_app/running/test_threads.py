"""The threads and the loop that run user code."""

from __future__ import annotations

import asyncio
import threading

from blocks_app.threads.call_threads import Threads


def test_async_functions_end_with_the_app_where_they_ran() -> None:
    began, ended = threading.Event(), threading.Event()
    places = []

    async def function() -> None:
        try:
            began.set()
            await asyncio.sleep(3600)
        finally:
            await asyncio.sleep(0)  # it may still wait
            places.append(threading.current_thread().name)
            ended.set()

    threads = Threads(1)
    tasks: list[asyncio.Task[None]] = []
    threads.to_user.post(lambda: tasks.append(threads.user_loop.create_task(function())))
    assert began.wait(60)
    threads.close()
    assert ended.wait(60)
    assert places == ["blocks-async"]
