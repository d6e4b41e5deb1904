"""The log as a person reads it: each record is a sentence, and names what happened in its field `action`.

A call such as `log.warning("cache.not_kept", extra={…})` names what happened; `logger` gives loggers that make the
sentence of it, from the table of the app and the fields beside it. Writing may go wrong nowhere: a handler of the site
that raises loses its record, and no more.
"""

from __future__ import annotations

import contextlib
import logging
import sys
from collections.abc import Callable, Mapping
from typing import Any, TextIO

from blocks_app.diagnostics.log_sentences import SENTENCES

#: The apps whose records are written to the terminal, with their time, where the site has no handler for them.
_APPS = ("auth_app", "blocks_app", "queue_app")
_LONGEST = 500  # characters of a field in a sentence


class Sentences(logging.Filter):
    """Makes the sentence of a record that names what happened."""

    def __init__(self, sentences: Mapping[str, str]) -> None:
        super().__init__()
        self.sentences = sentences

    def filter(self, record: logging.LogRecord) -> bool:
        """Change the record; every one passes."""
        action = record.msg
        if isinstance(action, str) and not record.args and (sentence := self.sentences.get(action)) is not None:
            vars(record).setdefault("action", action)
            record.msg = sentence.format_map(_Fields(vars(record)))
        return True


class _Fields(dict[str, Any]):
    """The fields of a record as a sentence shows them: one line each, and not too long."""

    def __getitem__(self, name: str) -> str:
        text = str(self.get(name, "?"))
        return " ".join(text[:_LONGEST].split()) + ("…" if len(text) > _LONGEST else "")


def logger(name: str, sentences: Mapping[str, str] = SENTENCES) -> logging.Logger:
    """The logger of a name, whose records become sentences of this table.

    Args:
        name: such as "blocks_app.caching".
        sentences: what is said of an action, with the fields of its record in braces.
    """
    found = logging.getLogger(name)
    if not any(isinstance(each, Sentences) for each in found.filters):
        found.addFilter(Sentences(sentences))
    return found


class Terminal(logging.StreamHandler[TextIO]):
    """Writes warnings and errors to the terminal, with their time, where no other handler takes them.

    Python does the same for whoever configures no logging, without a time.
    """

    def __init__(self) -> None:
        logging.Handler.__init__(self, logging.WARNING)
        self.setFormatter(logging.Formatter("%(asctime)s %(message)s", "%Y-%m-%d %H:%M:%S"))

    @property
    def stream(self) -> TextIO:  # type: ignore[override]
        """Standard error as it is at the moment."""
        return sys.stderr

    def filter(self, record: logging.LogRecord) -> Any:
        """Not what another handler of the site writes."""
        found: logging.Logger | None = logging.getLogger(record.name)
        while found is not None:
            if any(not isinstance(each, (Terminal, logging.NullHandler)) for each in found.handlers):
                return False
            found = found.parent if found.propagate else None
        return super().filter(record)


def to_terminal() -> None:
    """Have what nobody else writes written to the terminal; called when the apps are ready."""
    for name in _APPS:
        log = logging.getLogger(name)
        if not any(isinstance(each, Terminal) for each in log.handlers):
            log.addHandler(Terminal())


def quietly(write: Callable[..., None], *args: Any, **more: Any) -> None:
    """Write to the log; what a handler raises is told on stderr, as logging does with its own handlers."""
    try:
        write(*args, **more)
    except KeyboardInterrupt:
        raise
    except BaseException as error:
        if logging.raiseExceptions and sys.stderr is not None:
            with contextlib.suppress(Exception):
                sys.stderr.write(f"A log handler or filter has raised {type(error).__name__}; a record is lost.\n")
