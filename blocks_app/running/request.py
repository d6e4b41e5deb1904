"""Request: what a function sees of the request that started it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextvars import ContextVar
from dataclasses import dataclass
from functools import cached_property
from typing import Any, NamedTuple
from urllib.parse import parse_qsl, urlsplit

from blocks_app.functions.annotations import asked_for


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
    #: Public address that was asked for, without the query.
    url: str = ""
    #: What the site's own prefix before the app captured.
    path_params: tuple[tuple[str, Any], ...] = ()
    #: The visitor's language, as Django names it; "" where the site asks for none.
    language: str = ""


class Url(str):
    """An address as text, whose parts have names."""

    @property
    def scheme(self) -> str:
        """Such as "https"."""
        return urlsplit(self).scheme

    @property
    def netloc(self) -> str:
        """Host and port."""
        return urlsplit(self).netloc

    @property
    def hostname(self) -> str | None:
        """The host."""
        return urlsplit(self).hostname

    @property
    def port(self) -> int | None:
        """The port, when it is written."""
        return urlsplit(self).port

    @property
    def path(self) -> str:
        """The path."""
        return urlsplit(self).path

    @property
    def query(self) -> str:
        """What follows the question mark."""
        return urlsplit(self).query

    @property
    def fragment(self) -> str:
        """What follows the hash."""
        return urlsplit(self).fragment

    @property
    def is_secure(self) -> bool:
        """Whether it is encrypted."""
        return self.scheme == "https"


class Headers(Mapping[str, str]):
    """Headers by name, without regard to case; the last of several with one name wins."""

    def __init__(self, pairs: tuple[tuple[str, str], ...]) -> None:
        self._values = {name.lower(): value for name, value in pairs}
        cookies = [value.strip("; ") for name, value in pairs if name.lower() == "cookie"]
        if len(cookies) > 1:  # HTTP/2 may send each in a header of its own
            self._values["cookie"] = "; ".join(cookies)

    def __getitem__(self, name: str) -> str:
        return self._values[name.lower()]

    def __iter__(self) -> Any:
        return iter(self._values)

    def __len__(self) -> int:
        return len(self._values)

    def __repr__(self) -> str:
        return repr(self._values)


def _as_written(header: str) -> str:
    """A header in the characters that its sender meant: ASGI hands on bytes, which browsers write as UTF-8."""
    if header.isascii():
        return header
    try:
        return header.encode("latin-1").decode()
    except UnicodeError:
        return header


@asked_for
class Request:
    """The visitor's request, for a function that asks for it by annotation (`request: gr.Request`).

    It is the request that started the event. Of a call from Python there is none.
    """

    _is_injected = True
    _is_personal = True

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
        """The request's cookies, read as browsers write them: one that is odd takes no other away."""
        from django.http.cookie import parse_cookie  # which loads Django's requests; declaring a page does not

        return parse_cookie(_as_written(self.headers.get("cookie", "")))

    @property
    def client(self) -> Address | None:
        """Host and port of the visitor."""
        return Address(*self.info.client) if self.info.client else None

    @property
    def method(self) -> str:
        """HTTP method of the request."""
        return self.info.method

    @property
    def path_params(self) -> dict[str, Any]:
        """What the site's urlconf captured before the app: `path("<slug:team>/room/", demo.urls)` gives `team`."""
        return dict(self.info.path_params)

    @property
    def url(self) -> Url:
        """The public address that was asked for, as text; it has `scheme`, `hostname`, `port`, `path`, `query`."""
        query = f"?{self.info.query_string}" if self.info.query_string else ""
        return Url(f"{self.info.url or self.info.root}{query}")

    @property
    def base_url(self) -> Url:
        """The public address of the app, with a slash at the end."""
        return Url(f"{self.info.root}/")

    @property
    def language(self) -> str:
        """The visitor's language as LocaleMiddleware finds it, in which functions run; "" on a site without that."""
        return self.info.language

    @property
    def request(self) -> Request:
        """Gradio's name of the framework's request."""
        return self


#: The request of the event whose function runs; clients of other apps look here for the visitor.
current: ContextVar[Request | None] = ContextVar("blocks_request", default=None)
