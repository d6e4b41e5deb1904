"""What both clients do alike: what they are made of, what programs look at, what is printed."""

from __future__ import annotations

import os
from abc import ABC, abstractmethod
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Union

from blocks_client._core.api import App, Endpoint, described, public_info
from blocks_client._core.call import Call
from blocks_client._core.core import Core
from blocks_client._core.requests import Auth
from blocks_client._core.status import Status, StatusUpdate

if TYPE_CHECKING:
    from blocks_client._core.session import Session
    from blocks_client._drivers.transport import Settings


class Facade(ABC):
    """What Client and AsyncClient share."""

    _core: Core
    _settings: Settings
    _session: Session | None = None
    verbose: bool
    max_workers: int
    analytics_enabled: bool

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
        """What is asked, and how. Client connects at once, AsyncClient with `connect`.

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
        from blocks_client._drivers import transport  # here, so that importing the package is quick

        self.verbose, self.max_workers, self.analytics_enabled = verbose, max_workers, analytics_enabled
        settings = transport.Settings(httpx_kwargs, transport.verify_of(ssl_verify), max_workers + 8)
        token = token if token is not None else hf_token
        own = {**settings.headers, **(headers or {})}
        self._settings = settings
        self._core = Core(src, token, auth, own, settings.cookies, download_files)
        self._core.has_auth = settings.auth is not None
        self._begin()

    @abstractmethod
    def _begin(self) -> None:
        """What a client has before anybody calls it."""

    def _loaded(self, address: str) -> None:
        if self.verbose:
            print(f"Loaded as API: {address} ✔")

    def _called(
        self,
        args: tuple[Any, ...],
        kwargs: dict[str, Any],
        api_name: str | None,
        fn_index: int | None,
        headers: Mapping[str, str] | None,
    ) -> Call:
        """The arguments of `submit` as a call."""
        endpoint = self._app.endpoint(api_name, fn_index)
        values = endpoint.arguments(args, kwargs)
        extra = self.add_zero_gpu_headers({}) if self.space_id else {}
        assert self._session is not None
        call = Call(endpoint, values, self._session, {**extra, **(headers or {})})
        self._core.add(call)
        return call

    def _viewed(
        self, info: dict[str, Any], all_endpoints: bool | None, print_info: bool, return_format: str | None
    ) -> dict[str, Any] | str | None:
        """What `view_api` gives, and prints."""
        text = described(info, all_endpoints)
        if print_info:
            print(text)
        if return_format == "str":
            return text
        return info if return_format == "dict" else None

    @property
    def _app(self) -> App:
        return self._core.ready()

    def add_zero_gpu_headers(self, headers: dict[str, str]) -> dict[str, str]:
        """Add the visitor's `x-ip-token` when this runs inside a handler of an app and the client talks to a Space.

        Changes and returns `headers`.
        """
        from blocks_client._facade.visitor import ip_token

        token = ip_token() if self.space_id else None
        if token:
            headers["x-ip-token"] = token
        return headers

    def __str__(self) -> str:
        app = self._core.app
        return described(public_info(app.info)) if app is not None else f"{type(self).__name__}({self._core.src!r})"

    __repr__ = __str__

    @property
    def src(self) -> str:
        """The app's address, with a slash at the end."""
        return self._core.src

    @property
    def space_id(self) -> str | None:
        """The Space's name, if it is one."""
        return self._core.space_id

    @space_id.setter
    def space_id(self, value: str | None) -> None:
        self._core.space_id = value

    @property
    def config(self) -> dict[str, Any]:
        """The app's config."""
        return self._app.config

    @property
    def endpoints(self) -> dict[int, Endpoint]:
        """The endpoints by number."""
        return self._app.endpoints

    @property
    def session_hash(self) -> str:
        """Names the session on the server."""
        return self._session.hash if self._session is not None else ""

    @property
    def headers(self) -> dict[str, str]:
        """Of every request to the app."""
        return self._core.headers

    @property
    def cookies(self) -> dict[str, str]:
        """Of every request to the app."""
        return self._core.cookies

    @property
    def protocol(self) -> str:
        """How the server streams."""
        return self._app.protocol

    @property
    def app_version(self) -> str:
        """The version of Gradio that the server speaks."""
        return self._app.version


class JobFacade(ABC):
    """What Job and AsyncJob share."""

    _call: Call

    def outputs(self) -> list[Any]:
        """The values so far; for a function that is no generator the one result."""
        return self._call.outputs

    def status(self) -> StatusUpdate:
        """The newest that is known, with rank and eta while it waits."""
        if not self.done():
            return self._call.status
        if self.cancelled():
            return StatusUpdate.over(Status.CANCELLED, False)
        return StatusUpdate.over(Status.FINISHED, self._failure() is None)

    @abstractmethod
    def done(self) -> bool:
        """Whether it is over."""

    @abstractmethod
    def cancelled(self) -> bool:
        """Whether it was cancelled."""

    @abstractmethod
    def _failure(self) -> BaseException | None:
        """The exception of a job that is over and was not cancelled."""
