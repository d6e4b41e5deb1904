"""Who may use a mounted page: what is asked of the access room, and the guard where there is none."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol

if TYPE_CHECKING:
    from django.http import HttpResponseBase


class Anyone(NamedTuple):
    """The identity of every visitor where no access room is installed."""

    key: str = ""
    username: str | None = None
    user: Any = None
    is_anonymous: bool = True


class AccessGuard(Protocol):
    """Who may use a mount. The access room gives each mount its own; see auth_app.guarding.guard."""

    async def __call__(self, connection: Any) -> Any:
        """The identity behind a Django request or an ASGI scope (`key`, `username`, `user`), or None: answer 401.

        Raises Django's PermissionDenied (answer 403) when another site's page asks for a change.
        """
        ...

    async def allows(self, identity: Any, requirement: Any) -> bool:
        """Whether this visitor has what one listener requires (its `permission=`)."""
        ...

    async def entrance(self, request: Any, about: Mapping[str, Any]) -> HttpResponseBase:
        """The response to a browser that may not see the page; `about` is what views.about tells of the app."""
        ...

    async def login(self, request: Any, about: Mapping[str, Any]) -> HttpResponseBase:
        """The response of the app's `login`."""
        ...

    async def logout(self, request: Any, about: Mapping[str, Any]) -> HttpResponseBase:
        """The response of the app's `logout`."""
        ...

    @property
    def message(self) -> str | None:
        """What those are told who are not logged in; HTML."""
        ...


class Everybody:
    """The guard that lets everybody in."""

    async def __call__(self, connection: Any) -> Anyone:
        """Anyone."""
        return Anyone()

    async def allows(self, identity: Any, requirement: Any) -> bool:
        """Nobody is known here, so nobody has a permission."""
        return requirement is None

    async def entrance(self, request: Any, about: Mapping[str, Any]) -> HttpResponseBase:
        """Everybody may see the page: it is there."""
        return _to_the_app(about)

    async def login(self, request: Any, about: Mapping[str, Any]) -> HttpResponseBase:
        """Nobody has to log in."""
        return _to_the_app(about)

    async def logout(self, request: Any, about: Mapping[str, Any]) -> HttpResponseBase:
        """Nobody is logged in."""
        return _to_the_app(about)

    @property
    def message(self) -> None:
        """There is no login."""
        return None


def _to_the_app(about: Mapping[str, Any]) -> HttpResponseBase:
    from django.http import HttpResponseRedirect  # not loaded by declaring a page

    return HttpResponseRedirect(about["base"])
