"""One call of an endpoint as its messages tell it. No network here."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable
from typing import Any

from blocks_client._core.api import Endpoint
from blocks_client._core.event_stream import Differences, Item
from blocks_client._core.session import Session
from blocks_client._core.status import Status, StatusUpdate
from blocks_client._exceptions import AppError, ClientError, StreamLost

_SILENT = (
    "The upstream Gradio app has raised an exception but has not enabled verbose error reporting. To enable, set "
    "show_error=True in launch()."
)


class Call:
    """What was asked, what came back so far.

    Attributes:
        outputs: the values so far, files already on disk.
        status: the newest that is known.
        result: the final value, once `is_over`.
        unwanted: whether it was cancelled.
        final: the final values as they came; `needs_final` says that they are not among the outputs yet.
        extra: what the server is told of the event besides.
        updated: called whenever outputs or status have grown; set by the driver.
        wake: called when a message has come; set by the driver.
    """

    def __init__(
        self, endpoint: Endpoint, data: list[Any], session: Session, headers: dict[str, str] | None = None
    ) -> None:
        self.endpoint = endpoint
        self.data = data
        self.session = session
        self.headers = headers or {}
        self.extra: dict[str, Any] = {}
        self.event_id: str | None = None
        self.unwanted = False
        self.outputs: list[Any] = []
        self.status = StatusUpdate.starting()
        self.result: Any = None
        self.final: list[Any] | None = None
        self.is_over = False
        self.needs_final = False
        self.sibling_cancelled: float | None = None
        self.inbox: deque[Item | Exception] = deque()
        self.wake: Callable[[], None] = _nothing
        self.updated: Callable[[], None] = _nothing
        self._differences = Differences(session.app.diffs)
        self._last: list[Any] | None = None
        self._has_update = False
        self._began: float | None = None  # when the first message was waited for

    # Filled by the session, emptied by the driver

    def deliver(self, item: Item | Exception) -> None:
        """Take a message."""
        self.inbox.append(item)
        self.wake()

    def take(self) -> list[Item | Exception]:
        """All messages that have come."""
        taken = []
        while self.inbox:
            taken.append(self.inbox.popleft())
        return taken

    # Used by the flow

    def patience(self, first: float) -> float | None:
        """Seconds to wait for the next message; None for as long as the stream lives. `first`: for the first one."""
        until = self.sibling_cancelled
        if until is None and not self._has_update:
            if self._began is None:
                self._began = time.monotonic()
            until = self._began + first
        return None if until is None else max(0.0, until - time.monotonic())

    def lost(self, seconds: float) -> ClientError:
        """Why no more is waited for."""
        if self.sibling_cancelled is not None:
            text = (
                "Another call of the same function was cancelled, and this server then stops all of a session that "
                f"run; {seconds:g} s brought no news of this one."
            )
        else:
            text = f"The server has accepted the call, but said nothing of it for {seconds:g} s."
        return StreamLost(text, self.outputs)

    def read(self, item: Item | Exception) -> list[Any] | None:
        """Take a message into account; gives values that have to be added. Raises what ended the call badly."""
        self._has_update, self.sibling_cancelled = True, None
        if isinstance(item, Exception):
            if isinstance(item, StreamLost):
                raise StreamLost(str(item), self.outputs)
            raise item
        message = item.message
        kind = message.get("msg")
        if kind == "process_completed":
            self._complete(message)
            return None
        try:
            self.status = StatusUpdate.of(message)
        except KeyError:
            return None  # a kind of message that this client does not know
        self.updated()
        if kind not in ("process_generating", "process_streaming"):
            return None
        output = message.get("output") or {}
        if message.get("success") is False:
            raise app_error(output, message, self.session.app.version)
        whole = kind == "process_streaming" or message.get("diff") is False
        self._last = self._differences.whole(output.get("data") or [], whole)
        return self._last

    def _complete(self, message: dict[str, Any]) -> None:
        output = message.get("output") or {}
        if message.get("success") is False or ("error" in output and "data" not in output):
            raise app_error(output, message, self.session.app.version)
        self.is_over = True
        if "data" not in output:
            if not self.outputs:
                raise StreamLost("The call was cancelled on the server.", self.outputs)
            self.result = self.outputs[-1]
            return
        self.final = output["data"]
        if self.outputs and self.final == self._last:
            self.result = self.outputs[-1]
        else:
            self.needs_final = True

    def add(self, data: list[Any], value: Any) -> None:
        """A value of a generator."""
        self.outputs.append(value)
        self.updated()

    def finish(self, value: Any) -> None:
        """The final value; an output too when there were no others."""
        self.result = value
        if not self.outputs:
            self.outputs.append(value)
        self.updated()

    def suspect(self, seconds: float) -> None:
        """A sibling was cancelled on a server that then stops this one too, without telling."""
        if self.status.code in (Status.PROCESSING, Status.PROGRESS, Status.ITERATING, Status.LOG):
            self.sibling_cancelled = time.monotonic() + seconds
            self.wake()


def app_error(output: dict[str, Any], message: dict[str, Any], version: str) -> AppError:
    """What the app's function raised."""
    text = output.get("error")
    if text is None:
        return AppError(_SILENT)
    text = str(text)
    if version.startswith("4.") and text[:1] in "'\"" and text[-1:] == text[:1]:
        import ast  # here, so that importing the package is quick

        try:
            text = str(ast.literal_eval(text))  # Gradio 4 sends the repr of its errors
        except (ValueError, SyntaxError):
            pass
    return AppError(
        text,
        output.get("duration", 10),
        output.get("visible", True),
        output.get("title") or message.get("title") or "Error",
        output.get("print_exception", True),
    )


def _nothing() -> None:
    """Nobody listens."""
