"""Everything that this package raises on purpose, as one tree.

    ClientError
    ├── ArgumentError                 a call that cannot be made: wrong endpoint, wrong argument (also ValueError)
    ├── ClosedError                   the client was closed (also RuntimeError)
    ├── LoginError                    the server refused the name and password (also ValueError)
    │   └── AuthenticationError       credentials are missing, wrong, or have expired
    ├── AppError                      the app's function raised (also ValueError)
    ├── ValidationError               the app's validators refused the arguments (also ValueError)
    ├── RefusedError                  the server did not take the request; `.status`, `.retry_after`
    │   ├── QueueError                its queue is full
    │   ├── TooManyRequestsError      429
    │   ├── UnavailableError          502, 503, 504
    │   └── FileTooLargeError         413, or known from the app's limit before sending (also ValueError)
    ├── AnswerError                   an answer that makes no sense: not JSON, not an app (also ValueError)
    ├── RedirectError                 a redirect that would carry data or credentials elsewhere
    ├── DownloadError                 a result file that did not arrive whole
    ├── StreamLost                    the stream ended before the result; `.outputs` has what arrived
    ├── SpaceError                    a Space that cannot be used (also ValueError)
    │   ├── SpaceNotFoundError, SpacePausedError, SpaceFailedError
    └── TransportError                no answer: also httpx.TransportError, see ConnectError, TimeoutError, …

A wrong argument of an endpoint (unknown, missing, given twice) is a plain TypeError, as for any Python function.
"""

from __future__ import annotations

from typing import Any


class ClientError(Exception):
    """Something went wrong between this client and an app."""

    def __str__(self) -> str:
        return super().__str__() or (self.__doc__ or "").strip()


class ArgumentError(ClientError, ValueError):
    """The call cannot be made as it was written."""


class ClosedError(ClientError, RuntimeError):
    """This client has been closed. Make a new one for further calls."""


class LoginError(ClientError, ValueError):
    """The server refused the login."""


class AuthenticationError(LoginError):
    """The credentials are missing, wrong, or have expired."""


class AppError(ClientError, ValueError):
    """The app's function raised an exception.

    Attributes:
        message: its text.
        duration: seconds for which a page shows it; None until it is closed.
        visible: whether a page shows it.
        title: its title on a page.
    """

    def __init__(
        self,
        message: str = "Error raised.",
        duration: float | None = 10,
        visible: bool = True,
        title: str = "Error",
        print_exception: bool = True,
    ) -> None:
        self.message = message
        self.duration = duration
        self.visible = visible
        self.title = title
        self.print_exception = print_exception
        super().__init__(message)


class SerializationSetupError(ClientError, ValueError):
    """A serializer cannot be set up. Of old versions of gradio_client; never raised here."""


class InvalidAPIEndpointError(ArgumentError):
    """There is no such endpoint. Of gradio_client; an ArgumentError says so here."""


class ValidationError(ClientError, ValueError):
    """The app's validators refused the arguments."""


class RefusedError(ClientError):
    """The server did not take the request.

    Attributes:
        status: the HTTP status.
        retry_after: seconds after which the server says that a new try makes sense, if it does.
    """

    def __init__(self, message: str = "", status: int = 0, retry_after: float | None = None) -> None:
        super().__init__(message)
        self.status = status
        self.retry_after = retry_after


class QueueError(RefusedError):
    """Queue is full! Please try again."""


class TooManyRequestsError(RefusedError):
    """The server says that too many requests were made. Wait before the next one."""


class UnavailableError(RefusedError):
    """The server cannot answer now."""


class FileTooLargeError(RefusedError, ValueError):
    """The file is larger than the app takes."""


class AnswerError(ClientError, ValueError):
    """The server's answer is none that an app gives."""


class RedirectError(ClientError):
    """The server redirects to another host, where neither data nor credentials are sent."""


class DownloadError(ClientError):
    """A file of the result did not arrive whole."""


class StreamLost(ClientError):
    """The stream of results ended before the result was there.

    Attributes:
        outputs: what arrived before.
    """

    def __init__(self, message: str = "", outputs: list[Any] | None = None) -> None:
        super().__init__(message)
        self.outputs = outputs if outputs is not None else []


class SpaceError(ClientError, ValueError):
    """The Space cannot be used."""


class SpaceNotFoundError(SpaceError):
    """There is no such Space, or it is private and the token does not open it."""


class SpacePausedError(SpaceError):
    """The Space is paused."""


class SpaceFailedError(SpaceError):
    """The Space failed to build or to start."""


class TransportError(ClientError):
    """The server could not be reached, or did not answer in time.

    Attributes:
        unsent: whether nobody was reached, so that the request can go out again.
        stale: whether it met a kept connection that the server had closed, so that it can go out again at once.
    """

    unsent = False
    stale = False
