"""The orderly end: whatever serves us, and however it is told to stop, what is open ends in the same order.

1. Nothing new is taken; who asks gets a 503 in words. Events that wait, and those that repeat for ever, end at once.
2. What runs has `BLOCKS_SHUTDOWN_GRACE` seconds to end; then generators are closed, async functions cancelled.
3. Pages and programs read how their events ended; then their sockets and streams are closed, or cut.
4. The last records are written, and the process takes its leave of the others.

Each step is bounded. Each server has its own way to get here: see server/daphne/shutdown_hooks.py and
server/uvicorn/shutdown_hooks.py; all others send ASGI's `lifespan.shutdown`. A second signal ends the process at once,
and a function that never returns is left behind: see process_exit.py.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterable
from functools import partial
from typing import TYPE_CHECKING, Any
from weakref import WeakSet

import orjson

from blocks_app.threads.pool import Pool
from queue_app import conf, tasks
from queue_app.log_sentences import logger

if TYPE_CHECKING:
    from queue_app.asgi_types import Receive, Scope, Send

log = logger("queue_app.shutdown")

REFUSED = "The server is shutting down. Try again in a moment."
#: Seconds that answers have to leave when nothing runs any more.
FAREWELL = 0.5
#: Seconds that the database has to take the last records.
RECORDS = 3.0

#: What ends what runs on the loop, within the grace in seconds (None: at once). Whoever runs something adds itself.
closers: list[Callable[[float | None], Awaitable[None]]] = []
#: What writes the last records and says good-bye, in a thread, in so many seconds at most; added as above.
writers: list[Callable[[float], object]] = []
#: Told when something begins to be served; `whole` as in `starting`. Servers that do not end in this order listen here.
on_start: list[Callable[[bool], None]] = []

_ending: WeakSet[Any] = WeakSet()  # loops
_ends: dict[asyncio.AbstractEventLoop, asyncio.Task[None]] = {}
_requests: set[asyncio.Task[Any]] = set()
_cut: WeakSet[Any] = WeakSet()  # tasks of requests that were told to leave


def begun() -> bool:
    """Whether what the running loop serves is ending."""
    return bool(_ending) and asyncio.get_running_loop() in _ending


def starting(*, whole: bool) -> None:
    """A server is starting, or serves its first request.

    `whole`: the application is a site of ours, and nothing else is served. Else the others may take their time.
    """
    for hook in on_start:
        hook(whole)


def start_anew() -> None:
    """A server starts on the running loop; perhaps another has ended here before."""
    _ending.discard(asyncio.get_running_loop())


async def end(grace: float | None = None) -> None:
    """End what the running loop serves, with `grace` seconds for what runs (BLOCKS_SHUTDOWN_GRACE when None).

    Returns in bounded time and never raises; may be called again, and then only waits for the first.
    """
    loop = asyncio.get_running_loop()
    if loop not in _ending:
        _ending.add(loop)
        ending = _ends[loop] = loop.create_task(_end(conf.shutdown_grace() if grace is None else grace))
        ending.add_done_callback(lambda _: _ends.pop(loop, None))
    if (under_way := _ends.get(loop)) is not None:
        await asyncio.wait([under_way])


async def _end(grace: float) -> None:
    until = asyncio.get_running_loop().time() + grace
    log.info("server.ending", extra={"grace": grace, "requests": len(_requests)})
    steps: list[Callable[[], Awaitable[None]]] = [
        *(partial(close, grace) for close in closers),
        lambda: _end_requests(until),
        tasks.close_here,
        _write_records,
    ]
    for step in steps:
        try:
            await step()
        except Exception:  # the next ones still count
            log.exception("server.ending_failed")
    log.info("server.ended")


async def _end_requests(until: float) -> None:
    """What still answers may do so until the grace is over, and is cut then."""
    loop, here = asyncio.get_running_loop(), asyncio.current_task()
    open_ = {task for task in _requests if task.get_loop() is loop and task is not here}
    if open_:
        _, open_ = await asyncio.wait(open_, timeout=max(FAREWELL, until - loop.time()))
    await cut(open_, FAREWELL)


async def cut(tasks: Iterable[asyncio.Task[Any]], seconds: float) -> None:
    """Cancel what answers requests, so that each says why if it still can; wait a little for their end."""
    here = asyncio.current_task()
    open_ = [task for task in tasks if task is not here and not task.done()]
    for task in open_:
        _cut.add(task)
        task.cancel()
    if open_:
        await asyncio.wait(open_, timeout=seconds)


async def _write_records() -> None:
    """In threads that nobody waits for longer: the database may be gone, or not answer."""
    pool = Pool(2, "blocks-records")
    written = [asyncio.wrap_future(pool.submit(write, RECORDS)) for write in writers]
    if written:
        await asyncio.wait(written, timeout=RECORDS)
    pool.shutdown(wait=False)


async def attended(application: Callable[..., Awaitable[None]], scope: Scope, receive: Receive, send: Send) -> None:
    """Answer one request; one that is cut says why, as far as that is still possible."""
    task = asyncio.current_task()
    assert task is not None
    _requests.add(task)
    try:
        await application(scope, receive, send)
    except asyncio.CancelledError:
        if task not in _cut:
            raise
        task.uncancel()
        await refuse(scope, receive, send)
    finally:
        _requests.discard(task)


async def refuse(scope: Scope, receive: Receive, send: Send) -> None:
    """Say that the server ends: a 503 with a sentence, or to a page's socket the code after which it connects anew."""
    from queue_app.asgi_types import GOING_AWAY  # not before the first page

    try:
        if scope["type"] == "websocket":
            await send({"type": "websocket.close", "code": GOING_AWAY})
            return
        body = orjson.dumps({"detail": REFUSED})
        headers = [(b"content-type", b"application/json"), (b"x-content-type-options", b"nosniff")]
        headers += [(b"content-length", b"%d" % len(body)), (b"retry-after", b"1"), (b"connection", b"close")]
        await send({"type": "http.response.start", "status": 503, "headers": headers})
        await send({"type": "http.response.body", "body": body})
    except Exception:  # it had begun to answer, or has left
        log.debug("request.cut", extra={"path": scope.get("path")})


async def refuse_new(scope: Scope, receive: Receive, send: Send) -> None:
    """The same for what has just come: a socket is let in first, so that the page reads the code."""
    if scope["type"] == "websocket":
        await receive()
        await send({"type": "websocket.accept"})
    await refuse(scope, receive, send)
