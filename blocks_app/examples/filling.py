"""Making the answers to examples beforehand, and reading one from Python: what the page does, without its queue."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from blocks_app.diagnostics.mistakes import warn
from blocks_app.examples import records
from blocks_app.exceptions import DeclarationError
from blocks_app.files import file_data
from blocks_app.files.file_data import FileContext
from blocks_app.running.call import Call, Step, files_for
from blocks_app.running.failures import failure_of
from blocks_app.running.local_call import run_to_end

if TYPE_CHECKING:
    from blocks_app.examples.examples import Examples

#: A generator that goes on for longer, or yields more, is left out when answers are made beforehand.
MOST_SECONDS, MOST_YIELDS = 600.0, 10_000
#: The functions whose answers this process has forgotten because GRADIO_RESET_EXAMPLES_CACHE is set.
_reset: set[str] = set()


class EndlessError(Exception):
    """The function goes on and on."""


def fill(examples: Examples, say: Callable[[str], Any]) -> int:
    """See Examples.fill."""
    made, count = 0, len(examples.examples)
    if os.environ.get("GRADIO_RESET_EXAMPLES_CACHE") == "True" and examples.cached_folder.name not in _reset:
        _reset.add(examples.cached_folder.name)
        records.records().forget(examples.cached_folder.name)
    for number in range(count):
        try:
            with file_data.use(_files(examples)):
                if examples.kept_answer(number) is not None:
                    continue
            say(f"Caching example {number + 1}/{count}")
            _run(examples, number)
            made += 1
        except Exception as error:
            warn(
                f"Example {number + 1} of {count} cannot be cached: {failure_of(error).line} The app goes on without; "
                "whoever clicks it runs the function.",
            )
    return made


def missing(examples: Examples) -> int:
    """See Examples.missing."""
    with file_data.use(_files(examples)):
        return sum(examples.kept_answer(number) is None for number in range(len(examples.examples)))


def answer_of(examples: Examples, number: int) -> list[Any]:
    """See Examples.load_from_cache."""
    if not 0 <= number < len(examples.examples):
        raise IndexError(f"There is no example {number}; there are {len(examples.examples)}.")
    with file_data.use(_files(examples)):
        found = examples.kept_answer(number)
    return _run(examples, number).data if found is None else found


def key_of(examples: Examples, number: int) -> str:
    """Under which the answer to an example is kept."""
    with file_data.use(_files(examples)):
        return examples.answer_key(number)


def _run(examples: Examples, number: int) -> Step:
    listener = examples.cache_event
    if listener is None:
        raise DeclarationError(
            "Examples have answers when they are part of a Blocks and were made with cache_examples."
        )
    began, count = time.monotonic(), 0

    def look(step: Step) -> None:
        nonlocal count
        count += 1
        if count > MOST_YIELDS or (not step.final and time.monotonic() - began > MOST_SECONDS):
            raise EndlessError(f"after {count} values it has not come to an end.")

    page = examples.page
    return run_to_end(page, Call(listener.dependency, [number], files=_files(examples)), look)


def _files(examples: Examples) -> FileContext:
    """For whom files are: whoever asks in an event, else everybody."""
    current = file_data.current.get()
    if current is not None:
        return current
    mount = getattr(examples.page, "mount", None)
    return FileContext() if mount is None else files_for(mount, owner="", root="", address="", session="")
