"""The client for ordinary programs: runs the core's flows with threads."""

from __future__ import annotations

import functools
import threading
import time
import weakref
from typing import Any, Literal, Union

from blocks_client._core.session import Session
from blocks_client._drivers.thread_pool import Pool
from blocks_client._drivers.thread_reader import Heartbeat, Reader
from blocks_client._facade.job import Callbacks, Job
from blocks_client._facade.shared import Facade


class Client(Facade):
    """A program's way into an app, of ours or of Gradio.

        with Client("http://127.0.0.1:7860") as client:
            print(client.predict("Ada", api_name="/greet"))

    All methods may be called from any thread.
    """

    def _begin(self) -> None:
        from blocks_client._drivers.thread_driver import Driver  # here, so that importing the package is quick

        self._driver = Driver(self._core, self._settings)
        self._pool = Pool(self.max_workers, "blocks-client")
        self._heartbeats: list[threading.Thread] = []
        self._heartbeat: Heartbeat | None = None
        self._readers: weakref.WeakSet[Reader] = weakref.WeakSet()
        try:
            self._driver.run(self._core.arrive(self._loaded))
            self._session = self._new_session()
        except BaseException:
            self._driver.close()
            raise

    # Calls

    def predict(
        self,
        *args: Any,
        api_name: str | None = None,
        fn_index: int | None = None,
        headers: dict[str, str] | None = None,
        **kwargs: Any,
    ) -> Any:
        """Call an endpoint and wait for its result; of a generator the last value. The arguments are those of submit.

        Raises AppError when the function raised, QueueError, StreamLost, …
        """
        job = self.submit(*args, api_name=api_name, fn_index=fn_index, headers=headers, **kwargs)
        try:
            return job.result()
        except (KeyboardInterrupt, SystemExit):
            job.cancel()
            raise

    def submit(
        self,
        *args: Any,
        api_name: str | None = None,
        fn_index: int | None = None,
        headers: dict[str, str] | None = None,
        result_callbacks: Callbacks = None,
        **kwargs: Any,
    ) -> Job:
        """Call an endpoint in the background.

        Args:
            args: values by position. Files are given with `handle_file`.
            api_name: the endpoint's name with a leading slash; not needed when there is only one.
            fn_index: its number instead.
            headers: of this call's request only.
            result_callbacks: called with the result, one or several, in a thread of the client.
            kwargs: values by name.

        Raises TypeError for values that do not fit, ArgumentError for an endpoint that does not exist, at once.
        """
        job = Job(self._called(args, kwargs, api_name, fn_index, headers), self._cancelled, result_callbacks)
        self._pool.run(functools.partial(self._work, job))
        return job

    def _work(self, job: Job) -> None:
        if not job.begin():
            return
        try:
            result = self._driver.run(self._core.run(job.call))
        except BaseException as error:
            job.end(error=error)
        else:
            job.end(result)

    def _cancelled(self, job: Job) -> None:
        """A job is over before its time."""
        self._driver.run(self._core.withdrawn(job.call))

    # The app

    def view_api(
        self,
        all_endpoints: bool | None = None,
        print_info: bool = True,
        return_format: Literal["dict", "str", None] = None,
    ) -> Union[dict[str, Any], str, None]:
        """What can be called.

        Args:
            all_endpoints: True lists those without a name and the hidden ones too, False only those with a name.
            print_info: print it.
            return_format: "dict" gives the server's description, "str" the printed text.
        """
        info = self._driver.run(self._core.info(bool(all_endpoints)))
        return self._viewed(info, all_endpoints, print_info, return_format)

    def reset_session(self) -> None:
        """Begin a new session: the server forgets what it kept for the old one."""
        self._core.ready()
        self._session = self._new_session()

    def close(self) -> None:
        """End all connections and threads, and remove the temporary files. Harmless when it is closed already."""
        if not self._core.end():
            return
        threads = [*self._pool.close(), *self._heartbeats]
        if self._heartbeat is not None:
            threads.append(self._heartbeat.stop())
        self._driver.shutdown()
        threads += [thread for thread in (reader.close() for reader in list(self._readers)) if thread is not None]
        limit = time.monotonic() + 1.0
        for thread in threads:
            if thread is not threading.current_thread():
                thread.join(max(0.0, limit - time.monotonic()))
        self._driver.close()
        self._core.clean()

    def __enter__(self) -> Client:
        return self

    def __exit__(self, *error: object) -> None:
        self.close()

    def _new_session(self) -> Session:
        session = Session(self._app, lambda: reader.wanted())
        reader = Reader(self._driver, self._core, session)
        self._readers.add(reader)
        if self._heartbeat is not None:
            self._heartbeats = [thread for thread in self._heartbeats if thread.is_alive()] + [self._heartbeat.stop()]
        self._heartbeat = Heartbeat(self._driver, self._core, session.hash) if self._app.needs_heartbeat else None
        return session
