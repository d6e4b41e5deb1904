"""What `runblocks` does: load the app, or the site's ASGI application, and serve it from the foreground."""

from __future__ import annotations

import importlib.util
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from django.conf import settings
from django.utils.module_loading import import_string

from blocks_app.blocks import Blocks
from queue_app import exiting, launch, ports, shutdown, shutdown_daphne, waiting
from queue_app.exceptions import LaunchError


class CannotServe(LaunchError):
    """There is nothing to serve."""


class Serve:
    """Serve once, until interrupted. A callable, so that Django's reloader can start it again."""

    def __init__(self, file: str | None, name: str, host: str, port: int | None, say: Callable[[str], Any]) -> None:
        self.file = file
        self.name = name
        self.host = host
        self.port = port
        self.say = say

    def __call__(self) -> None:
        """Load, listen and wait."""
        if self.file is not None:
            self._serve_file(self.file)
        else:
            self._serve_site()
        waiting.until_interrupted()

    def _serve_file(self, file: str) -> None:
        blocks = load_app(file, self.name)
        launched = launch.launch(
            blocks, server_name=self.host, server_port=self.port, prevent_thread_lock=True, quiet=True
        )
        assert launched is not None
        self._tell(launched.local_url)

    def _serve_site(self) -> None:
        name = getattr(settings, "ASGI_APPLICATION", None)
        if not name:
            raise CannotServe("Name a file, such as demos/hello.py; this project has no ASGI_APPLICATION to serve.")
        application = import_string(name)
        from queue_app.server import EmbeddedServer  # Twisted, after the site has loaded

        listening = ports.listen(self.host, self.port)
        port = listening.getsockname()[1]
        EmbeddedServer(application, listening).start()
        self._tell(f"http://{self.host}:{port}/")

    def _tell(self, url: str) -> None:
        self.say(f"Running on local URL:  {url.rstrip('/')}")


def end(code: int, grace: float) -> None:
    """The process ends with this code: end what it serves in order, with `grace` seconds for what runs."""
    exiting.settle(code, grace + shutdown.RECORDS)
    if "queue_app.server" in sys.modules:  # else it serves nothing yet
        shutdown_daphne.stop(grace)


def load_app(file: str, name: str = "demo") -> Blocks:
    """Import a file and give the Blocks called `name` in it. Its own launch() serves nothing meanwhile.

    Raises CannotServe when there is no such file or no such Blocks, and whatever the file itself raises.
    """
    path = Path(file).resolve()
    spec = importlib.util.spec_from_file_location(path.stem, path) if path.is_file() else None
    if spec is None or spec.loader is None:
        raise CannotServe(f"There is no Python file {file!r}.")
    module = importlib.util.module_from_spec(spec)
    sys.modules[path.stem] = module  # watched by the reloader, and findable by its key
    sys.path.insert(0, str(path.parent))
    with launch.loading():
        spec.loader.exec_module(module)
    found = getattr(module, name, None)
    if not isinstance(found, Blocks):
        named = [key for key, value in vars(module).items() if isinstance(value, Blocks)]
        hint = f" It has {', '.join(named)}: choose with --app." if named else ""
        raise CannotServe(f"{file} has no Blocks named {name!r}.{hint}")
    return found
