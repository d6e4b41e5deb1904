"""The page of a simulated user, on the server's own loop.

See queue_app.testing for how to use it. Messages come through the real engine and outbox; only the socket is left out.
"""

from __future__ import annotations

import asyncio
import os
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Self, TypeVar
from urllib.parse import parse_qsl

from auth_app.visitors import users
from blocks_app import connections
from blocks_app.blocks import Blocks
from blocks_app.page.config import dependency_config, for_everybody, on_page
from blocks_app.running.request import RequestInfo
from blocks_app.tree.block import Block
from blocks_app.tree.component import Component
from blocks_app.web.languages import language_of
from blocks_app.web.registry import mount, unmount
from queue_app.delivery.subscription import Subscription
from queue_app.execution.engine import Engine, close_engine, engine_of, has_engine, shares_events
from queue_app.execution.job_factory import Submitter
from queue_app.sessions.presence import VisitorInfo
from queue_app.standalone import ensure_django
from queue_app.testing import links
from queue_app.testing.connection import EngineConnection
from queue_app.testing.render import stand_in
from queue_app.testing.seen import STATE, Seen, Status, Toast

if TYPE_CHECKING:
    from queue_app.testing.dispatch import PageRun

B = TypeVar("B", bound=Block)


@dataclass(slots=True)
class Visitor:
    """The users of one app, and what was set up for them."""

    has_mounted: bool
    has_engine: bool = False
    users: int = 0


_VISIT = "page_users"


class AsyncPageUser:
    """A user with one tab open; every method runs on the current loop. See queue_app.testing.PageUser.

    Attributes:
        demo, mount: the app.
        session_hash: the tab's session.
        timeout: seconds that waiting may take.
    """

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
        page: str = "",
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
        self.demo, self.timeout = demo, timeout
        self._path = page
        self._base = dict(parse_qsl(query)).get("deep_link", "")
        self.session_hash = session_hash or os.urandom(8).hex()
        mounted_here = demo.mount is None
        self.mount = mount(demo)
        if mounted_here:
            self.mount.options.show_error = show_error
        self._visit: Visitor = self.mount.attachments.setdefault(_VISIT, Visitor(mounted_here))
        self._visit.users += 1
        self._who = Submitter(self.mount, users.identity_of(user, username, identity_key), info)
        self._connection = EngineConnection(self.session_hash, self._who, lambda: self.engine)
        self._page = self._connection.page
        self._reader: Subscription | None = None
        self._engine: Engine | None = None

    async def __aenter__(self) -> Self:
        await self.open()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.close()

    # Coming and going

    @property
    def engine(self) -> Engine:
        """The queue that serves this page; made on first use, inside the loop."""
        if self._engine is None:
            self._visit.has_engine |= not has_engine(self.mount)
            self._engine = engine_of(self.mount)
        return self._engine

    async def open(self, wait: bool = True) -> None:
        """Load the page: initial values, then the load events."""
        await self._open([], wait)

    async def reload(self, wait: bool = True) -> None:
        """Load the page again in the same tab: values start anew, the session, its State and its events go on."""
        open_runs = self._page.lasting
        for run in self._page.runs.values():
            if run not in open_runs:  # a browser closes the requests of the old page
                self._connection.cancel(run)
        await self.disconnect(for_good=True)
        self.engine.loaded(self.session_hash)
        await self._open(open_runs, wait)

    async def go(self, page: str, wait: bool = True) -> None:
        """Follow a link to another page of the app, "" for the main one: the tab stays, and its session with it."""
        if page not in {each.path for each in self.demo.pages}:
            known = ", ".join(repr(each.path) for each in self.demo.pages)
            raise LookupError(f"The app has no page {page!r}. Its pages are {known}.")
        self._path = page
        await self.reload(wait)

    async def _open(self, open_runs: list[PageRun], wait: bool) -> None:
        shown, listeners = on_page(self.demo, self._path)
        with for_everybody(self._who.request_info.root, self.mount.key):
            blocks = {number: _seen(block) for number, block in shown.items()}
        listening = [dependency_config(each) for each in listeners]
        if self._base:
            listening = await links.opened(self.mount, self._base, self._path, self._who, blocks, listening)
        self._page.show(blocks, listening, self.demo._id)
        self._page.resume(open_runs)
        self._connection.number = self._connection.earliest(open_runs)
        await self.reconnect()
        self._page.happen(None, "load")
        if wait:
            await self.wait()

    async def disconnect(self, *, for_good: bool = False) -> None:
        """Lose the connection; events go on, messages wait. `for_good`: the page says that it goes."""
        reader, self._reader = self._reader, None
        if reader is not None:
            reader.close(for_good=for_good)
            await asyncio.sleep(0)

    async def reconnect(self) -> None:
        """Come back and read on from the last message seen."""
        identity, number = self._who.identity, self._connection.number
        self.engine.claim(self.session_hash, identity.key)
        visitor = VisitorInfo(self.session_hash, identity.key, identity.username, self._who.request_info)
        self._reader = self.engine.subscribe(self.session_hash, number, visitor=visitor)
        self._connection.tasks.start(self._connection.read(self._reader))

    async def close(self) -> None:
        """Close the tab. What the first user of the app had to set up goes with the last."""
        await self.disconnect(for_good=True)
        await self._connection.tasks.close()
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

    async def link(self, files: bool = False) -> str:
        """Press a `gr.DeepLinkButton`: the id of a link to the page as it is. See PageUser.link.

        Raises:
            Error: there is too much on it.
        """
        known = await self.engine.shown(self.session_hash, self._who.identity.key)
        return await links.made(self.mount, self._base, self._path, self._who, self._page.seen, known, files)

    # Faults

    def hold(self) -> None:
        """Messages are late from now on: they wait on their way until `deliver`."""
        self._connection.hold()

    def deliver(self) -> None:
        """What was held arrives now."""
        self._connection.deliver()

    def double(self, doubled: bool = True) -> None:
        """Let each message come twice from now on."""
        self._connection.doubled = doubled

    async def pass_time(self, seconds: float) -> None:
        """Let time pass for the app: `time_to_live`, the grace after a lost connection, the end of sessions, unload."""
        engine: Any = self.engine
        if shares_events():
            from queue_app.engines.passing_time import pass_time  # Redis

            await pass_time(engine, seconds)
            return
        engine.store.pass_time(seconds)
        engine.expiry.pass_time(engine.sessions, seconds)
        engine.sessions.presence.pass_time(seconds)
        engine.sessions.pass_time(seconds)
        await asyncio.sleep(0)

    # Doing

    async def set(self, component: Component, value: Any, wait: bool = True) -> None:
        """Enter a value as the user would; `change` and `input` follow. `value` is what the browser would send."""
        self._of(component)
        self._page.enter(component._id, value)
        if wait:
            await self.wait()

    async def fire(self, block: Block, event: str, data: Any = None, wait: bool = True) -> None:
        """Let any event of a block happen, with its data."""
        self._page.happen(block._id, event, data)
        if wait:
            await self.wait()

    async def wait(self) -> None:
        """Wait until nothing is pending; events with `every=` do not count.

        Raises:
            AssertionError: something was still pending after `timeout` seconds.
        """
        await self.until(lambda: not self._page.is_busy)

    async def until(self, condition: Callable[[], Any]) -> None:
        """Wait until a condition of this page is true; it is asked again after each message.

        Raises:
            AssertionError: it was not within `timeout` seconds.
        """
        try:
            async with asyncio.timeout(self.timeout):
                while not condition():
                    await self._connection.change()
        except TimeoutError:
            names = self.pending or ["nothing"]
            raise AssertionError(f"Waited {self.timeout} s in vain; still pending: {', '.join(names)}.") from None

    # Seeing

    def value(self, component: Component) -> Any:
        """The value that the component shows, as it is on the wire."""
        return self._of(component).value

    def prop(self, block: Block, name: str) -> Any:
        """A property of the block as it is now."""
        return self._of(block).props.get(name)

    def history(self, component: Component) -> list[Any]:
        """Every value that the server gave the component, in order: each yield of a stream."""
        return self._of(component).history

    def status(self, component: Component) -> Status:
        """What is shown over the component."""
        return self._of(component).status

    def progress(self, component: Component) -> list[dict[str, Any]]:
        """The bars shown over the component."""
        return self._of(component).progress

    def position(self, component: Component) -> tuple[int, int] | None:
        """Position (from 0) and length of the queue shown over the component while its event waits."""
        return self._of(component).position

    def problem(self, component: Component) -> str | None:
        """What a validator said of the component's value; it stands there until the user changes it."""
        return self._of(component).problem

    @property
    def pending(self) -> list[str]:
        """The functions whose events have not ended, by name."""
        return sorted(map(self._name, self._page.runs.values()))

    @property
    def toasts(self) -> list[Toast]:
        """Everything that popped up."""
        return self._page.toasts

    @property
    def errors(self) -> list[str | None]:
        """The texts of the events that failed; None where the visitor is not told."""
        return self._page.errors

    def find(self, kind: type[B], name: str | None = None, index: int = 0) -> B:
        """A block that gr.render has built; see PageUser.find."""
        built = [self._built(number, kind) for number in self._page.parts.blocks]
        fitting = [each for each in built if isinstance(each, kind) and name in (None, *self._names(each))]
        if len(fitting) <= index:
            raise LookupError(f"No part of the page has {kind.__name__} {name!r} number {index}.")
        return fitting[index]

    def _built(self, number: int, kind: type[B]) -> Block | None:
        """What stands under this number in a part; where workers have the block itself, one that stands for it."""
        found = self._connection.built.get(number)
        return found if found is not None or not shares_events() else stand_in(number, kind, self._page.seen[number])

    def _names(self, block: Block) -> list[Any]:
        seen = self._of(block)
        return [seen.props.get("label"), seen.value if isinstance(block, Component) else None]

    def _name(self, run: PageRun) -> str:
        listener = self._connection.listener(run.listener.id)
        return str(run.listener.id) if listener is None else listener.name

    def _of(self, block: Block) -> Seen:
        try:
            return self._page.seen[block._id]
        except KeyError:
            raise LookupError(f"{block!r} is not on this page.") from None


def _seen(block: Block) -> Seen:
    """A block as the page shows it when it is loaded."""
    if not isinstance(block, Component):
        return Seen(block.get_block_name(), block.props())
    if block.stateful:
        return Seen(STATE, block.props())
    return Seen(block.get_block_name(), block.props(), block.initial_value())


def _language(headers: dict[str, str]) -> str:
    """The language of a visitor who sends these."""
    return language_of("/", [(name.lower().encode(), value.encode("latin-1")) for name, value in headers.items()])
