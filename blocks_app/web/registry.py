"""Which Blocks are mounted where. A mount's key names its page in every process, so that jobs can name functions."""

from __future__ import annotations

import os
import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol

from blocks_app.exceptions import BlocksError

if TYPE_CHECKING:
    from blocks_app.blocks import Blocks


class UnknownMountError(BlocksError, LookupError):
    """No page is mounted under this key."""


@dataclass
class MountOptions:
    """How a page is served; the arguments of `launch()` that a mount knows too."""

    #: Whether visitors are told the text of every exception; None leaves it to the site (BLOCKS_SHOW_ERROR).
    show_error: bool | None = None
    show_api: bool = True
    root_path: str | None = None
    favicon_path: str | None = None
    max_file_size: int | None = None
    max_threads: int = 40
    allowed_paths: list[str] = field(default_factory=list)
    blocked_paths: list[str] = field(default_factory=list)
    state_session_capacity: int = 10_000
    #: Whether a public link to a launched app is wanted; crawlers are told to stay away.
    shared: bool = False

    @property
    def tells_errors(self) -> bool:
        """Whether visitors are told the text of every exception."""
        if self.show_error is None:
            from blocks_app import conf  # Django's settings, which declaring a page does not need

            return conf.show_error()
        return self.show_error


class Anyone(NamedTuple):
    """The identity of every visitor where no access room is installed."""

    key: str = ""
    username: str | None = None
    user: Any = None
    is_anonymous: bool = True


class AccessGuard(Protocol):
    """Who may use a mount. The access room gives each mount its own; see auth_app.guard."""

    async def __call__(self, connection: Any) -> Any:
        """The identity behind a Django request or an ASGI scope (`key`, `username`, `user`), or None: answer 401.

        Raises Django's PermissionDenied (answer 403) when another site's page asks for a change.
        """
        ...

    async def allows(self, identity: Any, requirement: Any) -> bool:
        """Whether this visitor has what one listener requires (its `permission=`)."""
        ...

    async def entrance(self, request: Any, about: Mapping[str, Any]) -> Any:
        """The response to a browser that may not see the page; `about` is what views.about tells of the app."""
        ...

    async def login(self, request: Any, about: Mapping[str, Any]) -> Any:
        """The response of the app's `login`."""
        ...

    async def logout(self, request: Any, about: Mapping[str, Any]) -> Any:
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

    async def entrance(self, request: Any, about: Mapping[str, Any]) -> Any:
        """Everybody may see the page, so this is never asked."""
        raise NotImplementedError

    async def login(self, request: Any, about: Mapping[str, Any]) -> Any:
        """Nobody has to log in."""
        return _to_the_app(about)

    async def logout(self, request: Any, about: Mapping[str, Any]) -> Any:
        """Nobody is logged in."""
        return _to_the_app(about)

    @property
    def message(self) -> None:
        """There is no login."""
        return None


def _to_the_app(about: Mapping[str, Any]) -> Any:
    from django.http import HttpResponseRedirect  # not loaded by declaring a page

    return HttpResponseRedirect(about["base"])


@dataclass(eq=False)
class Mount:
    """One page at one place."""

    key: str
    blocks: Blocks
    options: MountOptions = field(default_factory=MountOptions)
    #: Random per process start; a browser that reconnects sees whether it talks to the same page.
    app_id: int = field(default_factory=lambda: secrets.randbits(52))
    #: Who may use it.
    guard: AccessGuard = field(default_factory=Everybody)
    #: What others keep for a mount: the queue its engine.
    attachments: dict[str, Any] = field(default_factory=dict)


_mounts: dict[str, Mount] = {}
#: Called with each new mount; the queue and access rooms register here.
on_mount: list[Callable[[Mount], None]] = []


def _after_fork() -> None:
    """A server that loads the site first and then forks: each of its processes is one of its own."""
    for each in _mounts.values():
        each.app_id = secrets.randbits(52)


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_after_fork)


def mount(blocks: Blocks) -> Mount:
    """Register a page, once; its key is made from the module that declared it."""
    if blocks.mount is None:
        key, number = blocks.declared_in, 1
        while key in _mounts:
            number += 1
            key = f"{blocks.declared_in}-{number}"
        blocks.mount = _mounts[key] = Mount(key, blocks)
        for listener in on_mount:
            listener(blocks.mount)
    return blocks.mount


def mount_of(key: str) -> Mount:
    """The mount with this key.

    Raises:
        UnknownMountError: there is none.
    """
    try:
        return _mounts[key]
    except KeyError:
        raise UnknownMountError(f"No page is mounted under the key {key!r}.") from None


def unmount(blocks: Blocks) -> None:
    """Forget a page."""
    if blocks.mount is not None:
        _mounts.pop(blocks.mount.key, None)
        blocks.mount = None


def all_mounts() -> list[Mount]:
    """Every mounted page."""
    return list(_mounts.values())
