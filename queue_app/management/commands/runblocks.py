"""Serve one file's app, or the whole site, with Daphne in this process; starts anew when a source file changes."""

from __future__ import annotations

import os
import sys
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from queue_app import conf
from queue_app.exceptions import CannotServe
from queue_app.server import autoreload, runblocks
from queue_app.server.minimal_project import ensure_django
from queue_app.server.network import ports
from queue_app.shutdown import signals


class Command(BaseCommand):
    """`manage.py runblocks [file] [--host] [--port] [--app] [--no-reload]`."""

    help = "Serve the app in a file (demos/hello.py), or without one the whole site, and reload on change."
    requires_system_checks = []  # a mistake in the file is told by the file, and a start should be quick

    def add_arguments(self, parser: ArgumentParser) -> None:
        """The options."""
        parser.add_argument("file", nargs="?", help="Python file with the app, such as demos/hello.py")
        parser.add_argument("--app", help="name of the Blocks in that file; what it launches, else demo")
        parser.add_argument("--host", help="address to listen on; what its launch() says, else 127.0.0.1")
        parser.add_argument("--port", type=int, help="port; what its launch() says, else the first free one from 7860")
        parser.add_argument("--no-reload", action="store_false", dest="reload", help="do not watch the sources")

    def handle(self, *args: Any, **options: Any) -> None:
        """Serve until interrupted."""
        serve = runblocks.Serve(options["file"], options["app"], options["host"], options["port"], self.stdout.write)
        try:
            if options["reload"]:
                autoreload.run(lambda: self._or_exit(serve), *filter(None, [options["file"]]))
            else:
                signals.end_like_an_interrupt(threads_too=True)
                serve()
        except KeyboardInterrupt:
            ensure_django()  # it may have come before
            runblocks.end(0, conf.shutdown_grace())
            sys.exit(0)
        except (CannotServe, ports.CannotListen) as error:
            raise CommandError(str(error)) from error

    def _or_exit(self, serve: runblocks.Serve) -> None:
        """The reloader waits for a change after any error; without a port or a file there is nothing to wait for."""
        try:
            serve()
        except (CannotServe, ports.CannotListen) as error:
            self.stderr.write(self.style.ERROR(str(error)))
            os._exit(1)  # as runserver does: this is not the main thread
        except Exception as error:
            runblocks.serve_error(error)
            raise
