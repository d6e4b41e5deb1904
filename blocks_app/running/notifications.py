"""What a running function tells the visitor besides its result: toasts and progress."""

from __future__ import annotations

from contextvars import ContextVar

from blocks_app.diagnostics.mistakes import warn
from blocks_app.protocol import ProgressUnit


class Report:
    """Takes the notices of one call. Called from the user's threads; the queue's own kind passes them on."""

    def failing(self) -> None:
        """The function has raised something, which is asked now what it says. That may take its time."""

    def progress(self, units: list[ProgressUnit]) -> None:
        """How far the function is; a later notice replaces an earlier one."""

    def log(self, level: str, text: str, duration: float | None, visible: bool, title: str) -> None:
        """Show a toast."""
        if level == "warning":
            warn(text)
        else:
            print(text)  # noqa: T201 - without a page the console is where the user looks


current: ContextVar[Report | None] = ContextVar("blocks_report", default=None)
_OUTSIDE = Report()


def Info(message: str = "Info issued.", duration: float | None = 10, visible: bool = True, title: str = "Info") -> None:
    """Show an information toast; the function goes on. Outside a queued event it is printed.

    Args:
        message: plain text.
        duration: seconds that it stays; None or 0 until it is closed.
        visible: False shows nothing.
        title: heading of the toast.
    """
    (current.get() or _OUTSIDE).log("info", str(message), duration, visible, title)


def Warning(
    message: str = "Warning issued.", duration: float | None = 10, visible: bool = True, title: str = "Warning"
) -> None:
    """Show a warning toast; the function goes on. Outside a queued event it is a Python warning.

    Args:
        message: plain text.
        duration: seconds that it stays; None or 0 until it is closed.
        visible: False shows nothing.
        title: heading of the toast.
    """
    (current.get() or _OUTSIDE).log("warning", str(message), duration, visible, title)


def Success(
    message: str = "Success.", duration: float | None = 10, visible: bool = True, title: str = "Success"
) -> None:
    """Show a success toast; the function goes on.

    Args:
        message: plain text.
        duration: seconds that it stays; None or 0 until it is closed.
        visible: False shows nothing.
        title: heading of the toast.
    """
    (current.get() or _OUTSIDE).log("success", str(message), duration, visible, title)
