"""Writing to the log where nothing may go wrong: a handler of the site that raises loses its record, and no more."""

from __future__ import annotations

import contextlib
import logging
import sys
from collections.abc import Callable
from typing import Any


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
