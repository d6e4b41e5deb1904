"""State of sessions in one of Django's caches: within a process, in files, a database, Memcached or Redis."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from django.core.cache import BaseCache, caches

from queue_app.sessions.state_store import LEFT_BEHIND, Entry, StateStore, version_of


class CacheStateStore(StateStore):
    """See StateStore."""

    def __init__(self, alias: str) -> None:
        """Use the cache `alias` of Django's CACHES."""
        self.alias = alias

    def load(self, key: str, numbers: Collection[int], known: Mapping[int, str]) -> dict[int, Entry | None]:
        """See StateStore."""
        names = {f"{key}.{number}": number for number in numbers}
        texts = self._cache.get_many(list(names))
        found: dict[int, Entry | None] = {}
        for name, number in names.items():
            text = texts.get(name)
            if text is None:
                if number in known:
                    found[number] = None
            elif (version := version_of(text := str(text))) != known.get(number):
                found[number] = Entry(text, version)
        return found

    def save(self, key: str, texts: Mapping[int, str]) -> dict[int, str]:
        """See StateStore."""
        if texts:
            self._cache.set_many({f"{key}.{number}": text for number, text in texts.items()}, LEFT_BEHIND)
        return {number: version_of(text) for number, text in texts.items()}

    def delete(self, key: str, numbers: Collection[int]) -> None:
        """See StateStore."""
        self._cache.delete_many([f"{key}.{number}" for number in numbers])

    def begin_ending(self, key: str, seconds: float) -> bool:
        """See StateStore."""
        return bool(self._cache.add(f"{key}.ending", 1, seconds))

    def done_ending(self, key: str) -> None:
        """See StateStore."""
        self._cache.delete(f"{key}.ending")

    @property
    def _cache(self) -> BaseCache:
        return caches[self.alias]  # each thread has its own
