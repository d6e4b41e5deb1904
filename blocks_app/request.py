"""Request: what a function sees of the request that started it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextvars import ContextVar
from dataclasses import dataclass
from functools import cached_property
from http.cookies import SimpleCookie
from typing import Any, NamedTuple
from urllib.parse import parse_qsl


class Address(NamedTuple):
    """Where a request came from."""

    host: str
    port: int | None = None


@dataclass(frozen=True, slots=True)
class RequestInfo:
    """A request as plain data, so that it can travel with its job."""

    #: Names in lower case, in the order received.
    headers: tuple[tuple[str, str], ...] = ()
    query_string: str = ""
    client: tuple[str, int | None] | None = None
    path: str = ""
    method: str = "POST"
    scheme: str = "http"
    #: Public address of the page without a trailing slash.
    root: str = ""


class Headers(Mapping[str, str]):
    """Headers by name, without regard to case; the last of several with one name wins."""

    def __init__(self, pairs: tuple[tuple[str, str], ...]) -> None:
        self._values = {name.lower(): value for name, value in pairs}

    def __getitem__(self, name: str) -> str:
        return self._values[name.lower()]

    def __iter__(self) -> Any:
        return iter(self._values)

    def __len__(self) -> int:
        return len(self._values)

    def __repr__(self) -> str:
        return repr(self._values)


class Request:
    """The visitor's request, for a function that asks for it by annotation (`request: gr.Request`).

    It is the request that started the event. Of a call from Python there is none.
    """

    _is_injected = True

    def __init__(
        self,
        request: RequestInfo | None = None,
        username: str | None = None,
        session_hash: str | None = None,
        user: Any = None,
        cancelled: Callable[[], bool] | None = None,
        **extra: Any,
    ) -> None:
        """Look at a request.

        Args:
            request: the request as plain data.
            username: name of the visitor who logged in; None for anybody.
            session_hash: the page (tab) that the event came from.
            user: the Django user: AnonymousUser without a login, None outside a Django site with users.
            cancelled: tells whether the answer is still wanted.
            extra: further attributes of the request, for tests of functions.
        """
        self.info = request or RequestInfo()
        self.username = username
        self.session_hash = session_hash
        self.user = user
        self._cancelled = cancelled
        self.__dict__.update(extra)

    @property
    def cancelled(self) -> bool:
        """True once nobody wants the answer: the event was cancelled, took too long, or its visitor has gone.

        A long plain function should look now and then and return; nothing else can stop it.
        """
        return self._cancelled is not None and self._cancelled()

    @cached_property
    def headers(self) -> Headers:
        """The request's headers."""
        return Headers(self.info.headers)

    @cached_property
    def query_params(self) -> dict[str, str]:
        """The query of the address; the page forwards its own."""
        return dict(parse_qsl(self.info.query_string, keep_blank_values=True))

    @cached_property
    def cookies(self) -> dict[str, str]:
        """The request's cookies."""
        jar: SimpleCookie = SimpleCookie()
        jar.load(self.headers.get("cookie", ""))
        return {name: morsel.value for name, morsel in jar.items()}

    @property
    def client(self) -> Address | None:
        """Host and port of the visitor."""
        return Address(*self.info.client) if self.info.client else None

    @property
    def method(self) -> str:
        """HTTP method of the request."""
        return self.info.method

    @property
    def path_params(self) -> dict[str, str]:
        """Named parts of the path; events have none."""
        return {}

    @property
    def url(self) -> str:
        """The address that was asked for."""
        query = f"?{self.info.query_string}" if self.info.query_string else ""
        return f"{self.info.root}{self.info.path}{query}"

    @property
    def request(self) -> Request:
        """Gradio's name of the framework's request."""
        return self


#: The request of the event whose function runs; clients of other apps look here for the visitor.
current: ContextVar[Request | None] = ContextVar("blocks_request", default=None)
