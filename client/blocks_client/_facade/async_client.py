"""The client for programs with asyncio: the same core, run with tasks. Names and meanings are those of Client."""

from __future__ import annotations

import asyncio
import weakref
from concurrent.futures import CancelledError
from typing import Any, Literal, Union

from blocks_client._core.call import Call
from blocks_client._core.session import Session
from blocks_client._core.stream_flows import heartbeat
from blocks_client._drivers.async_driver import AsyncDriver
from blocks_client._drivers.async_reader import AsyncReader
from blocks_client._facade.async_job import AsyncJob
from blocks_client._facade.shared import Facade


class AsyncClient(Facade):
    """A program's way into an app, with asyncio.

        async with AsyncClient("http://127.0.0.1:7860") as client:
            print(await client.predict("Ada", api_name="/greet"))

    Without `async with`, call `await client.connect()` first and `await client.close()` at the end.
    """

    def _begin(self) -> None:
        self._driver: AsyncDriver | None = None
        self._tasks: set[asyncio.Task[Any]] = set()
        self._readers: weakref.WeakSet[AsyncReader] = weakref.WeakSet()
        self._heartbeat: asyncio.Task[Any] | None = None

    async def connect(self) -> AsyncClient:
        """Reach the app; see Client for what it raises. Harmless when connected."""
        if self._driver is not None:
            return self
        self._driver = AsyncDriver(self._core, self._settings)
        self._places = asyncio.Semaphore(self.max_workers)
        try:
            await self._driver.run(self._core.arrive(self._loaded))
            self._session = self._new_session()
        except BaseException:
            await self._driver.close()
            self._driver = None
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
        call = self._called(args, kwargs, api_name, fn_index, headers)
        return AsyncJob(call, self._spawn(self._work(call)), self._cancelled)

    async def _work(self, call: Call) -> Any:
        try:
            async with self._places:
                return await self._connected().run(self._core.run(call))
        except CancelledError as error:
            raise asyncio.CancelledError from error

    async def _cancelled(self, call: Call) -> None:
        await self._connected().run(self._core.withdrawn(call))

    # The app

    async def view_api(
        self,
        all_endpoints: bool | None = None,
        print_info: bool = True,
        return_format: Literal["dict", "str", None] = None,
    ) -> Union[dict[str, Any], str, None]:
        """What can be called."""
        info = await self._connected().run(self._core.info(bool(all_endpoints)))
        return self._viewed(info, all_endpoints, print_info, return_format)

    def reset_session(self) -> None:
        """Begin a new session."""
        self._core.ready()
        self._session = self._new_session()

    async def close(self) -> None:
        """End all connections and tasks, and remove the temporary files."""
        if not self._core.end():
            return
        await asyncio.sleep(0)  # the calls hear of it before their tasks end
        for task in [*(reader.task for reader in self._readers), self._heartbeat]:
            if task is not None:
                task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        if self._driver is not None:
            await self._driver.close()
        self._core.clean()

    async def __aenter__(self) -> AsyncClient:
        return await self.connect()

    async def __aexit__(self, *error: object) -> None:
        await self.close()

    # Inside

    def _spawn(self, work: Any) -> asyncio.Task[Any]:
        """A task that close() waits for. Its exception is its reader's business."""
        task: asyncio.Task[Any] = asyncio.ensure_future(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return task

    def _new_session(self) -> Session:
        driver, session = self._connected(), Session(self._app, lambda: reader.wanted())
        reader = AsyncReader(driver, self._core, session, self._spawn)
        self._readers.add(reader)
        if self._heartbeat is not None:
            self._heartbeat.cancel()
        beats = self._app.needs_heartbeat
        self._heartbeat = self._spawn(driver.run(heartbeat(self._core, session.hash))) if beats else None
        return session

    def _connected(self) -> AsyncDriver:
        self._core.ready()
        assert self._driver is not None
        return self._driver
