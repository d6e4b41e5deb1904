"""Who we are to an app, and how one request goes: credentials, redirects, waiting, logging in. No network here."""

from __future__ import annotations

import base64
import json
import os
import sys
import threading
import weakref
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Union
from urllib.parse import urlencode, urlsplit

from blocks_client._core import files
from blocks_client._core.api import App
from blocks_client._core.call import Call
from blocks_client._core.http import (
    Flow,
    Open,
    Request,
    Response,
    Send,
    Sleep,
    T,
    is_same,
    redirected,
    refusal,
    rest,
    sent,
)
from blocks_client._exceptions import (
    AuthenticationError,
    ClientError,
    ClosedError,
    LoginError,
    RedirectError,
    TransportError,
)
from blocks_client._version import __version__

#: Seconds that a request waits in all for servers that say `Retry-After`.
PATIENCE = 30.0
#: Tries for a request that found nobody listening, once the app was reached before.
TRIES = 5
REDIRECTS = 10

Auth = Union[tuple[str, str], "list[str]", None]
Folder = Union[str, "os.PathLike[str]", bool]


def default_folder() -> str:
    """Where results are kept when nobody says."""
    if os.environ.get("GRADIO_TEMP_DIR"):
        return os.environ["GRADIO_TEMP_DIR"]
    import tempfile  # here, so that importing the package is quick

    return str(Path(tempfile.gettempdir()) / "gradio")


class Requests:
    """Makes requests to one app."""

    def __init__(
        self,
        src: str,
        token: str | bool | None = None,
        auth: Auth = None,
        headers: Mapping[str, str] | None = None,
        cookies: Mapping[str, str] | None = None,
        download_files: Folder | None = None,
    ) -> None:
        """Nothing is asked yet; `connect` does it. The arguments are those of Client."""
        self.src = src
        self.space_id: str | None = None
        self.auth = tuple(auth) if auth else None
        self.headers = {
            "user-agent": f"blocks_client/{__version__}; python/{sys.version_info[0]}.{sys.version_info[1]}",
            **{name.lower(): value for name, value in (headers or {}).items()},
        }
        self.cookies = dict(cookies or {})
        self.token = token if isinstance(token, str) else None
        self.has_auth = False  # whether httpx has a login of its own
        self._saved_token_wanted = token is None
        self.app: App | None = None
        self.closed = False
        self._calls: weakref.WeakSet[Call] = weakref.WeakSet()
        self._lock = threading.Lock()
        self.folder: files.Folder | None = None
        if download_files is not False:
            own = download_files is None or download_files is True
            self.folder = files.Folder(default_folder() if own else str(download_files), keep=not own)

    def ready(self) -> App:
        """The app. ClosedError after close()."""
        if self.closed:
            raise ClosedError
        if self.app is None:
            raise ClientError("Not connected yet: `await client.connect()`, or use `async with`.")
        return self.app

    @property
    def knows_secrets(self) -> bool:
        """Whether there is anything that only the app itself may hear."""
        return bool(self.auth or self.token or self.cookies or self.has_auth or len(self.headers) > 1)

    # Requests

    def request(self, method: str, url: str, payload: Any = None, **headers: str) -> Request:
        """A request to the app."""
        content = None
        sent = {name.replace("_", "-"): value for name, value in headers.items()}
        if payload is not None:
            content = json.dumps(payload, default=_plain, separators=(",", ":"), allow_nan=False).encode()
            sent["content-type"] = "application/json"
        return Request(method, url, sent, content, trusted=is_same(url, self.src))

    def outgoing(self, request: Request) -> dict[str, str]:
        """The headers with which a request leaves: everything that says who we are only to the app itself."""
        if not request.trusted:
            return {"user-agent": self.headers["user-agent"], **request.headers}
        headers = dict(self.headers)
        if self.token:
            headers.setdefault("x-hf-authorization", f"Bearer {self.token}")
        if self.cookies:
            headers.setdefault("cookie", "; ".join(f"{name}={value}" for name, value in self.cookies.items()))
        return {**headers, **request.headers}

    def fetch(self, request: Request, once: Callable[[Request], Flow[Response]] | None = None) -> Flow[Response]:
        """An answer: follows redirects, waits when the server asks for it, logs in again when a login has expired.

        `once` makes one request, where it is not an ordinary one.
        """
        waited, hops, tries, again = 0.0, 0, 0, False
        while True:
            if self.closed:
                raise ClosedError
            try:
                answer = yield from self._unless_closed(once(request) if once else sent(Send(request)))
            except TransportError as error:
                if not error.unsent or self.app is None or tries >= TRIES:
                    raise
                yield Sleep(0.1 * 2**tries)
                tries += 1
                continue
            target = redirected(request, answer)
            if target:
                hops += 1
                request = self.follow(request, answer.status, target, hops)
                continue
            after = answer.retry_after
            if (
                answer.status in (429, 503)
                and after is not None
                and waited + after <= PATIENCE
                and not _is_full(answer)
            ):
                yield Sleep(max(after, 0.05))
                waited += max(after, 0.05)
                continue
            if answer.status == 401 and self.auth and request.trusted and not again and self.app is not None:
                again = True
                yield from self.login()
                continue
            return answer

    def _unless_closed(self, flow: Flow[T]) -> Flow[T]:
        """Close() breaks connections; then that is what is told."""
        try:
            return (yield from flow)
        except TransportError as error:
            if self.closed:
                raise ClosedError from error
            raise

    def opened(self, request: Request, what: str) -> Flow[Response]:
        """A stream without end, after redirects; its head. Raises what a refusal means."""
        hops = 0
        while True:
            answer: Response = yield Open(request, endless=True)
            target = redirected(request, answer)
            if not target:
                break
            hops += 1
            request = self.follow(request, answer.status, target, hops)
        if answer.status >= 300:
            raise refusal(answer._replace(body=(yield from rest())), what)
        return answer

    def follow(self, request: Request, status: int, target: str, hops: int) -> Request:
        """The next request after a redirect. Bodies go nowhere else, credentials neither."""
        if hops > REDIRECTS:
            raise RedirectError(f"{request.url}: more than {REDIRECTS} redirects.")
        if not target.lower().startswith(("http://", "https://")):
            raise RedirectError(f"{request.url} redirects to {target}, which is no address of the web.")
        trusted = request.trusted and is_same(target, self.src)
        if request.stays and not trusted:
            raise RedirectError(f"{request.url} redirects to {target}, another host, which data may not make us visit.")
        if request.method == "GET":
            return request._replace(url=target, trusted=trusted)
        if not trusted:
            raise RedirectError(
                f"{request.url} redirects to {target}. What was to be sent is not sent to another host; if that is the "
                "app, use its address."
            )
        if status in (307, 308) or urlsplit(request.url).path == urlsplit(target).path:
            return request._replace(url=target)
        return request._replace(method="GET", url=target, content=None)

    def good(self, request: Request, what: str) -> Flow[Response]:
        """An answer that is no error; otherwise raises what the status means."""
        answer = yield from self.fetch(request)
        if answer.status >= 300:
            raise refusal(answer, what)
        return answer

    def login(self) -> Flow[None]:
        """Take the cookies of a login. Raises LoginError, AuthenticationError."""
        name, password = self.auth or ("", "")
        form = _urlencoded({"username": name, "password": password})
        request = Request("POST", self.src + "login", {"content-type": "application/x-www-form-urlencoded"}, form)
        while True:
            answer = yield from self._unless_closed(sent(Send(request)))
            target = redirected(request, answer)
            if not target or urlsplit(target).path != urlsplit(request.url).path or target == request.url:
                break
            request = self.follow(request, 308, target, 1)  # the same place with TLS
        if answer.status == 401 and answer.headers.get("www-authenticate", "").lower().startswith("basic"):
            self._basic(name, password)
            return
        if answer.status == 401:
            raise AuthenticationError(f"Could not login to {self.src}. Invalid credentials.")
        if answer.status == 429 or answer.status >= 500:
            raise refusal(answer, f"Logging in to {self.src}")
        if answer.status >= 400:
            detail = answer.detail
            reason = f" The server says: {detail}" if isinstance(detail, str) and detail else ""
            raise LoginError(f"Could not login to {self.src}.{reason}")
        self._adopt(answer.cookies, replace=True)

    def _basic(self, name: str, password: str) -> None:
        pair = base64.b64encode(f"{name}:{password}".encode()).decode()
        self.headers.setdefault("authorization", f"Basic {pair}")

    def _adopt(self, cookies: dict[str, str], replace: bool = False) -> None:
        for name, value in cookies.items():
            if replace or name not in self.cookies:
                self.cookies[name] = value


def _is_full(answer: Response) -> bool:
    return answer.status == 503 and "queue is full" in str(answer.detail).lower()


def _urlencoded(fields: dict[str, str]) -> bytes:
    return urlencode(fields).encode()


def _plain(value: Any) -> Any:
    """Numbers and arrays of numpy, and what has the same method, as JSON has them."""
    as_list = getattr(value, "tolist", None)
    if callable(as_list):
        return as_list()
    raise TypeError(f"An argument of the type {type(value).__name__} has no form in JSON.")
