"""What went wrong in the user's code, told once, in the thread where it did: the server's loop sees plain data only.

An exception is the user's code too: its `__str__` may raise, return no text or take a minute, and so may whatever a
traceback asks of it. `failure_of` asks each of them once and keeps going whatever they do.
"""

from __future__ import annotations

from collections.abc import Callable
from types import TracebackType
from typing import Any

from blocks_app.diagnostics.tracebacks import folded
from blocks_app.exceptions import CallError, Error
from blocks_app.jsonable import clean
from blocks_app.protocol import ErrorOutput

LONGEST = 20_000  # characters of an exception's text
LONGEST_TRACE = 40_000  # characters of a traceback; more than its two ends says little

_name_of = type.__dict__["__name__"].__get__
_traceback_of = BaseException.__dict__["__traceback__"].__get__


class Failure(Exception):
    """An exception of the user's code as plain data.

    Attributes:
        error: the exception itself; not to be asked for anything on a loop.
        kind: the name of its class.
        text: what it says; empty when it says nothing.
        description: its `repr`.
        trace: its traceback, as Python prints it, beginning with the user's own lines; see `folded`.
        shown: what a gr.Error wants the visitor to see; None for any other exception.
        quiet: whether its traceback is none of the log's business.
    """

    def __init__(self, error: BaseException) -> None:
        """Ask `error` everything that will be told of it. To be called where user code may run."""
        super().__init__()
        self.error = error
        self.kind = clean(_name_of(type(error)))
        self.text = safe_text(lambda: str(error), f"{self.kind} (its text cannot be read)")[:LONGEST]
        self.description = safe_text(lambda: repr(error), self.line)[:LONGEST]
        self.quiet = safe_answer(lambda: not getattr(error, "print_exception", True), False)
        self.trace = _ends_of(safe_text(lambda: folded(error), f"{self.line}\n"))
        self.shown = safe_answer(lambda: _shown(error, self.text), None)
        if self.shown is None and issubclass(type(error), Error):
            self.shown = ErrorOutput(error=self.text)

    @property
    def line(self) -> str:
        """The kind and the text in one line, as a traceback ends."""
        return f"{self.kind}: {self.text}" if self.text else self.kind

    @property
    def traceback(self) -> TracebackType | None:
        """Where it was raised, without asking its class."""
        found: TracebackType | None = _traceback_of(self.error)
        return found

    def detached(self, trace: bool = True) -> Failure:
        """The same without the exception, which holds on to all that its function had; with its traceback as text."""
        copy = Failure.__new__(Failure)
        copy.__dict__.update(self.__dict__, error=RuntimeError(self.line), trace=self.trace if trace else "")
        return copy

    def __repr__(self) -> str:
        return self.description

    def __str__(self) -> str:
        return self.text


def failure_of(error: BaseException) -> Failure:
    """An exception as plain data: StopIteration passes through no coroutine, and SystemExit must end nobody else."""
    if type(error) is Failure:
        return error
    if issubclass(type(error), Exception) and not issubclass(type(error), (StopIteration, StopAsyncIteration)):
        return Failure(error)
    description = safe_text(lambda: repr(error), clean(_name_of(type(error))))
    carried = RuntimeError(f"The function ended with {description[:LONGEST]}.")
    carried.__cause__ = error
    return Failure(carried)


def unfit(sentence: str, error: Exception) -> CallError:
    """That a value does not fit, and what Python says of it. To be called where user code may run."""
    kind = clean(_name_of(type(error)))
    text = safe_text(lambda: str(error), "its text cannot be read")[:LONGEST]
    return CallError(f"{sentence}: {kind}: {text}" if text else f"{sentence}: {kind}")


def safe_text(describe: Callable[[], str], otherwise: str) -> str:
    """What `describe` says, as a clean text; `otherwise` when it raises anything at all, or says no text."""
    try:
        return clean(describe())
    except BaseException:
        return otherwise


def safe_answer(question: Callable[[], Any], otherwise: Any) -> Any:
    """The answer to a question to the user's object; `otherwise` when that raises anything at all."""
    try:
        return question()
    except BaseException:
        return otherwise


def number(given: Any) -> float | None:
    """A plain finite number, whatever kind of number was given; None for None and for what is none."""
    if type(given) is int and abs(given) < 2**53:
        return given
    found: float | None = safe_answer(lambda: float(given), None)
    if found is None or found != found or abs(found) == float("inf"):
        return None
    return int(found) if found.is_integer() and type(given) is not float else found


def seconds(given: Any) -> float | None:
    """How long a toast stays, whatever was given: None until it is closed."""
    found = number(given)
    return 10 if found is None and given is not None else found


def _ends_of(trace: str) -> str:
    if len(trace) <= LONGEST_TRACE:
        return trace
    half = LONGEST_TRACE // 2
    return f"{trace[:half]}\n...\n{trace[-half:]}"


def _shown(error: BaseException, text: str) -> ErrorOutput | None:
    if not issubclass(type(error), Error):
        return None
    given: Any = error
    return ErrorOutput(
        error=text,
        duration=seconds(safe_answer(lambda: given.duration, 10)),
        visible=bool(safe_answer(lambda: bool(given.visible), True)),
        title=safe_text(lambda: str(given.title), "Error"),
    )
