"""Where user code runs: threads for plain functions, threads for generators, and one private loop for async functions.

The server's own loop never runs a line of it. Messages between loops go through a Mailbox: however many are posted, one
wake-up is pending at a time, because waking a loop from another thread is the dear part.
"""

from __future__ import annotations

import asyncio
import threading
import weakref
from collections import deque
from collections.abc import Callable
from concurrent.futures import Future
from typing import Any

from blocks_app.logs import logger, quietly
from blocks_app.threads.pool import Pool

log = logger("blocks_app.threads")


class LoopInbox:
    """Runs callables on a loop, posted from any thread, in order."""

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self._loop = loop
        self._calls: deque[tuple[Callable[..., None], tuple[Any, ...]]] = deque()
        self._awake = False

    def post(self, call: Callable[..., None], *args: Any) -> None:
        """Run `call(*args)` on the loop soon. After the loop has closed nothing happens."""
        self._calls.append((call, args))
        if not self._awake:
            self._awake = True
            try:
                self._loop.call_soon_threadsafe(self.drain)
            except RuntimeError:  # the loop is closed: nobody waits for this any more
                self._calls.clear()

    def drain(self) -> None:
        """On the loop: run what was posted until now, at once. A value that came another way may have overtaken it."""
        # Cleared first: whatever is posted from here on either is seen by this round or wakes the loop again.
        self._awake = False
        calls = self._calls
        while calls:
            call, args = calls.popleft()
            try:
                call(*args)
            except Exception:  # the others are posted by others
                quietly(log.exception, "mailbox.failed")


def loop_inbox() -> LoopInbox:
    """The mailbox of the running loop."""
    loop: Any = asyncio.get_running_loop()
    box = _mailboxes.get(loop)
    if box is None:
        box = _mailboxes[loop] = LoopInbox(loop)
    return box


_mailboxes: weakref.WeakKeyDictionary[Any, LoopInbox] = weakref.WeakKeyDictionary()


#: Seconds that cancelled async functions have to end when the app closes.
_ENDING = 5.0


class Threads:
    """The workers of one page's functions.

    Args:
        max_threads: how many plain functions run at once; as many generators besides.
    """

    def __init__(self, max_threads: int = 40) -> None:
        self.max_threads = max_threads
        self.plain = Pool(max_threads, "blocks-fn")
        self.generators = Pool(max_threads, "blocks-gen")
        self._pumping = self._lent = 0
        self._lock = threading.Lock()
        self._user_loop: asyncio.AbstractEventLoop | None = None
        self._to_user: LoopInbox | None = None
        self._user_end: Future[None] | None = None

    def take_generator(self) -> bool:
        """Reserve a thread for a whole generator; False when all are taken and it must run step by step."""
        with self._lock:
            if self._pumping >= self.max_threads:
                return False
            self._pumping += 1
            return True

    def release_generator(self) -> None:
        """Give the thread back."""
        with self._lock:
            self._pumping -= 1

    def lend(self, work: Future[Any]) -> None:
        """Nobody waits for this function any more, but it still has its thread: let another start in its place."""
        with self._lock:
            if self._lent >= self.max_threads:  # they all hang: somebody must see that
                return
            self._lent += 1
            self.plain.size += 1
        work.add_done_callback(self._given_back)

    def _given_back(self, work: Future[Any]) -> None:
        with self._lock:
            self._lent -= 1
            self.plain.size -= 1

    @property
    def to_user(self) -> LoopInbox:
        """The mailbox of the loop that runs async user code; its thread starts on first use."""
        with self._lock:
            if self._to_user is None:
                loop = asyncio.new_event_loop()
                loop.set_default_executor(self.plain)
                ended: Future[None] = Future()
                user_loops.add(ended)
                run = threading.Thread(target=_run_loop, args=(loop, ended), name="blocks-async", daemon=True)
                run.start()
                self._user_end = ended
                self._user_loop, self._to_user = loop, LoopInbox(loop)
            return self._to_user

    @property
    def user_loop(self) -> asyncio.AbstractEventLoop:
        """The loop that runs async user code."""
        assert self.to_user is not None and self._user_loop is not None
        return self._user_loop

    def running(self) -> list[Future[Any]]:
        """What still runs here; after `close`: what the end of the program would meet."""
        return [*self.plain.busy, *self.ending()]

    def ending(self) -> list[Future[Any]]:
        """Of what still runs what hears that it shall end: generators, whose reader has gone, and async functions."""
        return [*self.generators.busy, *([self._user_end] if self._user_end else [])]

    def close(self) -> None:
        """Stop taking work; running plain functions are left to finish, async ones are cancelled."""
        self.plain.shutdown(wait=False, cancel_futures=True)
        self.generators.shutdown(wait=False, cancel_futures=True)
        if self._user_loop is not None:
            self._user_loop.call_soon_threadsafe(self._user_loop.stop)


#: Of each loop of async functions that runs: set when its thread has ended.
user_loops: set[Future[None]] = set()


def _run_loop(loop: asyncio.AbstractEventLoop, ended: Future[None]) -> None:
    asyncio.set_event_loop(loop)
    try:
        loop.run_forever()
        # What is still under way ends here, where its `finally` may wait, and not when its memory is collected.
        if tasks := asyncio.all_tasks(loop):
            for task in tasks:
                if not task.cancelling():  # a second time would cut short how it ends
                    task.cancel()
            loop.run_until_complete(asyncio.wait(tasks, timeout=_ENDING))
        loop.run_until_complete(loop.shutdown_asyncgens())
    finally:
        loop.close()
        user_loops.discard(ended)
        ended.set_result(None)
