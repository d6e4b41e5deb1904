"""Who is asking, as the rest of the house sees it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class Identity:
    """One visitor. Events, files and sessions belong to a `key`."""

    #: Owner of what this visitor makes: "user:<primary key>", "name:<username>", or "" for everybody who is anonymous.
    key: str
    #: The name to show and to give to functions; None for a visitor who is not logged in.
    username: str | None
    #: Django's user object where the project has users, else None. Never compared, never sent.
    user: Any = field(default=None, compare=False, repr=False)

    @property
    def is_anonymous(self) -> bool:
        """Whether nobody has logged in. Anonymous visitors are told apart by their session hash alone."""
        return self.username is None


ANONYMOUS = Identity("", None)
