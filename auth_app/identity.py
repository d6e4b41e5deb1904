"""Who is asking, as the rest of the house sees it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any


class NamedUser:
    """The user of a visitor who is no row of a database: what functions see as `request.user`."""

    pk = None
    is_active = True
    is_authenticated = True
    is_anonymous = False
    is_staff = False
    is_superuser = False

    def __init__(self, username: str) -> None:
        self.username = username

    def __str__(self) -> str:
        return self.username

    def __repr__(self) -> str:
        return f"NamedUser({self.username!r})"

    def __eq__(self, other: object) -> bool:
        return isinstance(other, NamedUser) and other.username == self.username

    def __hash__(self) -> int:
        return hash(self.username)

    def get_username(self) -> str:
        """The name."""
        return self.username

    def has_perm(self, perm: str, obj: Any = None) -> bool:
        """Permissions belong to Django's users."""
        return False

    def has_perms(self, perm_list: Any, obj: Any = None) -> bool:
        """Permissions belong to Django's users."""
        return False


@dataclass(frozen=True, slots=True, weakref_slot=True)
class Identity:
    """One visitor. Events, files and sessions belong to a `key`."""

    #: Owner of what this visitor makes: "user:<primary key>", "name:<realm>/<username>", or "" for all anonymous ones.
    key: str
    #: The name to show and to give to functions; None for a visitor who is not logged in.
    username: str | None
    #: Django's user object, or a NamedUser; None for nobody where the project has no users. Never compared, never sent.
    user: Any = field(default=None, compare=False, repr=False)
    #: Whether a cookie alone told who it is. Then a request that changes something must show which page sent it.
    by_cookie: bool = field(default=False, compare=False)

    @property
    def is_anonymous(self) -> bool:
        """Whether nobody has logged in. Anonymous visitors are told apart by their session hash alone."""
        return self.username is None


ANONYMOUS = Identity("", None)


def named(username: str, realm: str = "", *, by_cookie: bool = False) -> Identity:
    """The identity of a visitor whom only an app knows. Equal names of two apps are two visitors: hence the realm."""
    return Identity(
        f"name:{realm}/{username}" if realm else f"name:{username}", username, NamedUser(username), by_cookie
    )
