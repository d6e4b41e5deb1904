"""Requests and answers as data, and which of them may carry credentials. No network here."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Generator, Mapping
from typing import Any, NamedTuple, TypeVar, Union
from urllib.parse import urljoin, urlsplit

from blocks_client._core.files import Form
from blocks_client._exceptions import (
    AnswerError,
    ArgumentError,
    AuthenticationError,
    ClientError,
    FileTooLargeError,
    QueueError,
    RefusedError,
    TooManyRequestsError,
    TransportError,
    UnavailableError,
    ValidationError,
)

T = TypeVar("T")


class Request(NamedTuple):
    """One request. `trusted` ones go to the app's own host and carry login and token; `stays`: it goes nowhere else."""

    method: str
    url: str
    headers: dict[str, str]
    content: bytes | Form | None = None
    trusted: bool = True
    stays: bool = False


class Response(NamedTuple):
    """What came back; header names are in lower case. `path` is of a file that was saved instead of the body."""

    status: int
    headers: Mapping[str, str]
    body: bytes
    url: str
    cookies: dict[str, str]
    path: str = ""

    @property
    def retry_after(self) -> float | None:
        """Seconds after which the server wants to be asked again."""
        text = self.headers.get("retry-after", "")
        if text.isdigit():
            return float(text)
        if not text:
            return None
        from email.utils import parsedate_to_datetime  # here, so that importing the package is quick

        try:
            return max(0.0, parsedate_to_datetime(text).timestamp() - time.time())
        except (TypeError, ValueError, IndexError):
            return None

    def json(self) -> Any:
        """The body. AnswerError when it is not JSON."""
        try:
            return json.loads(self.body)
        except ValueError:
            start = self.body[:80].decode("utf-8", "replace")
            raise AnswerError(
                f"{self.url} answered {self.status} with something that is not JSON: {start!r}. Is this the address "
                "of an app, and is there a proxy or login page before it?"
            ) from None

    @property
    def detail(self) -> Any:
        """What the server says about an error."""
        try:
            answer = json.loads(self.body)
        except ValueError:
            return self.body[:200].decode("utf-8", "replace").strip() if self.body else ""
        if isinstance(answer, dict):
            answer = answer.get("detail", answer.get("error", answer))
        return answer.get("error", answer) if isinstance(answer, dict) else answer


# What a flow asks its driver to do; see `_core`. A request that fails raises TransportError into the flow.


class Send(NamedTuple):
    """Make a request; the Response is sent back."""

    request: Request


class Open(NamedTuple):
    """Make a request whose answer is read piece by piece; its head is sent back, a Response without a body.

    A flow has one such answer at a time: the next one and the end of the flow close it. One that is `endless` may be
    silent for longer.
    """

    request: Request
    endless: bool = False


class Read(NamedTuple):
    """The next piece of what is open; None at its end."""


class Drain(NamedTuple):
    """Wait for the end of what is open, so that its connection can be used again; not if somebody waits for
    messages."""


class Close(NamedTuple):
    """Close what is open, if anything is."""


class Sleep(NamedTuple):
    """Wait some seconds."""

    seconds: float


class Wait(NamedTuple):
    """Wait for messages of `call`, at most `seconds`; the messages are sent back: none when none came."""

    call: Any
    seconds: float | None


class Work(NamedTuple):
    """Call `function`, which may wait for a disk."""

    function: Callable[..., Any]
    arguments: tuple[Any, ...] = ()


Command = Union[Send, Open, Read, Drain, Close, Sleep, Wait, Work]
Flow = Generator[Command, Any, T]


#: Kept connections that one request may meet closed, before what it meets is what is told.
KEPT = 100


def sent(command: Union[Send, Open]) -> Flow[Response]:
    """A request; again as long as it meets kept connections that the server has closed, of which there may be many."""
    for _ in range(KEPT):
        try:
            answer: Response = yield command
        except TransportError as error:
            if not error.stale:
                raise
        else:
            return answer
    answer = yield command
    return answer


def rest() -> Flow[bytes]:
    """What is still to come of what is open; then it is closed."""
    pieces = []
    while True:
        piece = yield Read()
        if piece is None:
            break
        pieces.append(piece)
    yield Close()
    return b"".join(pieces)


def origin(url: str) -> tuple[str, str, int]:
    """Scheme, host and port."""
    parts = urlsplit(url)
    scheme = parts.scheme.lower()
    return scheme, (parts.hostname or "").lower(), parts.port or (443 if scheme == "https" else 80)


def is_same(url: str, own: str) -> bool:
    """Whether a URL is of our app's host: the same origin, or the same host with TLS on the usual ports."""
    (scheme, host, port), mine = origin(url), origin(own)
    return (scheme, host, port) == mine or (mine == ("http", host, 80) and (scheme, port) == ("https", 443))


def redirected(request: Request, answer: Response) -> str:
    """Where an answer redirects to; empty when it does not."""
    target = answer.headers.get("location", "")
    if answer.status not in (301, 302, 303, 307, 308) or not target:
        return ""
    return urljoin(request.url, target)


def refusal(answer: Response, what: str) -> ClientError:
    """The exception for an answer that is an error."""
    status, detail = answer.status, answer.detail
    after = answer.retry_after
    text = f": {detail}" if detail and isinstance(detail, str) else ""
    if status == 422 and isinstance(detail, list):
        lines = [f"- {each.get('parameter_name')}: {each.get('message')}" for each in detail if _is_validation(each)]
        if lines:
            return ValidationError("\n".join([f"{len(lines)} parameter(s) failed validation:", *lines]))
        return ArgumentError(f"The server did not understand the request ({what}): {detail}")
    if status in (401, 403):
        return AuthenticationError(
            f"{what} was refused with {status}{text}. The login is missing, wrong or has expired: make a new client "
            "with `auth=(name, password)`, on the command line `--auth NAME:PASSWORD`, or a token."
        )
    if status == 503 and isinstance(detail, str) and detail.lower().startswith(("queue is", "queue full")):
        return QueueError("Queue is full! Please try again.", status, after)
    if status == 429:
        again = f"Too many requests to the API, please try again later. ({what}){text}{_when(after)}"
        return TooManyRequestsError(again, status, after)
    if status in (502, 503, 504):
        return UnavailableError(
            f"The server cannot answer now ({what} gave {status}){text}.{_when(after)}", status, after
        )
    if status == 413:
        return FileTooLargeError(f"The file is too large for the server{text}", status)
    if status == 404:
        return RefusedError(f"{what}: not found{text}. If the app has changed, make a new client.", status)
    return RefusedError(f"{what} gave {status}{text}", status, after)


def _is_validation(each: Any) -> bool:
    return isinstance(each, dict) and each.get("__type__") == "validate" and not each.get("is_valid")


def _when(after: float | None) -> str:
    return f" It says to try again in {after:g} s." if after is not None else " Try again later."
