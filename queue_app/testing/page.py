"""The page of a simulated user, on the server's own loop.

See queue_app.testing for how to use it. Messages come through the real engine and outbox; only the socket is left out.
"""

from __future__ import annotations

import asyncio
import os
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Self

from blocks_app import connections
from blocks_app.blocks import Blocks
from blocks_app.running.request import Request, RequestInfo
from blocks_app.tree.block import Block
from blocks_app.tree.component import Component
from blocks_app.web.languages import language_of
from blocks_app.web.registry import mount, unmount
from queue_app.delivery.subscription import Subscription
from queue_app.execution.engine import Engine, close_engine, engine_of, has_engine
from queue_app.standalone import ensure_django
from queue_app.testing.dispatch import PageDispatch


@dataclass(slots=True)
class Visitor:
    """The users of one app, and what was set up for them."""

    has_mounted: bool
    has_engine: bool = False
    users: int = 0


_VISIT = "page_users"


class AsyncPageUser(PageDispatch):
    """A user with one tab open; every method runs on the current loop. See queue_app.testing.PageUser."""

    def __init__(
        self,
        demo: Blocks,
        *,
        session_hash: str | None = None,
        identity_key: str = "",
        username: str | None = None,
        user: Any = None,
        headers: dict[str, str] | None = None,
        query: str = "",
        path_params: dict[str, Any] | None = None,
        show_error: bool = True,
        timeout: float = 10.0,
    ) -> None:
        """Have somebody visit `demo`; see queue_app.testing.PageUser for the arguments."""
        ensure_django()
        info = RequestInfo(
            headers=tuple((headers or {}).items()),
            query_string=query,
            client=("127.0.0.1", 0),
            root="http://testserver",
            path_params=tuple((path_params or {}).items()),
            language=_language(headers or {}),
        )
        super().__init__(demo, session_hash or os.urandom(8).hex(), (identity_key, username, user), info)
        self.timeout = timeout
        mounted_here = demo.mount is None
        self.mount = mount(demo)
        if mounted_here:
            self.mount.options.show_error = show_error
        self._visit: Visitor = self.mount.attachments.setdefault(_VISIT, Visitor(mounted_here))
        self._visit.users += 1
        self._reader: Subscription | None = None
        self._engine: Engine | None = None

    async def __aenter__(self) -> Self:
        await self.open()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.close()

    # Coming and going

    @property
    def engine(self) -> Engine:  # type: ignore[override] # made on first use, inside the loop
        """The queue that serves this page."""
        if self._engine is None:
            self._visit.has_engine |= not has_engine(self.mount)
            self._engine = engine_of(self.mount)
        return self._engine

    async def open(self, wait: bool = True) -> None:
        """Load the page: initial values, then the load events."""
        self._show()
        await self.reconnect()
        self._fire(None, "load", None)
        if wait:
            await self.wait()

    async def reload(self, wait: bool = True) -> None:
        """Load the page again in the same tab: values start anew, the session and its State stay."""
        await self.disconnect(for_good=True)
        self.runs.clear()
        self._busy.clear()
        self._later.clear()
        self.engine.loaded(self.engine.session(self.session_hash))
        await self.open(wait)

    async def disconnect(self, *, for_good: bool = False) -> None:
        """Lose the connection; events go on, messages wait. `for_good`: the page says that it goes."""
        reader, self._reader = self._reader, None
        if reader is not None:
            reader.close(for_good=for_good)
            await asyncio.sleep(0)

    async def reconnect(self) -> None:
        """Come back and read on from the last message seen."""
        identity_key, username, user = self.identity
        self.engine.claim(self.session_hash, identity_key)
        visitor = Request(self.request, username, self.session_hash, user)
        self._reader = self.engine.subscribe(self.session_hash, self._number, visitor=visitor)
        self._tasks.start(self._read(self._reader))

    async def close(self) -> None:
        """Close the tab. What the first user of the app had to set up goes with the last."""
        await self.disconnect(for_good=True)
        await self._tasks.close()
        visit = self._visit
        visit.users -= 1
        if visit.users:
            return
        del self.mount.attachments[_VISIT]
        if visit.has_engine:
            await close_engine(self.mount)
        if visit.has_mounted:
            unmount(self.demo)
        await connections.release_now()  # of async functions: the test's database may be dropped next

    # Faults

    def hold(self) -> None:
        """Messages are late from now on: they wait on their way until `deliver`."""
        if self._held is None:
            self._held = asyncio.get_running_loop().create_future()

    def deliver(self) -> None:
        """What was held arrives now."""
        held, self._held = self._held, None
        if held is not None:
            held.set_result(None)

    async def pass_time(self, seconds: float) -> None:
        """Let time pass for the app: `time_to_live`, the grace after a lost connection, the end of sessions, unload."""
        engine: Any = self.engine
        engine.store.pass_time(seconds)
        engine.expiry.pass_time(engine.sessions, seconds)
        engine.sessions.presence.pass_time(seconds)
        engine.sessions.pass_time(seconds)
        await asyncio.sleep(0)

    # Doing

    async def set(self, component: Component, value: Any, wait: bool = True) -> None:
        """Enter a value as the user would; `change` and `input` follow. `value` is what the browser would send."""
        seen = self._of(component)
        changed = seen.value != value
        seen.value = value
        if changed:
            self._fire(component._id, "change", None)
        self._fire(component._id, "input", None)
        if wait:
            await self.wait()

    async def fire(self, block: Block, event: str, data: Any = None, wait: bool = True) -> None:
        """Let any event of a block happen, with its data."""
        self._fire(block._id, event, data)
        if wait:
            await self.wait()

    async def wait(self) -> None:
        """Wait until nothing is pending; events with `every=` do not count.

        Raises:
            AssertionError: something was still pending after `timeout` seconds.
        """
        await self.until(lambda: not self.is_busy)

    async def until(self, condition: Callable[[], Any]) -> None:
        """Wait until a condition of this page is true; it is asked again after each message.

        Raises:
            AssertionError: it was not within `timeout` seconds.
        """
        try:
            async with asyncio.timeout(self.timeout):
                while not condition():
                    watcher: asyncio.Future[None] = asyncio.get_running_loop().create_future()
                    self._watchers.append(watcher)
                    await watcher
        except TimeoutError:
            names = sorted(run.dependency.name for run in self.runs.values()) or ["nothing"]
            raise AssertionError(f"Waited {self.timeout} s in vain; still pending: {', '.join(names)}.") from None


def _language(headers: dict[str, str]) -> str:
    """The language of a visitor who sends these."""
    return language_of("/", [(name.lower().encode(), value.encode("latin-1")) for name, value in headers.items()])
