"""What one function or one `gr.Cache` keeps: entries in Django's cache, and what can only be kept in this process.

An entry is JSON, as State in a cache is: whoever can write to the cache can run nothing here. What JSON cannot say
stays in this process, as a copy. An index beside the entries says which there are, least recently used first;
processes that share a cache share it, and the last to write it is right.
"""

from __future__ import annotations

import copy
import json
import re
import threading
from typing import Any, NamedTuple

from blocks_app.caching import backing
from blocks_app.caching.sizes import size_of
from blocks_app.exceptions import DeclarationError
from blocks_app.logs import logger, quietly
from blocks_app.running.failures import failure_of
from blocks_app.running.request import current as current_request
from blocks_app.serialising import codec

log = logger("blocks_app.caching")

#: Seconds after which an entry is forgotten that nobody has used.
LASTING, OF_SESSION = 7 * 24 * 3600, 3600
_UNITS = {"": 1, "b": 1, "kb": 1024, "mb": 1024**2, "gb": 1024**3, "tb": 1024**4}


class _Known(NamedTuple):
    """What the index says of an entry."""

    size: int
    session: str


class Store:
    """Entries by the text that names their key."""

    def __init__(
        self,
        name: str,
        max_size: int = 128,
        max_memory: int | str | None = None,
        per_session: bool = False,
        whose: str = "gr.Cache",
    ):
        """An empty one, or what is kept under this name.

        Args:
            name: names it in every process.
            max_size: most entries, 0 for any number.
            max_memory: most bytes of all.
            per_session: whether each session has its own.
            whose: how the log calls it.
        """
        if isinstance(max_size, bool) or not isinstance(max_size, int) or max_size < 0:
            raise DeclarationError(f"max_size is a number of entries, 0 for any number; not {max_size!r}.")
        self.max_size = max_size
        self.max_memory = bytes_of(max_memory)
        self.per_session = per_session
        self._whose = whose
        self._name = f"blocks-cache-{name}"
        self._here: dict[str, Any] = {}
        self._logged = False
        self._lock = threading.Lock()

    def get(self, key: str) -> Any:
        """A fresh copy of the entry, or the very one where it cannot be copied; None when there is none."""
        name, session = self._named(key)
        found = self._read(name)
        if found is None:
            return None
        if name not in self._here:
            backing.touch(f"{self._name}-{name}", self._seconds)
        if self.max_size or self.max_memory is not None:
            self._note(name, session, None)
        return found[0]

    def put(self, key: str, entry: Any, raw: Any = None) -> None:
        """Keep an entry; `raw` is its key as `keys` gives it."""
        name, session = self._named(key)
        text = self._text(entry, raw)
        if text is None:
            self._here[name] = copied((entry, raw))
            size = size_of(entry)
        else:
            self._here.pop(name, None)
            backing.write(f"{self._name}-{name}", text, self._seconds)
            size = len(text)
        self._note(name, session, size)

    def has(self, key: str) -> bool:
        """Whether there is an entry; it is not used by that."""
        return self._read(self._named(key)[0]) is not None

    def keys(self) -> list[Any]:
        """The keys as they were given; of this session where each has its own."""
        session = self._session()
        found = [self._read(name) for name, each in self._index().items() if each.session == session]
        return [each[1] for each in found if each is not None]

    def clear(self) -> None:
        """Forget everything."""
        with self._lock:
            for name in self._index():
                backing.delete(f"{self._name}-{name}")
            self._here.clear()
            backing.delete(f"{self._name}-index")

    def __len__(self) -> int:
        return len(self._index())

    def _text(self, entry: Any, raw: Any) -> str | None:
        """An entry as it is kept for every process; None for one that only this process can have, which is told."""
        try:
            return codec.encode([entry, raw])
        except codec.Unstorable as error:
            why = str(error)
        except Exception as error:  # the values are the app's own, and so is what they raise when they are looked at
            why = failure_of(error).line
        if not self._logged and backing.is_shared():
            self._logged = True
            quietly(log.warning, "cache.in_this_process", extra={"cache": self._whose, "error": why})
        return None

    def _read(self, name: str) -> tuple[Any, Any] | None:
        """An entry, and its key as it was given."""
        found: tuple[Any, Any] | None = self._here.get(name)
        if found is not None:
            return copied(found)  # type: ignore[no-any-return]
        text = backing.read(f"{self._name}-{name}")
        if text is None:
            return None
        try:
            entry, raw = codec.decode(text)
        except Exception as error:  # written by another release of ours, or of what is in it
            quietly(log.warning, "cache.unreadable", extra={"cache": self._whose, "error": failure_of(error).line})
            return None
        return entry, raw

    @property
    def _seconds(self) -> int:
        return OF_SESSION if self.per_session else LASTING

    def _session(self) -> str:
        request = current_request.get() if self.per_session else None
        return str(getattr(request, "session_hash", None) or "")

    def _named(self, key: str) -> tuple[str, str]:
        session = self._session()
        return (f"{session}-{key}" if session else key), session

    def _index(self) -> dict[str, _Known]:
        text = backing.read(f"{self._name}-index")
        return {name: _Known(size, session) for name, size, session in json.loads(text)} if text is not None else {}

    def _note(self, name: str, session: str, size: int | None) -> None:
        """An entry is new (with its size) or used: it is the last to go."""
        with self._lock:
            index = self._index()
            if size is None and list(index)[-1:] == [name]:
                return
            known = index.pop(name, None)
            if size is not None:
                known = _Known(size, session)
            index[name] = known or _Known(0, session)
            for old in self._too_much(index):
                del index[old]
                self._here.pop(old, None)
                backing.delete(f"{self._name}-{old}")
            written = json.dumps([(each, *index[each]) for each in index])
            backing.write(f"{self._name}-index", written, LASTING)

    def _too_much(self, index: dict[str, _Known]) -> list[str]:
        gone: list[str] = []
        size, count = sum(each.size for each in index.values()), len(index)
        for name, each in index.items():
            over = bool(self.max_size) and count > self.max_size
            if not over and (self.max_memory is None or size <= self.max_memory or count <= 1):
                break
            gone.append(name)
            size, count = size - each.size, count - 1
        return gone


def bytes_of(given: int | str | None) -> int | None:
    """A number of bytes, as such or as in "512mb".

    Raises:
        DeclarationError: it is neither.
    """
    if given is None or (isinstance(given, int) and not isinstance(given, bool) and given >= 0):
        return given
    match = re.fullmatch(r"\s*(\d+(?:\.\d+)?)\s*([kmgt]?b?)\s*", given.lower()) if isinstance(given, str) else None
    if match is None:
        raise DeclarationError(f"max_memory is a number of bytes, or a text such as '512mb' or '2gb'; not {given!r}.")
    unit = match[2] if match[2] in _UNITS else f"{match[2]}b"
    return int(float(match[1]) * _UNITS[unit])


def copied(value: Any) -> Any:
    """A copy of a value; the value itself where it cannot be copied, such as a lock."""
    try:
        return copy.deepcopy(value)
    except Exception as error:  # whatever the object's own way to be copied raises
        quietly(log.debug, "cache.not_copied", extra={"error": failure_of(error).line})
        return value
