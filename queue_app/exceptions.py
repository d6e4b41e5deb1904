"""What can go wrong in queue_app.

QueueError
├── QueueFull          too many events wait (503)
├── QueueStopped       the engine is shutting down (503)
│   └── QueueDraining  an operator lets what waits finish, and nothing new in (503)
├── EventCancelled     somebody has stopped the event (409)
├── UnknownFunction    the app has no such function, or does not offer it (404)
│   └── AppChanged     what it was made for is another version of the app (404)
├── NotYours           the session or the event belongs to somebody else (404: its existence is not told)
├── NothingToWatch     no such event runs, or it belongs to somebody else (404, as above)
├── BadSession         what the client names as its session cannot be one (400)
├── Unreadable         what the client sent is no JSON, does not fit, or is nested too deeply (400)
├── TooMuch            what the client sent holds more values than the site takes (413)
├── TooMany            more events or connections than one visitor may have (429)
├── InputsLost         what was kept of the inputs cannot be read (503)
├── InvalidInputs      a validator found fault with the inputs (422)
├── CannotDo           what an operator asks for cannot be done
│   └── NotHere        this process has no such thing; another one may
├── Refusal            a request is refused, with the status that it names
├── Disconnected       the client has left before its request was complete
├── ValidatorFailed    a validator raised something itself (500)
└── LaunchError        an argument of launch() makes no sense (also a ValueError)
    ├── UnknownLaunchOption   launch() has no such argument (also a TypeError)
    ├── ShareError            the app could not be shared; it goes on without
    └── NotATracker           integrate() got something else (also a TypeError)
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from blocks_app.outages import RETRY_AFTER, classify_outage


class QueueError(Exception):
    """The queue could not do what was asked."""

    #: The HTTP status with which an endpoint answers.
    status = 500

    def __init__(self, message: str | None = None) -> None:
        super().__init__(message if message is not None else (self.__doc__ or "").strip())

    @property
    def detail(self) -> Any:
        """What an endpoint answers as JSON: the text, unless programs need more than that."""
        return str(self)


class QueueFull(QueueError):
    """Queue is full."""

    status = 503

    def __init__(self, max_size: int, size: int) -> None:
        """Refuse one event more than `max_size` while `size` are waiting; clients look for this very text."""
        super().__init__(f"Queue is full. Max size is {max_size} and size is {size}.")


class QueueStopped(QueueError):
    """The server is shutting down. Try again in a moment."""

    status = 503


class QueueDraining(QueueStopped):
    """This function takes no new events at the moment. Try again later."""


class InputsLost(QueueError):
    """The server could not read the inputs of this event. Try again."""

    status = 503


class EventCancelled(QueueError):
    """The event was cancelled."""

    status = 409


class UnknownFunction(QueueError):
    """There is no such function."""

    status = 404


class AppChanged(UnknownFunction):
    """The app has changed since this page was loaded. Please reload the page."""


class NotYours(QueueError):
    """Session not found."""

    status = 404


class NothingToWatch(QueueError):
    """There is nothing to watch here: the run has ended, or it is not yours"""

    status = 404


class TooMany(QueueError):
    """Too many requests. Try again later."""

    status = 429

    def __init__(self, message: str, wait: int | None = None) -> None:
        """Refuse; `wait` is after how many seconds it may go better."""
        super().__init__(message)
        self.headers = [(b"retry-after", b"%d" % wait)] if wait is not None else []


class CannotDo(QueueError):
    """This cannot be done here and now."""


class NotHere(CannotDo):
    """This process does not have what it is about; another one may."""


class LaunchError(QueueError, ValueError):
    """The app cannot be launched like this."""


class CannotServe(LaunchError):
    """There is nothing to serve."""


class UnknownLaunchOption(LaunchError, TypeError):
    """launch() has no such argument."""


class ShareError(LaunchError):
    """The app could not be shared."""


class NotATracker(LaunchError, TypeError):
    """This is no experiment tracker."""


class BadSession(QueueError):
    """This is no session hash."""

    status = 400


class Unreadable(QueueError):
    """What was sent cannot be read."""

    status = 400


class TooMuch(QueueError):
    """What was sent holds more values than this site takes."""

    status = 413


class InvalidInputs(QueueError):
    """Some inputs may not pass."""

    status = 422

    def __init__(self, message: str, problems: list[dict[str, Any]]) -> None:
        """Refuse an event; `problems` has what the validator says of each input, in order."""
        super().__init__(message)
        self.problems = problems

    @property
    def detail(self) -> Any:
        """The problems, as Gradio's clients read them."""
        return self.problems


class ValidatorFailed(QueueError):
    """The validator of this function failed."""


class Refusal(QueueError):
    """The request was refused."""

    def __init__(self, status: int, detail: str, headers: Sequence[tuple[bytes, bytes]] = ()) -> None:
        """Refuse with an HTTP `status`; `detail` is a sentence for the caller."""
        super().__init__(detail)
        self.status = status
        self.headers = headers


class Disconnected(QueueError):
    """The client went away before its request was complete."""


_FAILED = "Internal server error. The server's log tells more."


def refusal_of(error: Exception) -> tuple[Any, ...]:
    """Status, sentence and headers for an error that is nobody's refusal: what is away, or a mistake of ours."""
    outage = classify_outage(error)
    if outage is None:
        return 500, _FAILED
    return *outage, (b"retry-after", b"%d" % RETRY_AFTER)
