"""The client for ordinary programs: runs the core's flows with threads."""

from __future__ import annotations

import functools
import os
import threading
import time
import weakref
from typing import Any, Literal, Union

from blocks_client._core.requests import Auth
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
        """Connect to an app.

        Args:
            src: its URL, with or without a path, or the name of a Space (`owner/name`).
            hf_token: for private Spaces; also `token`. Only the app and the hub see it. None takes the saved one, but
                only for Spaces; False none.
            max_workers: calls that run at the same time; more wait for their turn.
            verbose: print where the app is.
            auth: name and password for apps that ask for them, by form or by HTTP.
            httpx_kwargs: for httpx: `timeout`, `proxy` (or the older `proxies`), `auth`, `cookies`, `mounts`, …
            headers: of every request to the app; they win over our own.
            download_files: the folder for files of results, which are then paths. By default a temporary one, emptied
                at close(); False leaves them on the server.
            ssl_verify: False accepts every certificate; a path or an `ssl.SSLContext` says which are trusted.
            analytics_enabled: accepted for compatibility. This client reports nothing to anybody.
            token: the newer name of `hf_token`.

        Raises AuthenticationError, LoginError, TransportError (also httpx's ConnectError and the like), AnswerError,
        SpaceError; see `blocks_client._exceptions`.
        """
        options = {
            "hf_token": hf_token,
            "token": token,
            "auth": auth,
            "httpx_kwargs": httpx_kwargs,
            "headers": headers,
            "download_files": download_files,
            "ssl_verify": ssl_verify,
        }
        self._set_up(src, max_workers, verbose, analytics_enabled, options=options)
        from blocks_client._drivers.thread_driver import Driver  # here, so that importing the package is quick

        self._driver = Driver(self._core, self._settings)
        self._pool = Pool(max_workers, "blocks-client")
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
        session.reader = reader  # type: ignore[attr-defined] # lives as long as somebody holds the session
        self._readers.add(reader)
        if self._heartbeat is not None:
            self._heartbeats = [thread for thread in self._heartbeats if thread.is_alive()] + [self._heartbeat.stop()]
        self._heartbeat = Heartbeat(self._driver, self._core, session.hash) if self._app.needs_heartbeat else None
        return session
