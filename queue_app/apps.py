"""Registers this app with Django and gives every mounted Blocks app its guard."""

from __future__ import annotations

import sys

from django.apps import AppConfig

from auth_app import databases
from blocks_app import connections, registry
from queue_app import exiting  # noqa: F401  early, as it has to be the last at the end


class QueueAppConfig(AppConfig):
    """When a function runs and how its answers travel."""

    name = "queue_app"
    verbose_name = "Blocks: the queue"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Put the guard before what is mounted already and before what follows; register the checks."""
        from queue_app import (  # noqa: F401  checks register
            access,
            bodies,
            checks,
            conf,
            deploy_checks,
            file_rows,
            ledger,
            live,
            outage_checks,
            rates,
            shutdown_daphne,
            surroundings,
            tracing,
        )

        if conf.ledger():
            ledger.install(ledger.Ledger(in_tests=False))
            rates.install()
        if conf.post():
            from queue_app import orders, post  # the whole queue; a first page without it is sooner

            orders.connect(post.Post(in_tests=False))
        file_rows.connect()
        if conf.tracing():
            tracing.install()
        if "daphne.server" in sys.modules:  # the `daphne` command runs the site
            bodies.mend()
            shutdown_daphne.mend()
            if sys.argv[1:2] == ["runserver"]:
                from queue_app import reloading  # only a developer's server has one

                reloading.mend()
        live.connect()
        if connections.release_now not in databases.after:
            databases.after.append(connections.release_now)
        surroundings.connect()
        for mount in registry.all_mounts():
            access.guard(mount)
        if access.guard not in registry.on_mount:
            registry.on_mount.append(access.guard)
