"""Registers this app with Django and gives every mounted Blocks app its guard."""

from __future__ import annotations

import sys

from django.apps import AppConfig

from auth_app.guard import identify
from blocks_app import registry


class QueueAppConfig(AppConfig):
    """When a function runs and how its answers travel."""

    name = "queue_app"
    verbose_name = "Blocks: the queue"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Put the guard before what is mounted already and before what follows; register the checks."""
        from queue_app import bodies, checks, conf, ledger  # noqa: F401  registers by being imported, once the apps are known

        if conf.ledger():
            ledger.install()
        if "daphne.server" in sys.modules:  # the `daphne` command runs the site
            bodies.mend()

        for mount in registry.all_mounts():
            _guard(mount)
        if _guard not in registry.on_mount:
            registry.on_mount.append(_guard)


def _guard(mount: registry.Mount) -> None:
    if isinstance(mount.guard, registry.Everybody):
        mount.guard = identify
