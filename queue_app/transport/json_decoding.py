"""JSON from visitors, read as the type that is expected; what cannot be read is refused in words."""

from __future__ import annotations

import asyncio
import re
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, TypeVar

import msgspec

from blocks_app import jsonable, parsing
from blocks_app.threads.pool import Pool
from queue_app.exceptions import TooMuch, Unreadable

T = TypeVar("T")

#: Bytes of a text that is read in a thread, where it holds nobody.
LARGE = 64 * 1024

#: Half of a pair that stands for one character.
_HALVES = r"\\u[dD][89abAB][0-9a-fA-F]{2}(?!\\u[dD][c-fC-F])|(?<!\\u[dD][89abAB][0-9a-fA-F]{2})\\u[dD][c-fC-F]"
_PAIR = len(r"\ud83d\ude00")
_LONE, _LONE_BYTES = re.compile(_HALVES + "|[\ud800-\udfff]"), re.compile(_HALVES.encode())

#: One reader for all large texts of the process, so that few of them are in memory as values at once.
_reader: list[Pool] = []
_starting = threading.Lock()


async def decoded(decoder: msgspec.json.Decoder[T], raw: bytes | str, what: str) -> T:
    """The value of a `what` ("request", "message").

    Raises:
        Unreadable: it cannot be read; the text says why.
        TooMuch: it holds too many values.
    """
    limits = parsing.limits()
    return await quietly(raw, what, lambda text: parsing.load(text, decoder, limits))


async def quietly(raw: bytes | str, what: str, read: Callable[[Any], T]) -> T:
    """What `read` makes of the text of a `what`; in the thread for large ones. Raises what `decoded` raises."""
    if len(raw) < LARGE:
        return _read(raw, what, read)
    return await asyncio.get_running_loop().run_in_executor(_executor(), _read, raw, what, read)


def _read(raw: bytes | str, what: str, read: Callable[[Any], T]) -> T:
    with unreadable(what, raw):
        return read(raw)


def _executor() -> Pool:
    with _starting:
        if not _reader:
            _reader.append(Pool(1, "blocks-json"))
    return _reader[0]


@contextmanager
def unreadable(what: str, raw: bytes | str) -> Iterator[None]:
    """Turns whatever is raised while a `what` is read from `raw` into Unreadable."""
    try:
        yield
    except msgspec.ValidationError as error:
        raise Unreadable(f"The {what} does not fit: {jsonable.unread(error)}.") from error
    except parsing.TooManyValues as error:
        raise TooMuch(f"The {what} cannot be taken: {error} (BLOCKS_MAX_JSON_VALUES).") from error
    except (parsing.TooDeep, RecursionError) as error:
        most = parsing.limits().depth
        raise Unreadable(f"The {what} is nested too deeply: {most} levels are allowed.") from error
    except (msgspec.DecodeError, UnicodeError) as error:
        raise Unreadable(f"The {what} is not JSON: {str(error).rstrip('.')}.{_half(raw)}") from error


def _half(raw: bytes | str) -> str:
    """What is most likely wrong where a text has been cut. A search holds everybody, so each looks at a part of it."""
    lone: re.Pattern[Any] = _LONE if isinstance(raw, str) else _LONE_BYTES
    for begin in range(0, len(raw), LARGE):
        end = begin + LARGE
        if isinstance(raw, bytes) and raw.find(b"\\u", begin, end + 1) < 0:
            continue
        found = lone.search(raw, begin, end + _PAIR)
        if found is not None and found.start() < end:
            return " A text in it has half of a character, such as an emoji that was cut in two."
    return ""
