"""What `runblocks` does: load the app, or the site's ASGI application, and serve it from the foreground."""

from __future__ import annotations

import contextlib
import importlib.util
import sys
from collections.abc import Callable
from importlib.machinery import ModuleSpec
from pathlib import Path
from types import ModuleType
from typing import Any

from django.conf import settings
from django.urls import get_resolver
from django.utils.module_loading import import_string

from blocks_app.blocks import Blocks
from blocks_app.web import registry
from queue_app import conf
from queue_app.exceptions import CannotServe
from queue_app.server import backends, broken_file, launching
from queue_app.server.file_launches import CommandLine, FileLaunches
from queue_app.server.minimal_project import ensure_django
from queue_app.server.network import ports
from queue_app.shutdown import process_exit, sequence, signals


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
        self.line = CommandLine(name, host, port)
        self.say = say

    def __call__(self) -> None:
        """Load, listen and wait."""
        if self.file is None:
            broken_file.note(*self._serve_site())
            signals.until_interrupted()
            return
        launches = FileLaunches(self.line)
        with launching.hosting(launches):
            self._serve_file(self.file, launches)
            if (place := launches.place()) is not None:
                broken_file.note(*place)
            if launches.by_default is not None or launches.serves:
                signals.until_interrupted()

    def _serve_file(self, file: str, launches: FileLaunches) -> None:
        """Run the file as its own program: each launch() in it serves as it says. An app without one has defaults."""
        try:
            module = self._run(file, launches)
        finally:
            ensure_django()  # the reloader needs it, also after a mistake in the file
        if launches.launched:
            return
        launches.by_default = blocks = app_of(file, module, self.line.app or "demo")
        launched = launching.launch(
            blocks, server_name=self.line.host, server_port=self.line.port, prevent_thread_lock=True, quiet=True
        )
        self._announce(launched.local_url)

    def _run(self, file: str, launches: FileLaunches) -> ModuleType:
        path, spec = find(file)
        module = launches.module = importlib.util.module_from_spec(spec)
        with launches.noting_threads():
            try:
                run(path, module)
            except SystemExit:
                launches.wait(path, self.say)
                if not launches.serves:
                    raise
            else:
                launches.wait(path, self.say)
        return module

    def _serve_site(self) -> tuple[str, int]:
        name = getattr(settings, "ASGI_APPLICATION", None)
        if not name:
            raise CannotServe("Name a file, such as demos/hello.py; this project has no ASGI_APPLICATION to serve.")
        application = import_string(name)
        if (problem := backends.problem_with(conf.server())) is not None:
            raise CannotServe(problem)
        backend = backends.chosen()  # after the site has loaded
        prepare_site()
        host = self.line.host or "127.0.0.1"
        listening = ports.listen(host, self.line.port)
        port = listening.getsockname()[1]
        backend.serve(application, listening, lifespan=True)
        self._announce(f"http://{host}:{port}/")
        return host, port

    def _announce(self, url: str) -> None:
        self.say(f"Running on local URL:  {url.rstrip('/')}")


def prepare_site() -> None:
    """Do what the apps of the site do before they are served."""
    with contextlib.suppress(Exception):  # a mistake in it is told by the first request, as by any server
        _ = get_resolver().url_patterns  # declares the apps
    for mount in registry.all_mounts():
        if isinstance(mount.blocks, Blocks):
            mount.blocks.startup_events()


def serve_error(error: BaseException) -> None:
    """What was to be served cannot be loaded: say so where the process before has served."""
    broken_file.serve(error)


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
