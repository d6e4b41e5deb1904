"""Registers this app with Django and gives every mounted Blocks app its guard."""

from __future__ import annotations

import sys

from django.apps import AppConfig
from django.conf import settings
from django.utils.translation import gettext_lazy

from auth_app import databases
from blocks_app import connections, logs
from blocks_app.web import registry
from queue_app.shutdown import process_exit  # noqa: F401  early, as it has to be the last at the end


class QueueAppConfig(AppConfig):
    """When a function runs and how its answers travel."""

    name = "queue_app"
    verbose_name = gettext_lazy("Blocks: the queue")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Put the guard before what is mounted already and before what follows; register the checks."""
        logs.to_terminal()
        from queue_app import checks, conf  # noqa: F401  checks register by being imported
        from queue_app.access import connection_registry, guards
        from queue_app.databases import are_there
        from queue_app.execution.control import throughput
        from queue_app.operations import deploy_checks, outage_checks, redis_checks, tracing  # noqa: F401
        from queue_app.operations.processes import worker_checks  # noqa: F401
        from queue_app.records import conversations, db_file_registry, event_log, link_cleanup, model_words
        from queue_app.server.daphne import body_spooling, shutdown_hooks
        from queue_app.server.uvicorn.shutdown_hooks import notice
        from queue_app.shutdown import sequence
        from queue_app.transport import outages

        if conf.event_log():
            event_log.install(event_log.EventLog(in_tests=False))
            throughput.install()
        if conf.message_bus():
            from queue_app.cluster import commands, message_bus  # the whole queue; a first page without it is sooner

            commands.connect(message_bus.MessageBus(in_tests=False))
        model_words.translate(self.get_models())
        db_file_registry.connect()
        conversations.connect()
        link_cleanup.connect()
        if are_there():
            from queue_app.records import flags  # a script without a project keeps none in a database

            flags.connect()
        if conf.tracing():
            tracing.install()
        if "daphne.server" in sys.modules:  # the `daphne` command runs the site
            body_spooling.install()
            shutdown_hooks.install()
            if sys.argv[1:2] == ["runserver"]:
                from queue_app.server import autoreload  # only a developer's server has one

                autoreload.install()
        if notice not in sequence.on_start:
            sequence.on_start.append(notice)
        connections.connect()
        connection_registry.connect()
        if connections.release_now not in databases.after:
            databases.after.append(connections.release_now)
        outages.connect()
        _name_servers()
        for mount in registry.all_mounts():
            guards.guard(mount)
        if guards.guard not in registry.on_mount:
            registry.on_mount.append(guards.guard)


def _name_servers() -> None:
    """Where an engine says that any process can go on for any other, pages and programs take them for one."""
    if getattr(settings, "BLOCKS_ENGINE", None):
        from queue_app.execution.engine import app_id

        registry.name_servers(app_id)
