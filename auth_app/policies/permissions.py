"""What an app or one of its listeners may require of a visitor who is logged in."""

from __future__ import annotations

from typing import Any

from asgiref.sync import sync_to_async

from auth_app.answers import ask, is_yes
from auth_app.databases import looking_up
from auth_app.exceptions import PolicyError
from auth_app.identity import Identity

#: A permission's name, several of them (all are needed), a function of the user that answers True or False; or
#: several of these, of which all are needed too.
Requirement = Any


def check(requirement: Requirement) -> None:
    """Raise PolicyError for something that is no requirement."""
    names = [requirement] if isinstance(requirement, str) else requirement
    if requirement is None or callable(requirement):
        return
    if not isinstance(names, (list, tuple)) or not names or not all(isinstance(name, str) and name for name in names):
        raise PolicyError(
            f"permission must be a name such as 'chat.use_chat', a list of names, or a function of the user, "
            f"not {requirement!r}."
        )


async def allows(requirement: Requirement, identity: Identity) -> bool:
    """Whether the visitor fulfils it. Who is not logged in fulfils no requirement; None requires nothing."""
    if requirement is None:
        return True
    if identity.is_anonymous:
        return False
    user = identity.user
    async with looking_up():
        if callable(requirement):
            return is_yes(await ask(requirement, user), requirement)
        names = [requirement] if isinstance(requirement, str) else list(requirement)
        if not all(isinstance(name, str) for name in names):  # those of a page and of a listener on it
            return all([await allows(each, identity) for each in names])
        return user is not None and bool(await sync_to_async(user.has_perms)(names))
