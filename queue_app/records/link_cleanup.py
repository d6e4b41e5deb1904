"""Links to pages go with the account of who made them, and those whose time is over by `blocks_sweep`."""

from __future__ import annotations

from typing import Any

from django.db.models.signals import post_delete

from auth_app.visitors import users
from blocks_app.deep_links import store
from blocks_app.files.quotas import account


def connect() -> None:
    """Let links go with accounts; called by the app's `ready`."""
    if users.exist():
        from django.contrib.auth import get_user_model  # needs the project's apps to be loaded

        post_delete.connect(_erase, sender=get_user_model(), dispatch_uid="queue_app.deep_links")


def sweep() -> int:
    """Delete the links whose time is over; how many."""
    return sum(links.sweep() for links in store.every_app())


def _erase(instance: Any, **_: Any) -> None:
    payer = account(users.key_of(instance), "")
    for links in store.every_app():
        links.forget(payer)
