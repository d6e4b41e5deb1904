"""The client for ordinary programs: runs the core's flows with threads."""

from __future__ import annotations

import functools
import os
import threading
import time
import weakref
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, Literal, Union

from blocks_client._api import described
from blocks_client._call import Call
from blocks_client._core import SIBLING, Core
from blocks_client._exceptions import ClientError, ClosedError
from blocks_client._facade import Facade
from blocks_client._http import Answer, Ask, Flow, Send, Sleep, T, Wait
from blocks_client._job import Callbacks, Job
from blocks_client._reader import Heartbeat, Reader, Streams
from blocks_client._requests import Auth
from blocks_client._session import Session
from blocks_client._threads import Pool, Sockets

if TYPE_CHECKING:
    import httpx


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
        import httpx

        from blocks_client import _transport

        self.verbose, self.max_workers, self.analytics_enabled = verbose, max_workers, analytics_enabled
        self._settings = _transport.Settings(httpx_kwargs, _transport.verify_of(ssl_verify), max_workers + 8)
        headers = {**self._settings.headers, **(headers or {})}
        token = token if token is not None else hf_token
        self._core = Core(src, token, auth, headers, self._settings.cookies, download_files)
        self._core.has_auth = self._settings.auth is not None
        self._http = httpx.Client(**self._settings.client)
        self._sockets = Sockets(self._settings.sockets)
        self._pool = Pool(max_workers, "blocks-client")
        self._calls: weakref.WeakSet[Call] = weakref.WeakSet()
        self._streams = Streams(self._core, self._open, self._drive)
        self._lock = threading.Lock()
        self._heartbeats: list[threading.Thread] = []
        self._heartbeat: Heartbeat | None = None
        self._readers: weakref.WeakSet[Reader] = weakref.WeakSet()
        try:
            address = self._drive(self._core.resolve())
            if verbose:
                print(f"Loaded as API: {address} ✔")
            self._drive(self._core.connect())
            self._session = self._new_session()
        except BaseException:
            self._http.close()
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
        self._core.ready()
        endpoint = self._app.endpoint(api_name, fn_index)
        values = endpoint.arguments(args, kwargs)
        extra = self.add_zero_gpu_headers({}) if self.space_id else {}
        assert self._session is not None
        call = Call(endpoint, values, self._session, {**extra, **(headers or {})})
        job = Job(call, self._cancelled, result_callbacks)
        self._calls.add(call)
        self._pool.run(functools.partial(self._work, job))
        return job

    def _work(self, job: Job) -> None:
        if not job.begin():
            return
        try:
            result = self._drive(self._core.run(job.call))
        except BaseException as error:
            job.end(error=error)
        else:
            job.end(result)

    def _cancelled(self, job: Job) -> None:
        """A job is over before its time: tell the server, and the siblings that Gradio stops with it."""
        mine = job.call
        if not self._app.resumes:
            for call in list(self._calls):
                if call is not mine and call.session is mine.session and call.endpoint is mine.endpoint:
                    call.suspect(SIBLING)
        try:
            self._drive(self._core.cancelled(mine))
        except ClientError:
            pass  # it is over here; the server may not know

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
        info = self._drive(self._core.info(bool(all_endpoints)))
        text = described(info, all_endpoints)
        if print_info:
            print(text)
        if return_format == "str":
            return text
        return info if return_format == "dict" else None

    def reset_session(self) -> None:
        """Begin a new session: the server forgets what it kept for the old one."""
        self._core.ready()
        self._session = self._new_session()

    def close(self) -> None:
        """End all connections and threads, and remove the temporary files. Harmless when it is closed already."""
        with self._lock:
            if self._core.closed:
                return
            self._core.closed = True
        self._streams.closing.set()
        for call in list(self._calls):
            call.deliver(ClosedError("The client was closed before the call was over."))
        threads = [*self._pool.close(), *self._heartbeats]
        if self._heartbeat is not None:
            threads.append(self._heartbeat.stop())
        threads += [thread for thread in (reader.close() for reader in list(self._readers)) if thread is not None]
        self._sockets.shutdown()
        limit = time.monotonic() + 1.0
        for thread in threads:
            if thread is not threading.current_thread():
                thread.join(max(0.0, limit - time.monotonic()))
        self._http.close()
        if self._core.folder is not None:
            self._core.folder.clean()

    def __enter__(self) -> Client:
        return self

    def __exit__(self, *error: object) -> None:
        self.close()

    # The driver

    def _new_session(self) -> Session:
        session = Session(self._app, lambda: reader.wanted())
        reader = Reader(self._streams, session)
        session.reader = reader  # type: ignore[attr-defined]
        self._readers.add(reader)
        if self._heartbeat is not None:
            self._heartbeats = [thread for thread in self._heartbeats if thread.is_alive()] + [self._heartbeat.stop()]
        self._heartbeat = Heartbeat(self._streams, session.hash) if self._core.heartbeat(session.hash) else None
        return session

    def _drive(self, flow: Flow[T]) -> T:
        """Run a flow to its end."""
        try:
            command = next(flow)
            while True:
                try:
                    result = self._do(command)
                except Exception as error:
                    command = flow.throw(error)
                else:
                    command = flow.send(result)
        except StopIteration as stop:
            value: T = stop.value
            return value

    def _do(self, command: Any) -> Any:
        if isinstance(command, Wait):
            return _wait(command.call, command.seconds)
        if isinstance(command, Send):
            return self._send(command)
        assert isinstance(command, Sleep)
        return self._streams.closing.wait(command.seconds)

    def _send(self, command: Send) -> Answer:
        import httpx

        from blocks_client import _transport

        for is_last in (False, True):
            fresh: list[bool] = []
            request = _transport.request_of(
                self._http, self._core, command.ask, command.ask.content, {"trace": self._tracing(fresh)}
            )
            try:
                response = self._http.send(
                    request, auth=self._settings.auth_for(command.ask), stream=True, follow_redirects=False
                )
                try:
                    return self._answer(command, response)
                finally:
                    response.close()
            except httpx.HTTPError as error:
                if self._core.closed:
                    raise ClosedError from error
                if is_last or not _transport.is_stale(error, bool(fresh)):
                    raise _transport.failed(error, command.ask.url) from error
        raise AssertionError("never reached")

    def _answer(self, command: Send, response: httpx.Response) -> Answer:
        from blocks_client import _transport

        if command.folder is None or response.status_code >= 300:
            return _transport.answer_of(response, response.read())
        import httpx

        arrival = command.folder.open(command.name, _transport.expected_size(response, command.size))
        try:
            for piece in response.iter_bytes():
                arrival.write(piece)
            arrival.settle()
        except httpx.HTTPError as error:
            arrival.failed()
            raise _transport.cut_short(error, command.name) from error
        except BaseException:
            arrival.failed()
            raise
        return _transport.answer_of(response, b"", arrival.done())

    def _open(self, ask: Ask) -> httpx.Response:
        """A stream that is open; whoever asks closes it."""
        import httpx

        from blocks_client import _transport

        request = _transport.stream_request(self._http, self._core, ask, self._settings, {"trace": self._tracing([])})
        try:
            return self._http.send(request, auth=self._settings.auth_for(ask), stream=True, follow_redirects=False)
        except httpx.HTTPError as error:
            raise _transport.failed(error, ask.url) from error

    def _tracing(self, fresh: list[bool]) -> Callable[[str, dict[str, Any]], None]:
        """Watches one request for new connections: they are counted, and their sockets are ended by close()."""
        sockets = self._sockets

        def trace(event: str, info: Mapping[str, Any]) -> None:
            if event.endswith(".connect_tcp.started"):
                sockets.opening()
            elif event.endswith(".connect_tcp.failed"):
                sockets.failed()
            elif event.endswith((".connect_tcp.complete", ".start_tls.complete")):
                fresh.append(True)
                sockets.opened(info.get("return_value"), is_new="connect_tcp" in event)

        return trace


def _wait(call: Call, seconds: float | None) -> list[Any]:
    """The messages of a call; empty when none came in time."""
    limit = None if seconds is None else time.monotonic() + seconds
    arrived = threading.Event()
    call.wake = arrived.set
    while True:
        items = call.take()
        if items:
            return items
        if not arrived.wait(None if limit is None else max(0.0, limit - time.monotonic())):
            return []
        arrived.clear()
        if limit is None and call.sibling_cancelled is not None and not call.inbox:
            limit = call.sibling_cancelled
