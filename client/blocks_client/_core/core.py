"""What a client does, without doing it: flows that a driver runs.

A flow is a generator. It yields commands (`Send` a request, `Open` and `Read` a stream, `Sleep`, `Wait` for messages of
a call) and is sent their results; when a command fails the driver throws the error in. `thread_driver` runs flows with
threads, `async_driver` with asyncio, the tests with lists. Whatever is decided is decided here.

Credentials: name, password, cookies, token, `headers` and `auth` of the user go to the app's own origin alone.
"""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any, Optional
from urllib.parse import unquote, urlsplit, urlunsplit

from blocks_client._core import files, spaces
from blocks_client._core.api import App, Endpoint, public_info
from blocks_client._core.call import Call
from blocks_client._core.http import Flow, Response, Wait, is_same, refusal
from blocks_client._core.requests import Requests
from blocks_client._core.session import SERVER
from blocks_client._core.stream_flows import saved
from blocks_client._exceptions import (
    AnswerError,
    AuthenticationError,
    ClientError,
    ClosedError,
    DownloadError,
    FileTooLargeError,
    RedirectError,
)

_LOGIN = "Name and password are given as Client(…, auth=(name, password)), on the command line as --auth NAME:PASSWORD."
#: Seconds without any message of an event that the server has accepted.
FIRST_MESSAGE = 60.0
#: Seconds without a message of an event whose sibling was cancelled, on servers that then stop both.
SIBLING = 10.0


class Core(Requests):
    """One app as a client sees it: where it is, who we are, what it offers."""

    # Connecting

    def arrive(self, on_loaded: Callable[[str], None]) -> Flow[App]:
        """Find the app, read what it offers, and then tell its address."""
        yield from self.resolve()
        app = yield from self.connect()
        on_loaded(self.src)
        return app

    def resolve(self) -> Flow[str]:
        """The app's address: `src` itself, or the host of a Space. Ends with a slash."""
        src = self.src.strip()
        if not files.is_url(src):
            self.space_id = src
            self.token = self.token or (spaces.saved_token() if self._saved_token_wanted else None)
            src = yield from spaces.host_of(self.space_id, self.token, self.headers["user-agent"])
        parts = urlsplit(src)
        if (parts.hostname or "").endswith(".hf.space"):
            self.token = self.token or (spaces.saved_token() if self._saved_token_wanted else None)
            self.space_id = self.space_id or (parts.hostname or "").removesuffix(".hf.space")
        if parts.username:
            self._basic(unquote(parts.username), unquote(parts.password or ""))
            src = urlunsplit(parts._replace(netloc=parts.netloc.rpartition("@")[2]))
        self.src = src if src.endswith("/") else src + "/"
        return self.src

    def connect(self) -> Flow[App]:
        """Log in, and read what the app offers. `resolve` first."""
        if self.auth:
            yield from self.login()
        answer = yield from self.fetch(self.request("GET", self.src + "config"))
        if answer.status in (401, 403):
            raise AuthenticationError(
                f"Could not load {self.src} as credentials were not provided. Please login. {_LOGIN}"
                if not self.auth
                else f"Could not load {self.src}: the login was accepted, but opens nothing."
            )
        if answer.status >= 300:
            raise refusal(answer, f"Could not fetch config for {self.src}: this")
        if not is_same(answer.url, self.src) and self.knows_secrets:
            raise RedirectError(
                f"{self.src} redirects to {answer.url}. Login, token, cookies and headers are not sent to another "
                "host; if that is the app, use its address."
            )
        if not is_same(answer.url, self.src) or urlsplit(answer.url).scheme != urlsplit(self.src).scheme:
            self.src = answer.url.split("?")[0].removesuffix("/").removesuffix("config")
        self._adopt(answer.cookies)
        config = _object(answer)
        prefix = str(config.get("api_prefix") or "").strip("/")
        info_url = f"{self.src}{prefix}/info" if prefix else f"{self.src}info"
        info = yield from self.good(self.request("GET", info_url + "?serialize=False"), "Reading the app's endpoints")
        self.app = App(self.src, config, _object(info))
        return self.app

    def info(self, all_endpoints: bool) -> Flow[dict[str, Any]]:
        """The endpoints as the server documents them."""
        app = self.ready()
        if not all_endpoints:
            return public_info(app.info)
        answer = yield from self.good(
            self.request("GET", app.api + "info?all_endpoints=true"), "Reading the app's endpoints"
        )
        return public_info(_object(answer))

    # Calls

    def add(self, call: Call) -> None:
        """A call that somebody holds: it hears when the client is closed, and when a sibling is cancelled."""
        with self._lock:
            self._calls.add(call)

    def _known(self) -> list[Call]:
        with self._lock:
            return list(self._calls)

    def run(self, call: Call) -> Flow[Any]:
        """A call from its arguments to its result. Its outputs and status grow in `call` meanwhile."""
        session, app = call.session, self.ready()
        data = yield from self._uploaded(call.data)
        body = {
            "data": call.endpoint.with_states(data),
            "fn_index": call.endpoint.fn_index,
            "session_hash": session.hash,
            **call.extra,
        }
        headers = {"x-gradio-user": "api", **({"x-blocks-numbers": "1"} if app.resumes else {}), **call.headers}
        session.join()
        try:
            request = self.request("POST", app.api + "queue/join", body)
            answer = yield from self.fetch(request._replace(headers={**request.headers, **headers}))
            if answer.status >= 300:
                raise refusal(answer, f"Joining the queue for {call.endpoint.api_name or call.endpoint.fn_index}")
            call.event_id = str(_object(answer)["event_id"])
        except BaseException:
            session.not_joined()
            raise
        session.joined(call.event_id, call, answer.headers.get(SERVER))
        try:
            if call.unwanted:  # it was cancelled before the server had said how it calls it
                yield from self.cancelled(call)
            return (yield from self._followed(call))
        finally:
            session.leave(call.event_id)

    def _followed(self, call: Call) -> Flow[Any]:
        while True:
            items = yield Wait(call, call.patience(FIRST_MESSAGE))
            if not items and call.patience(FIRST_MESSAGE) == 0:
                raise call.lost(SIBLING if call.sibling_cancelled else FIRST_MESSAGE)
            for item in items:
                data = call.read(item)
                if data is not None:
                    call.add(data, (yield from self._saved(data, call.endpoint)))
                if call.is_over:
                    if call.needs_final:
                        call.finish((yield from self._saved(call.final or [], call.endpoint)))
                    return call.result

    def withdrawn(self, call: Call) -> Flow[None]:
        """Nobody wants a call any more: the server is told, and the siblings that Gradio stops with it wait less."""
        if not self.ready().resumes:
            for other in self._known():
                if other is not call and other.session is call.session and other.endpoint is call.endpoint:
                    other.suspect(SIBLING)
        try:
            yield from self.cancelled(call)
        except ClientError:
            pass  # it is over here; the server may not know

    def end(self) -> bool:
        """The client is closed: every call hears of it. False when it was closed before."""
        with self._lock:
            if self.closed:
                return False
            self.closed = True
        for call in self._known():
            call.deliver(ClosedError("The client was closed before the call was over."))
        return True

    def clean(self) -> None:
        """Remove the temporary files."""
        if self.folder is not None:
            self.folder.clean()

    def cancelled(self, call: Call) -> Flow[None]:
        """Tell the server that nobody wants a call any more."""
        call.unwanted = True  # before the question below: whoever gets the id meanwhile sees this
        if call.event_id is None or self.closed:
            return
        app = self.ready()
        body = {"fn_index": call.endpoint.fn_index, "session_hash": call.session.hash, "event_id": call.event_id}
        call.session.leave(call.event_id)
        yield from self.fetch(self.request("POST", app.api + "cancel", body))

    # Files

    def _uploaded(self, data: list[Any]) -> Flow[list[Any]]:
        """The arguments with every local file sent to the server that the caller has named with `handle_file`.

        A plain dict may be a default that the server has told: nothing on this machine is read because of it.
        """
        new: dict[int, Any] = {}
        for given in files.found(data, files.is_input):
            if id(given) in new:
                continue
            path = None
            if isinstance(given, files.FileInput) and given.is_here:
                path = yield from self._upload(given)
            new[id(given)] = files.on_wire(given, path)
        sent: list[Any] = files.replaced(data, new)
        return sent

    def _upload(self, file: files.FileInput) -> Flow[str]:
        app = self.ready()
        limit: Optional[int] = app.config.get("max_file_size")
        name = file.get("orig_name") or file["path"]
        if limit is not None and file.size > limit:
            raise FileTooLargeError(
                f"File {name} exceeds the maximum file size of {limit} bytes set in  component.", 413
            )
        form = files.Form(file)
        request = self.request("POST", app.api + "upload")
        headers = {"content-type": form.content_type, "content-length": str(form.size)}
        answer = yield from self.good(request._replace(headers=headers, content=form), f"Uploading {name}")
        paths = answer.json()
        if not isinstance(paths, list) or len(paths) != 1 or not isinstance(paths[0], str):
            raise AnswerError(f"Uploading {name}: the server answered {paths!r} instead of a list with one path.")
        return paths[0]

    def _saved(self, data: list[Any], endpoint: Endpoint) -> Flow[Any]:
        """Results as the caller gets them: files on disk, one value alone, several as a tuple."""
        values = endpoint.shown(data)
        if self.folder is not None:
            new = {}
            for file in files.found(values, files.is_file_data):
                new[id(file)] = yield from self._download(file, self.folder)
            if new:
                values = files.replaced(values, new)
        return values[0] if len(values) == 1 else tuple(values)

    def own_file(self, file: dict[str, Any], folder: files.Folder) -> Flow[str]:
        """A file of the app's own host, which nothing in it leads elsewhere; DownloadError for one of another."""
        path, url = str(file.get("path") or ""), str(file.get("url") or "")
        path = url if url and is_same(url, self.src) and not files.is_url(path) else path
        if files.is_url(path) and not is_same(path, self.src):
            raise DownloadError(f"{path} is no file of {self.src}.")
        kept = {**file, "path": path, "meta": None}
        return (yield from self._download(kept, folder))

    def _download(self, file: dict[str, Any], folder: files.Folder) -> Flow[str]:
        app, path = self.ready(), str(file["path"])
        url = path if files.is_url(path) and is_same(path, self.src) else files.address(app.api, path)
        marked = files.is_marked(file)
        if marked and file.get("is_stream") and files.is_url(file.get("url")):
            url = str(file["url"])
        elif marked and files.is_url(path) and not is_same(path, self.src):
            url = path
        name = str(file.get("orig_name") or (unquote(urlsplit(path).path) if files.is_url(path) else path))
        request = self.request("GET", url, accept_encoding="identity")._replace(stays=not marked)
        size = file.get("size") if not file.get("is_stream") else None
        save = functools.partial(saved, folder=folder, name=name, size=size if isinstance(size, int) else None)
        try:
            answer = yield from self.fetch(request, save)
        except DownloadError:
            answer = yield from self.fetch(request, save)  # once more: the function has run, its result is worth it
        if answer.status >= 300:
            raise refusal(answer, f"Downloading {name}")
        return answer.path


def _object(answer: Response) -> dict[str, Any]:
    found = answer.json()
    if not isinstance(found, dict):
        raise AnswerError(f"{answer.url} answered {str(found)[:80]!r}, which no app does.")
    return found
