"""Where the State of sessions is kept outside of a process: the interface. Plain texts, by key and number.

What a session has is many entries, one for each State and each block that an update has changed, so that events in
several processes that change different ones do not undo each other. Here they are texts: what they mean is known to
state_entries.py, which signs them. `CacheStateStore` keeps them in one of Django's caches.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Protocol

#: Seconds after which a store itself drops what a process left behind that was killed. Others delete what they end.
LEFT_BEHIND = 7 * 86_400.0


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry as it was found.

    Attributes:
        text: what was saved.
        version: equal for equal texts and different for others, in every process; see `version_of`.
    """

    text: str
    version: str


def version_of(text: str) -> str:
    """The version of a text: its signature, as that depends on nothing but the text; of one without, all of it."""
    return text[text.rfind(":") + 1 :]


class StateStore(Protocol):
    """Entries of all sessions. Called from threads that may wait; for one key from one thread at a time.

    `key` is a plain text that names app, page, session and visitor; `number` stands for a block, or is negative. All
    methods raise what the store's driver raises when it cannot be reached, and may have done a part then.
    """

    def load(self, key: str, numbers: Collection[int], known: Mapping[int, str]) -> dict[int, Entry | None]:
        """What differs from what the caller has.

        Args:
            key: whose.
            numbers: the entries that are asked for.
            known: the versions that the caller has of them; it has none of those that are missing here.

        Returns:
            The entries whose version is not the known one; None for those that are known and are no more.
        """

    def save(self, key: str, texts: Mapping[int, str]) -> dict[int, str]:
        """Keep entries for `LEFT_BEHIND` seconds from now; gives their versions. Of two that save one, the last wins.

        Readers see each entry as it was saved by one or the other, and perhaps not all of a save at the same moment.
        """

    def delete(self, key: str, numbers: Collection[int]) -> None:
        """Forget entries; those that are not there are harmless."""

    def begin_ending(self, key: str, seconds: float) -> bool:
        """Whether the caller is the one that ends what the key names: nobody else may within so many seconds."""

    def done_ending(self, key: str) -> None:
        """What had to be done for that is done."""
