"""What one function or one `gr.Cache` keeps: entries in Django's cache, and what can only be kept in this process.

An entry is a pickle, as Django's caches make of everything anyway. An index beside the entries says which there are,
least recently used first; processes that share a cache share it, and the last to write it is right.
"""

from __future__ import annotations

import os
import pickle
import re
import sys
import threading
from typing import Any, NamedTuple, Protocol

from blocks_app.exceptions import DeclarationError
from blocks_app.running.request import current as current_request

#: Seconds after which an entry is forgotten that nobody has used.
LASTING, OF_SESSION = 7 * 24 * 3600, 3600
_UNITS = {"": 1, "b": 1, "kb": 1024, "mb": 1024**2, "gb": 1024**3, "tb": 1024**4}


class Backing(Protocol):
    """As Django's caches."""

    def get(self, key: str) -> Any: ...
    def set(self, key: str, value: Any, timeout: float | None = None) -> None: ...
    def delete(self, key: str) -> Any: ...
    def touch(self, key: str, timeout: float | None = None) -> Any: ...


class _Dict:
    """For a program that has no Django settings."""

    def __init__(self) -> None:
        self._values: dict[str, Any] = {}

    def get(self, key: str) -> Any:
        return self._values.get(key)

    def set(self, key: str, value: Any, timeout: float | None = None) -> None:
        self._values[key] = value

    def delete(self, key: str) -> None:
        self._values.pop(key, None)

    def touch(self, key: str, timeout: float | None = None) -> None:
        """Nothing is ever forgotten here but by its store."""


_without_django = _Dict()


def _backing() -> Backing:
    from django.conf import ENVIRONMENT_VARIABLE, settings  # read when something is kept, never at import
    from django.core.cache import caches

    if not settings.configured and not os.environ.get(ENVIRONMENT_VARIABLE):
        return _without_django
    return caches[getattr(settings, "BLOCKS_CACHE", "default")]


class _Known(NamedTuple):
    """What the index says of an entry."""

    size: int
    session: str


class Store:
    """Entries by the text that names their key."""

    def __init__(self, name: str, max_size: int = 128, max_memory: int | str | None = None, per_session: bool = False):
        if isinstance(max_size, bool) or not isinstance(max_size, int) or max_size < 0:
            raise DeclarationError(f"max_size is a number of entries, 0 for any number; not {max_size!r}.")
        self.max_size = max_size
        self.max_memory = bytes_of(max_memory)
        self.per_session = per_session
        self._name = f"blocks-cache-{name}"
        self._here: dict[str, Any] = {}
        self._lock = threading.Lock()

    def get(self, key: str) -> Any:
        """A fresh copy of the entry, or the very one where it cannot be copied; None when there is none."""
        name, session = self._named(key)
        found = self._read(name)
        if found is None:
            return None
        if name not in self._here:
            _backing().touch(f"{self._name}-{name}", self._seconds)
        if self.max_size or self.max_memory is not None:
            self._note(name, session, None)
        return found[0]

    def put(self, key: str, entry: Any, raw: Any = None) -> None:
        """Keep an entry; `raw` is its key as `keys` gives it."""
        name, session = self._named(key)
        packed = _pickled((entry, raw))
        if packed is None:
            self._here[name] = entry, raw
            size = sys.getsizeof(entry)
        else:
            self._here.pop(name, None)
            _backing().set(f"{self._name}-{name}", packed, timeout=self._seconds)
            size = len(packed)
        self._note(name, session, size)

    def keys(self) -> list[Any]:
        """The keys as they were given; of this session where each has its own."""
        session = self._session()
        found = [self._read(name) for name, each in self._index().items() if each.session == session]
        return [each[1] for each in found if each is not None]

    def clear(self) -> None:
        """Forget everything."""
        with self._lock:
            for name in self._index():
                _backing().delete(f"{self._name}-{name}")
            self._here.clear()
            _backing().delete(f"{self._name}-index")

    def __len__(self) -> int:
        return len(self._index())

    def _read(self, name: str) -> tuple[Any, Any] | None:
        """An entry, and its key as it was given."""
        found: tuple[Any, Any] | None = self._here.get(name)
        if found is None:
            packed = _backing().get(f"{self._name}-{name}")
            try:
                found = pickle.loads(packed) if packed is not None else None
            except Exception:  # of another release of what is in it
                found = None
        return found

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
        found = _backing().get(f"{self._name}-index")
        return {name: _Known(*each) for name, each in found} if isinstance(found, list) else {}

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
                _backing().delete(f"{self._name}-{old}")
            _backing().set(f"{self._name}-index", [(each, tuple(index[each])) for each in index], timeout=LASTING)

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


def _pickled(value: Any) -> bytes | None:
    try:
        return pickle.dumps(value)
    except Exception:  # locks, connections, models: whatever they raise
        return None
