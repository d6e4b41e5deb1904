"""PageUser: visit an app in-process, with no browser and no socket, and see what a user would see.

    from queue_app.testing import PageUser

    def test_greeting():
        with PageUser(demo) as page:
            page.set(name, "Ada")
            page.click(greet)
            assert page.value(greeting) == "Hello Ada"

The whole road is real: the queue with its groups and limits, the runner with threads and sessions, the outbox with its
numbers and differences. The page itself is a port of the browser's dispatch: trigger modes, `then`/`success`/`failure`
chains, `cancels`, `load` events, `change` after the server set a value. What `change` listeners get is the value after
the whole answer, and they run after its `then` listeners. Only `js=` is not run: an event with `fn` gets its inputs as
they are; of one without only the chain goes on.

Values are what is on the wire: an Image's value is a dict with `path` and `url`, a Textbox's a string.

    page.click(button, wait=False)                 # do not wait for the answer
    page.until(lambda: page.value(box) == "half")  # wait for anything that can be seen
    page.history(box)                              # every value that came: each yield of a generator
    page.toasts, page.errors                       # what popped up; the texts of failed events
    page.pending                                   # names of the functions whose events have not ended
    page.status(box), page.progress(box), page.position(box)
    page.prop(box, "visible")                      # properties after gr.update
    page.problem(box)                              # what a validator said at an input
    page.disconnect(); page.reconnect()            # the connection drops and comes back
    page.link()                                    # of a gr.DeepLinkButton: PageUser(demo, query=f"deep_link={link}")
    page.reload()                                  # in the same tab: the session stays, its events go on
    page.go("about")                               # to another page of the app, likewise
    page.hold(); page.deliver()                    # messages are late; now they come
    page.double()                                  # each message comes twice
    page.find(gr.Button, "Remove")                 # a block that gr.render has built for this user
    page.pass_time(60)                             # time_to_live, grace times, unload: without waiting

Several PageUsers of one app share its queue, as tabs do. In an async test use `async with AsyncPageUser(demo) as page`
and await each method that does something.
"""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Coroutine
from typing import TYPE_CHECKING, Any, Self, TypeVar

from blocks_app.blocks import Blocks
from blocks_app.tree.block import Block
from blocks_app.tree.component import Component
from queue_app.standalone import ensure_django
from queue_app.testing.page import AsyncPageUser
from queue_app.testing.seen import Status, Toast

if TYPE_CHECKING:
    from blocks_app.web.registry import Mount
    from queue_app.execution.engine import Engine

__all__ = ["AsyncPageUser", "PageUser", "Toast"]

B = TypeVar("B", bound=Block)
T = TypeVar("T")


class PageUser:
    """A user with one tab open, for tests without async."""

    def __init__(self, demo: Blocks, **options: Any) -> None:
        """Have somebody visit `demo`; the page is loaded at once.

        Args:
            demo: the app; mounted for the time of the visit unless it is already.
            options: `session_hash` (one is made up), `identity_key`, `username` and `user` (who visits; nobody in
                particular), `headers`, `query` and `path_params` (what gr.Request shows; `Accept-Language` chooses the
                language where the site asks for it), `show_error` (True: `errors` has the texts
                of all exceptions), `timeout` (seconds that waiting may take; 10), `page` (path of the page of the app
                that is visited; "" is the main one).
        """
        ensure_django()  # in this thread: a project's apps may use the database while they get ready
        self._loop = _loop()
        self._demo, self._options = demo, options
        self._page: AsyncPageUser | None = None
        self.run(self._open())

    async def _open(self) -> None:
        self._page = AsyncPageUser(self._demo, **self._options)
        await self._page.open()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Close the tab."""
        self.run(self._on.close())

    # Doing

    def set(self, component: Component, value: Any, wait: bool = True) -> None:
        """Enter a value as the user would; `change` and `input` follow."""
        self.run(self._on.set(component, value, wait))

    def click(self, block: Block, wait: bool = True) -> None:
        """Click a block."""
        self.fire(block, "click", wait=wait)

    def submit(self, component: Component, wait: bool = True) -> None:
        """Press Enter in a component."""
        self.fire(component, "submit", wait=wait)

    def select(self, block: Block, index: Any, value: Any = None, wait: bool = True, **more: Any) -> None:
        """Select something: what gr.SelectData shows as `index` and `value`."""
        self.fire(block, "select", {"index": index, "value": value, **more}, wait=wait)

    def fire(self, block: Block, event: str, data: Any = None, wait: bool = True) -> None:
        """Let any event of a block happen, with its data."""
        self.run(self._on.fire(block, event, data, wait))

    def reload(self, wait: bool = True) -> None:
        """Load the page again in the same tab: values start anew, the session, its State and its events go on."""
        self.run(self._on.reload(wait))

    def go(self, page: str, wait: bool = True) -> None:
        """Follow a link to another page of the app, "" for the main one: the tab stays, and its session with it."""
        self.run(self._on.go(page, wait))

    def link(self, files: bool = False) -> str:
        """Press a `gr.DeepLinkButton`: the id of a link to the page as it is; `files` shares those, too.

        Whoever visits with `PageUser(demo, query=f"deep_link={link}")` finds the page so.

        Raises:
            Error: there is too much on it.
        """
        return self.run(self._on.link(files))

    def disconnect(self) -> None:
        """Lose the connection; events go on, messages wait."""
        self.run(self._on.disconnect())

    def reconnect(self) -> None:
        """Come back and read on from the last message seen."""
        self.run(self._on.reconnect())

    def hold(self) -> None:
        """Messages are late from now on: they wait on their way until `deliver`."""
        self._loop.call_soon_threadsafe(self._on.hold)

    def deliver(self) -> None:
        """What was held arrives now."""
        self._loop.call_soon_threadsafe(self._on.deliver)

    def double(self, doubled: bool = True) -> None:
        """Let each message come twice from now on, as after a connection that broke at the wrong moment."""
        self._on.double(doubled)

    def pass_time(self, seconds: float) -> None:
        """Let time pass for the app: `time_to_live`, the grace after a lost connection, the end of sessions, unload."""
        self.run(self._on.pass_time(seconds))

    def wait(self) -> None:
        """Wait until nothing is pending; AssertionError when that takes longer than `timeout`."""
        self.run(self._on.wait())

    def until(self, condition: Callable[[], Any]) -> None:
        """Wait until a condition of this page is true; AssertionError when that takes longer than `timeout`."""
        self.run(self._on.until(condition))

    # Seeing

    def value(self, component: Component) -> Any:
        """The value that the component shows, as it is on the wire."""
        return self._on.value(component)

    def prop(self, block: Block, name: str) -> Any:
        """A property of the block as it is now."""
        return self._on.prop(block, name)

    def history(self, component: Component) -> list[Any]:
        """Every value that the server gave the component, in order: each yield of a stream."""
        return list(self._on.history(component))

    def status(self, component: Component) -> Status:
        """What is shown over the component: pending, generating, error or nothing."""
        return self._on.status(component)

    def progress(self, component: Component) -> list[dict[str, Any]]:
        """The bars shown over the component."""
        return self._on.progress(component)

    def position(self, component: Component) -> tuple[int, int] | None:
        """Position (from 0) and length of the queue shown over the component while its event waits."""
        return self._on.position(component)

    def problem(self, component: Component) -> str | None:
        """What a validator said of the component's value; it stands there until the user changes it."""
        return self._on.problem(component)

    def find(self, kind: type[B], name: str | None = None, index: int = 0) -> B:
        """A block that gr.render has built for this user: of this class, with this label or, as of a Button, this text.

        Of several that fit, the one made as number `index`. Raises LookupError when there is none.
        """
        return self._on.find(kind, name, index)

    @property
    def pending(self) -> list[str]:
        """The functions whose events have not ended, by name."""
        return self._on.pending

    @property
    def toasts(self) -> list[Toast]:
        """Everything that popped up."""
        return list(self._on.toasts)

    @property
    def errors(self) -> list[str | None]:
        """The texts of the events that failed; None where the visitor is not told."""
        return list(self._on.errors)

    @property
    def session_hash(self) -> str:
        """The session of this tab."""
        return self._on.session_hash

    @property
    def mount(self) -> Mount:
        """Where the app of this tab is mounted, for tests of what stands behind its page."""
        return self._on.mount

    @property
    def engine(self) -> Engine:
        """What runs its events; likewise."""
        return self._on.engine

    @property
    def _on(self) -> AsyncPageUser:
        assert self._page is not None
        return self._page

    def run(self, work: Coroutine[Any, Any, T]) -> T:
        """Await something on the loop where its events run, as `page.run(page.engine.close())`; what it gives."""
        return asyncio.run_coroutine_threadsafe(work, self._loop).result()


_started: list[asyncio.AbstractEventLoop] = []
_lock = threading.Lock()


def _loop() -> asyncio.AbstractEventLoop:
    """The loop on which all PageUsers of this process live, in a thread of its own."""
    with _lock:
        if not _started:
            loop = asyncio.new_event_loop()
            threading.Thread(target=loop.run_forever, name="blocks-page-users", daemon=True).start()
            _started.append(loop)
        return _started[0]
