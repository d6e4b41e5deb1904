"""What `runblocks` does: load the app, or the site's ASGI application, and serve it from the foreground."""

from __future__ import annotations

import importlib.util
import os
import sys
from collections.abc import Callable
from dataclasses import replace
from importlib.machinery import ModuleSpec
from pathlib import Path
from types import ModuleType
from typing import Any

from django.conf import settings
from django.utils.autoreload import DJANGO_AUTORELOAD_ENV
from django.utils.module_loading import import_string

from blocks_app.blocks import Blocks
from queue_app import conf
from queue_app.exceptions import LaunchError
from queue_app.server import backends, launching
from queue_app.server.launch_options import LaunchArguments
from queue_app.server.minimal_project import ensure_django
from queue_app.server.network import ports
from queue_app.shutdown import process_exit, sequence, signals


class CannotServe(LaunchError):
    """There is nothing to serve."""


class Serve:
    """Serve once, until interrupted. A callable, so that Django's reloader can start it again."""

    def __init__(
        self, file: str | None, name: str | None, host: str | None, port: int | None, say: Callable[[str], Any]
    ) -> None:
        """Note what the command line says.

        Args:
            file: the file with the app; None for the whole site.
            name: of the app in the file; None for what the file launches, else for `demo`.
            host: address to listen on; None for what the file says.
            port: the same.
            say: tells where it runs.
        """
        self.file = file
        self.name = name
        self.host = host
        self.port = port
        self.say = say
        self._launched: list[Blocks] = []

    def __call__(self) -> None:
        """Load, listen and wait."""
        if self.file is not None:
            self._serve_file(self.file)
        else:
            self._serve_site()
        if not self._launched or self._serves:
            signals.until_interrupted()

    @property
    def _serves(self) -> bool:
        """Whether one of the apps that the file has launched was not closed by it."""
        return any(blocks.server is not None for blocks in self._launched)

    def _serve_file(self, file: str) -> None:
        """Run the file as its own program: each launch() in it serves as it says. An app without one has defaults."""
        try:
            module = self._run(file)
        finally:
            ensure_django()  # the reloader needs it, also after a mistake in the file
        if self._launched:
            return
        blocks = app_of(file, module, self.name or "demo")
        launched = launching.launch(
            blocks, server_name=self.host, server_port=self.port, prevent_thread_lock=True, quiet=True
        )
        assert launched is not None
        self._tell(launched.local_url)

    def _run(self, file: str) -> ModuleType:
        path, spec = find(file)
        module = importlib.util.module_from_spec(spec)
        with launching.hosting(lambda blocks, wanted: self._hosted(module, blocks, wanted)):
            try:
                run(path, module)
            except SystemExit:
                if not self._serves:
                    raise
        return module

    def _hosted(self, module: ModuleType, blocks: Blocks, wanted: LaunchArguments) -> LaunchArguments | None:
        """What holds for a launch() in the file; None when the command line chooses another app."""
        if self.name is not None and getattr(module, self.name, None) is not blocks:
            return None
        if not self._launched:  # the command line speaks of the first one
            port = wanted.server_port if self.port is None else self.port
            wanted = replace(wanted, server_name=self.host or wanted.server_name, server_port=port)
        self._launched.append(blocks)
        # With the reloader a new tab would open after each change of the file.
        reloads = os.environ.get(DJANGO_AUTORELOAD_ENV) == "true"
        return replace(wanted, inbrowser=wanted.inbrowser and not reloads)

    def _serve_site(self) -> None:
        name = getattr(settings, "ASGI_APPLICATION", None)
        if not name:
            raise CannotServe("Name a file, such as demos/hello.py; this project has no ASGI_APPLICATION to serve.")
        application = import_string(name)
        if (problem := backends.problem_with(conf.server())) is not None:
            raise CannotServe(problem)
        backend = backends.chosen()  # after the site has loaded
        host = self.host or "127.0.0.1"
        listening = ports.listen(host, self.port)
        port = listening.getsockname()[1]
        backend.serve(application, listening, lifespan=True)
        self._tell(f"http://{host}:{port}/")

    def _tell(self, url: str) -> None:
        self.say(f"Running on local URL:  {url.rstrip('/')}")


def end(code: int, grace: float) -> None:
    """The process ends with this code: end what it serves in order, with `grace` seconds for what runs."""
    process_exit.settle(code, grace + sequence.RECORDS)
    backends.stop_all(grace)


def find(file: str) -> tuple[Path, ModuleSpec]:
    """Where a file is, and how it is loaded. Raises CannotServe when there is none."""
    path = Path(file).resolve()
    spec = importlib.util.spec_from_file_location("__main__", path) if path.is_file() else None
    if spec is None or spec.loader is None:
        raise CannotServe(f"There is no Python file {file!r}.")
    return path, spec


def run(path: Path, module: ModuleType) -> None:
    """Execute a file as `python file` does: it is the main module, and our arguments are not its own."""
    sys.modules["__main__"] = module
    sys.modules.setdefault(path.stem, module)  # for others of its folder that import it; never in place of a library
    sys.path.insert(0, str(path.parent))
    sys.argv = [str(path)]
    assert module.__spec__ is not None and module.__spec__.loader is not None
    module.__spec__.loader.exec_module(module)


def app_of(file: str, module: ModuleType, name: str) -> Blocks:
    """The Blocks called `name` in a file that was run. Raises CannotServe when there is none."""
    blocks = getattr(module, name, None)
    if isinstance(blocks, Blocks):
        return blocks
    named = [key for key, value in vars(module).items() if isinstance(value, Blocks)]
    hint = f" It has {', '.join(named)}: choose with --app." if named else ""
    raise CannotServe(f"{file} has no Blocks named {name!r}.{hint}")
