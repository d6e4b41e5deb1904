"""gr.cache and gr.Cache: what a function has answered is answered again, without running it."""

from __future__ import annotations

import copy
import functools
import hashlib
import inspect
import sys
import threading
import weakref
from collections import Counter
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import aclosing, closing
from typing import Any, TypeVar, overload

from blocks_app.caching.contents import content_key
from blocks_app.caching.function_digest import FunctionDigest, code_digest
from blocks_app.caching.sizes import size_of
from blocks_app.caching.store import Store
from blocks_app.caching.waiting import in_thread, one_at_a_time
from blocks_app.diagnostics.mistakes import warn
from blocks_app.functions.signatures import describe
from blocks_app.listeners.kept_answers import KeptAnswers
from blocks_app.logs import logger, quietly
from blocks_app.running.failures import failure_of

log = logger("blocks_app.caching")

F = TypeVar("F", bound=Callable[..., Any])

#: Bytes of all values of one run of a generator that are kept.
MOST_BYTES = 64 * 1024 * 1024
_digests: weakref.WeakKeyDictionary[Any, FunctionDigest] = weakref.WeakKeyDictionary()
_stores: dict[str, Store] = {}
_guard = threading.Lock()
#: How many caches were made at one place of the source.
_made: Counter[str] = Counter()


@overload
def cache(fn: F) -> F: ...
@overload
def cache(
    fn: None = None,
    *,
    key: Callable[[dict[str, Any]], Any] | None = None,
    max_size: int = 128,
    max_memory: str | int | None = None,
    per_session: bool = False,
) -> Callable[[F], F]: ...
@overload
def cache(
    fn: F,
    *,
    key: Callable[[dict[str, Any]], Any] | None = None,
    max_size: int = 128,
    max_memory: str | int | None = None,
    per_session: bool = False,
) -> F: ...
def cache(
    fn: Any = None,
    *,
    key: Callable[[dict[str, Any]], Any] | None = None,
    max_size: int = 128,
    max_memory: str | int | None = None,
    per_session: bool = False,
) -> Any:
    """Keep what a function returns or yields, by the content of its arguments: `@gr.cache`, or `gr.cache(fn)(…)`.

    Kept in Django's cache, so processes share it. Another version of the function starts afresh.

    Args:
        fn: plain or async function, or a generator of either kind, whose values are yielded again.
        key: gets a dict of the arguments and gives what counts of them; everything unless given.
        max_size: how many answers are kept, those used last; 0 for any number.
        max_memory: most bytes of all together, also as in "512mb".
        per_session: whether each visitor's session has answers of its own.
    """
    if fn is None:
        return functools.partial(cache, key=key, max_size=max_size, max_memory=max_memory, per_session=per_session)
    if not callable(fn):
        raise TypeError(f"gr.cache takes a function: gr.cache(fn)(…), not gr.cache(fn(…)). It got {fn!r}.")
    made = _Memo(fn, key, max_size, max_memory, per_session)
    wrapper = made.wrapped()
    wrapper.cache = made.store
    wrapper._kept_answers = KeptAnswers(wrapper, made.has)
    return wrapper


class _Memo:
    """A function with its store."""

    def __init__(self, fn: Callable[..., Any], key: Any, max_size: int, max_memory: Any, per_session: bool) -> None:
        self.fn = fn
        self._key = key
        self._signature = _signature(fn)
        info = describe(fn)
        self._name = info.name
        self._injected = frozenset(info.injected)
        self._counts = key is not None or not info.is_personal
        if not self._counts:
            warn(
                f"gr.cache keeps nothing of {info.name}, which asks who has called it: that is another each time. Say "
                "with key=… what counts.",
            )
        parts = (_digest(fn).hexdigest(), key and FunctionDigest(key).hexdigest(), max_size, max_memory, per_session)
        name = hashlib.sha256(repr(parts).encode()).hexdigest()[:40]
        with _guard:
            store = _stores.get(name)
            if store is None:
                store = _stores[name] = Store(name, max_size, max_memory, per_session, info.name)
        self.store = store

    def wrapped(self) -> Any:
        """The function that looks first, of the same kind."""
        if inspect.isasyncgenfunction(self.fn):
            return self._async_steps()
        if inspect.isgeneratorfunction(self.fn):
            return self._steps()
        if inspect.iscoroutinefunction(self.fn):
            return self._awaited()
        return self._plain()

    def name(self, args: tuple[Any, ...], kwargs: dict[str, Any]) -> str:
        """Names a call; "" for one that is not kept."""
        if not self._counts:
            return ""
        given: dict[str, Any] = {"args": args, "kwargs": kwargs}
        if self._signature is not None:
            bound = self._signature.bind(*args, **kwargs)
            bound.apply_defaults()
            given = {name: each for name, each in bound.arguments.items() if name not in self._injected}
        given = {name: each for name, each in given.items() if not isinstance(each, Cache)}
        return content_key(given if self._key is None else self._key(given))

    def has(self, *args: Any, **kwargs: Any) -> bool:
        """Whether the answer to a call is kept."""
        name = self.name(args, kwargs)
        return bool(name) and self.store.has(name)

    def find(self, name: str) -> Any:
        """(value,) of a call that is kept, or None."""
        return self.store.get(name) if name else None

    def keep(self, name: str, entry: Any) -> None:
        """Keep the entry of a call."""
        if name:
            self.store.put(name, entry)

    def _plain(self) -> Any:
        @functools.wraps(self.fn)
        def cached(*args: Any, **kwargs: Any) -> Any:
            name = self.name(args, kwargs)
            found = self.find(name)
            if found is not None:
                return found[0]
            if not name:
                return self.fn(*args, **kwargs)
            with one_at_a_time(f"{id(self.store)}-{name}"):
                found = self.find(name)
                if found is None:
                    found = (self.fn(*args, **kwargs),)
                    self.keep(name, found)
                return found[0]

        return cached

    def _awaited(self) -> Any:
        @functools.wraps(self.fn)
        async def cached(*args: Any, **kwargs: Any) -> Any:
            name = await in_thread(self.name, args, kwargs)
            found = await in_thread(self.find, name)
            if found is None:
                found = (await self.fn(*args, **kwargs),)
                await in_thread(self.keep, name, found)
            return found[0]

        return cached

    def _steps(self) -> Any:
        @functools.wraps(self.fn)
        def cached(*args: Any, **kwargs: Any) -> Iterator[Any]:
            name = self.name(args, kwargs)
            found = self.find(name)
            if found is not None:
                yield from found
                return
            seen = _Seen(self._name)
            results = self.fn(*args, **kwargs)
            with closing(results):  # whoever stops reading stops the function, and nothing of it is kept
                for value in results:
                    seen.add(value)
                    yield value
            if seen.values is not None:
                self.keep(name, seen.values)

        return cached

    def _async_steps(self) -> Any:
        @functools.wraps(self.fn)
        async def cached(*args: Any, **kwargs: Any) -> AsyncIterator[Any]:
            name = await in_thread(self.name, args, kwargs)
            found = await in_thread(self.find, name)
            if found is not None:
                for value in found:
                    yield value
                return
            seen = _Seen(self._name)
            async with aclosing(self.fn(*args, **kwargs)) as results:
                async for value in results:
                    seen.add(value)
                    yield value
            if seen.values is not None:
                await in_thread(self.keep, name, seen.values)

        return cached


class _Seen:
    """The values of one run of a generator, each as it was when it came; None when they cannot be kept."""

    def __init__(self, whose: str) -> None:
        self.values: list[Any] | None = []
        self._whose = whose
        self._size = 0

    def add(self, value: Any) -> None:
        if self.values is None:
            return
        try:
            self.values.append(copy.deepcopy(value))
            self._size += size_of(value)
            why = f"its values are more than {MOST_BYTES:,} bytes" if self._size > MOST_BYTES else ""
        except Exception as error:  # what cannot be copied cannot be yielded again
            why = failure_of(error).line
        if why:
            self.values = None
            quietly(log.warning, "cache.not_kept", extra={"cache": self._whose, "error": why})


class Cache:
    """A place where a function keeps what it likes, from one call to the next: `def answer(text, kept=gr.Cache()):`.

    Kept in Django's cache where it is plain data, arrays, pictures or tables, else in this process. Another version of
    the file that makes it starts afresh.
    """

    def __init__(self, *, max_size: int = 128, max_memory: str | int | None = None, per_session: bool = False) -> None:
        """Make an empty one.

        Args:
            max_size: how many entries are kept, those used last; 0 for any number.
            max_memory: most bytes of all together, also as in "512mb".
            per_session: whether each visitor's session has entries of its own.
        """
        frame = sys._getframe(1)
        place = f"{frame.f_globals.get('__name__')}-{code_digest(frame.f_code)}-{frame.f_lasti}"
        with _guard:
            _made[place] += 1
            name = hashlib.sha256(f"{place}-{_made[place]}".encode()).hexdigest()[:40]
        self._store = Store(name, max_size, max_memory, per_session)

    def get(self, key: Any) -> dict[str, Any] | None:
        """What was kept under this key, by the names that it was given; None when there is nothing.

        Args:
            key: a text, a number, an array, a picture, a table, or what is made of these.
        """
        found: dict[str, Any] | None = self._store.get(content_key(key))
        return None if found is None else dict(found)

    def set(self, key: Any, **data: Any) -> None:
        """Keep values by name under a key.

        Args:
            key: as for `get`.
            data: what is kept.
        """
        self._store.put(content_key(key), data, raw=key)

    def keys(self) -> list[Any]:
        """The keys of everything that is kept."""
        return self._store.keys()

    def clear(self) -> None:
        """Forget everything."""
        self._store.clear()

    def __len__(self) -> int:
        return len(self._store)


def _signature(fn: Callable[..., Any]) -> inspect.Signature | None:
    try:
        return inspect.signature(fn)
    except (TypeError, ValueError):  # some built-in functions do not tell
        return None


def _digest(fn: Callable[..., Any]) -> FunctionDigest:
    try:
        found = _digests.get(fn)
        if found is None:
            found = _digests[fn] = FunctionDigest(fn)
        return found
    except TypeError:  # nothing can refer to it weakly
        return FunctionDigest(fn)
