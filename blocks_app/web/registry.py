"""Which Blocks are mounted where. A mount's key names its page in every process, so that jobs can name functions."""

from __future__ import annotations

import os
import secrets
from collections.abc import Callable
from typing import TYPE_CHECKING

from blocks_app.declaration.guard import AccessGuard, Anyone, Everybody
from blocks_app.declaration.mount import Mount, MountOptions
from blocks_app.files.remote_media import checked as checked_hosts
from blocks_app.page.media_policy import site_sources
from blocks_app.page.revision import revision
from blocks_app.protocol import APP_ID_BITS

if TYPE_CHECKING:
    from blocks_app.declaration.declared_page import DeclaredPage

__all__ = [
    "AccessGuard",
    "Anyone",
    "Everybody",
    "Mount",
    "MountOptions",
    "all_mounts",
    "checked_hosts",
    "mount",
    "name_servers",
    "on_mount",
    "revision",
    "site_sources",
    "unmount",
]

_mounts: dict[str, Mount] = {}
#: Called with each new mount; the queue and access rooms register here.
on_mount: list[Callable[[Mount], None]] = []


def other_in_each_process(mount: Mount) -> int:
    """The number of an app that no other process serves."""
    return secrets.randbits(APP_ID_BITS)


_app_id: Callable[[Mount], int] = other_in_each_process


def name_servers(app_id: Callable[[Mount], int]) -> None:
    """Have each mount, also of those that follow, the number by which its pages know again who serves them."""
    global _app_id
    _app_id = app_id
    _after_fork()


def _after_fork() -> None:
    """A server that loads the site first and then forks: each of its processes is one of its own."""
    for each in _mounts.values():
        each.app_id = _app_id(each)


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_after_fork)


def mount(blocks: DeclaredPage) -> Mount:
    """Register a page, once; its key is made from the module that declared it."""
    if blocks.mount is None:
        key, number = blocks.declared_in, 1
        while key in _mounts:
            number += 1
            key = f"{blocks.declared_in}-{number}"
        blocks.mount = _mounts[key] = Mount(key, blocks)
        blocks.mount.app_id = _app_id(blocks.mount)
        for listener in on_mount:
            listener(blocks.mount)
    return blocks.mount


def unmount(blocks: DeclaredPage) -> None:
    """Forget a page."""
    if blocks.mount is not None:
        _mounts.pop(blocks.mount.key, None)
        blocks.mount = None


def all_mounts() -> list[Mount]:
    """Every mounted page."""
    return list(_mounts.values())
