"""The client for programs with asyncio: the same core, run with tasks. Names and meanings are those of Client."""

from __future__ import annotations

import asyncio
import contextlib
import os
import time
import weakref
from collections.abc import AsyncIterator, Callable, Mapping
from concurrent.futures import CancelledError
from typing import Any, Literal, Union

import httpx

from blocks_client import _transport
from blocks_client._api import described
from blocks_client._async_job import AsyncJob, AsyncReader
from blocks_client._call import Call
from blocks_client._core import SIBLING, Core
from blocks_client._exceptions import (
    ClientError,
    ClosedError,
)
from blocks_client._facade import Facade
from blocks_client._files import Form
from blocks_client._http import Answer, Ask, Flow, Send, Sleep, T, Wait, redirected, refusal
from blocks_client._requests import Auth
from blocks_client._session import Session


class AsyncClient(Facade):
    """A program's way into an app, with asyncio.

        async with AsyncClient("http://127.0.0.1:7860") as client:
            print(await client.predict("Ada", api_name="/greet"))

    Without `async with`, call `await client.connect()` first and `await client.close()` at the end.
    """

    def __init__(
        self,
        src: str,
        hf_token: Union[str, bool, None] = None,
        max_workers: int = 40,
        verbose: bool = True,
        auth: Auth = None,
        httpx_kwargs: dict[str, Any] | None = None,
        *,
        headers: dict[str, str] | None = None,
        download_files: Union[str, os.PathLike[str], bool, None] = None,
        ssl_verify: Any = True,
        analytics_enabled: bool = True,
        token: Union[str, bool, None] = None,
    ) -> None:
        """Takes what Client takes; nothing is asked before `connect`."""
        self.verbose, self.max_workers, self.analytics_enabled = verbose, max_workers, analytics_enabled
        self._settings = _transport.Settings(httpx_kwargs, _transport.verify_of(ssl_verify), max_workers + 8)
        headers = {**self._settings.headers, **(headers or {})}
        token = token if token is not None else hf_token
        self._core = Core(src, token, auth, headers, self._settings.cookies, download_files)
        self._core.has_auth = self._settings.auth is not None
        self._http: httpx.AsyncClient | None = None
        self._tasks: set[asyncio.Task[Any]] = set()
        self._calls: set[Call] = set()
        self._listeners: weakref.WeakSet[asyncio.Task[Any]] = weakref.WeakSet()
        self._heartbeat: asyncio.Task[Any] | None = None

    async def connect(self) -> AsyncClient:
        """Reach the app; see Client for what it raises. Harmless when connected."""
        if self._http is not None:
            return self
        self._http = httpx.AsyncClient(**self._settings.client)
        self._places = asyncio.Semaphore(self.max_workers)
        try:
            address = await self._drive(self._core.resolve())
            if self.verbose:
                print(f"Loaded as API: {address} ✔")
            await self._drive(self._core.connect())
            self._session = self._new_session()
        except BaseException:
            await self._http.aclose()
            self._http = None
            raise
        return self

    # Calls

    async def predict(
        self,
        *args: Any,
        api_name: str | None = None,
        fn_index: int | None = None,
        headers: dict[str, str] | None = None,
        **kwargs: Any,
    ) -> Any:
        """Call an endpoint; its result. Cancelling the task that waits cancels the call."""
        job = self.submit(*args, api_name=api_name, fn_index=fn_index, headers=headers, **kwargs)
        try:
            return await job
        except asyncio.CancelledError:
            await self._cancelled(job._call)
            raise

    def submit(
        self,
        *args: Any,
        api_name: str | None = None,
        fn_index: int | None = None,
        headers: dict[str, str] | None = None,
        **kwargs: Any,
    ) -> AsyncJob:
        """Start a call."""
        app = self._core.ready()
        endpoint = app.endpoint(api_name, fn_index)
        values = endpoint.arguments(args, kwargs)
        extra = self.add_zero_gpu_headers({}) if self.space_id else {}
        assert self._session is not None
        return AsyncJob(self, Call(endpoint, values, self._session, {**extra, **(headers or {})}))

    async def _work(self, call: Call) -> Any:
        self._calls.add(call)
        try:
            async with self._places:
                return await self._drive(self._core.run(call))
        except CancelledError as error:
            raise asyncio.CancelledError from error
        finally:
            self._calls.discard(call)

    async def _cancelled(self, mine: Call) -> None:
        if not self._app.resumes:
            for call in list(self._calls):
                if call is not mine and call.session is mine.session and call.endpoint is mine.endpoint:
                    call.suspect(SIBLING)
        with contextlib.suppress(ClientError):
            await self._drive(self._core.cancelled(mine))

    # The app

    async def view_api(
        self,
        all_endpoints: bool | None = None,
        print_info: bool = True,
        return_format: Literal["dict", "str", None] = None,
    ) -> Union[dict[str, Any], str, None]:
        """What can be called."""
        info = await self._drive(self._core.info(bool(all_endpoints)))
        text = described(info, all_endpoints)
        if print_info:
            print(text)
        if return_format == "str":
            return text
        return info if return_format == "dict" else None

    def reset_session(self) -> None:
        """Begin a new session."""
        self._core.ready()
        self._session = self._new_session()

    async def close(self) -> None:
        """End all connections and tasks, and remove the temporary files."""
        if self._core.closed:
            return
        self._core.closed = True
        for call in list(self._calls):
            call.deliver(ClosedError("The client was closed before the call was over."))
        await asyncio.sleep(0)  # the calls hear of it before their tasks end
        for task in [*self._listeners, *([self._heartbeat] if self._heartbeat else [])]:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        if self._http is not None:
            await self._http.aclose()
        if self._core.folder is not None:
            self._core.folder.clean()

    async def __aenter__(self) -> AsyncClient:
        return await self.connect()

    async def __aexit__(self, *error: object) -> None:
        await self.close()

    # The driver

    def _own(self, work: Any) -> asyncio.Task[Any]:
        """A task that close() waits for. Its exception is its reader's business."""
        task: asyncio.Task[Any] = asyncio.ensure_future(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return task

    def _new_session(self) -> Session:
        reader = AsyncReader(self)
        session = reader.session = Session(self._core.ready(), reader.wanted)
        if self._heartbeat is not None:
            self._heartbeat.cancel()
        ask = self._core.heartbeat(session.hash)
        self._heartbeat = self._own(self._beat(ask)) if ask is not None else None
        return session

    async def _beat(self, ask: Ask) -> None:
        """Keep a session alive on the server, as an open page does."""
        pause = 1.0
        while not self._core.closed:
            try:
                async with self._opened(ask) as response:
                    async for _ in response.aiter_bytes():
                        pause = 1.0
            except (ClientError, httpx.HTTPError) as error:
                if 400 <= getattr(error, "status", 0) < 500 and getattr(error, "status", 0) != 429:
                    return
            await asyncio.sleep(pause)
            pause = min(2 * pause, 60.0)

    async def _drive(self, flow: Flow[T]) -> T:
        """Run a flow to its end."""
        try:
            command = next(flow)
            while True:
                try:
                    result = await self._do(command)
                except (Exception, asyncio.CancelledError) as error:
                    command = flow.throw(error)
                else:
                    command = flow.send(result)
        except StopIteration as stop:
            value: T = stop.value
            return value

    async def _do(self, command: Any) -> Any:
        if isinstance(command, Wait):
            return await _wait(command.call, command.seconds)
        if isinstance(command, Send):
            return await self._send(command)
        assert isinstance(command, Sleep)
        return await asyncio.sleep(command.seconds)

    async def _send(self, command: Send) -> Answer:
        http, ask = self._connected(), command.ask
        for is_last in (False, True):
            fresh: list[bool] = []
            content = _pieces(ask.content) if isinstance(ask.content, Form) else ask.content
            request = _transport.request_of(http, self._core, ask, content, {"trace": _tracing(fresh)})
            try:
                response = await http.send(
                    request, auth=self._settings.auth_for(ask), stream=True, follow_redirects=False
                )
                try:
                    return await self._answer(command, response)
                finally:
                    await response.aclose()
            except httpx.HTTPError as error:
                if is_last or not _transport.is_stale(error, bool(fresh)):
                    raise _transport.failed(error, ask.url) from error
        raise AssertionError("never reached")

    async def _answer(self, command: Send, response: httpx.Response) -> Answer:
        if command.folder is None or response.status_code >= 300:
            return _transport.answer_of(response, await response.aread())
        arrival = command.folder.open(command.name, _transport.expected_size(response, command.size))
        try:
            async for piece in response.aiter_bytes():
                if arrival.would_block:  # then not the loop
                    await asyncio.to_thread(arrival.write, piece)
                else:
                    arrival.write(piece)
            if arrival.is_large:
                await asyncio.to_thread(arrival.settle)
        except httpx.HTTPError as error:
            arrival.failed()
            raise _transport.cut_short(error, command.name) from error
        except BaseException:
            arrival.failed()
            raise
        return _transport.answer_of(response, b"", arrival.done())

    @contextlib.asynccontextmanager
    async def _opened(self, ask: Ask) -> AsyncIterator[httpx.Response]:
        """A stream, after redirects. Raises what a refusal means."""
        http = self._connected()
        for hops in range(1, 12):
            request = _transport.stream_request(http, self._core, ask, self._settings, {})
            try:
                response = await http.send(
                    request, auth=self._settings.auth_for(ask), stream=True, follow_redirects=False
                )
            except httpx.HTTPError as error:
                raise _transport.failed(error, ask.url) from error
            head = Answer(response.status_code, response.headers, b"", ask.url, {})
            target = redirected(ask, head)
            if not target:
                break
            await response.aclose()
            ask = self._core.follow(ask, response.status_code, target, hops)
        try:
            if response.status_code >= 300:
                raise refusal(head._replace(body=await response.aread()), "The stream of results")
            yield response
        finally:
            await response.aclose()

    def _connected(self) -> httpx.AsyncClient:
        if self._http is None:
            raise ClientError("Not connected yet: `await client.connect()`, or use `async with`.")
        return self._http


async def _wait(call: Call, seconds: float | None) -> list[Any]:
    """The messages of a call; empty when none came in time."""
    limit = None if seconds is None else time.monotonic() + seconds
    arrived = asyncio.Event()
    call.wake = arrived.set
    while True:
        items = call.take()
        if items:
            return items
        try:
            left = None if limit is None else max(0.0, limit - time.monotonic())
            await asyncio.wait_for(arrived.wait(), left)
        except asyncio.TimeoutError:
            return []
        arrived.clear()
        if limit is None and call.sibling_cancelled is not None and not call.inbox:
            limit = call.sibling_cancelled


async def _pieces(form: Form) -> AsyncIterator[bytes]:
    """A form, its file read in a thread."""
    pieces = iter(form)
    while True:
        piece = await asyncio.to_thread(next, pieces, b"")
        if not piece:
            return
        yield piece


def _tracing(fresh: list[bool]) -> Callable[[str, Mapping[str, Any]], Any]:
    """Watches one request for a new connection."""

    async def trace(event: str, info: Mapping[str, Any]) -> None:
        if _transport.is_connected(event, info) is not None:
            fresh.append(True)

    return trace
