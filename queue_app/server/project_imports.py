"""launch() at the top of a script that a Django project imports: the project serves the app, launch() does not.

Such a script ends with `demo.launch()` because it was written to be run. When the project's URLs import it, a second
server would start and wait for Ctrl-C: in `manage.py migrate`, and in the first visitor's request.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping
from dataclasses import replace
from types import FrameType
from typing import TYPE_CHECKING, Any

from blocks_app.diagnostics.mistakes import warn
from blocks_app.web import registry
from blocks_app.web.mounting import restyle
from queue_app.server import mounting

if TYPE_CHECKING:
    from blocks_app.blocks import Blocks
    from queue_app.server.launch_options import LaunchArguments

#: Functions of Django's that import a project's modules.
_IMPORTING = {("django.urls.resolvers", "urlconf_module"), ("django.apps.registry", "populate")}
_TEXT = (
    "launch() serves nothing here: this file is imported by the Django project, which serves the app where its URLs "
    'mount it. Write `if __name__ == "__main__":` before launch() to have it for the file alone.'
)


def under_way() -> bool:
    """Whether a Django project is importing its modules at the moment, in this thread."""
    if "django.conf" not in sys.modules:
        return False
    projects = _project_modules()
    return any(_where(frame) in _IMPORTING or _where(frame) in projects for frame in _frames())


def leave_to_project(blocks: Blocks, wanted: LaunchArguments, given: Mapping[str, Any]) -> None:
    """The login that launch() asks for, and what it says of the page, hold where the project mounts the app."""
    mount = registry.mount(blocks)
    if (wanted.auth, wanted.auth_dependency, wanted.permission) != (None, None, None):
        wanted.admit(mount)
    if serving := {name: given[name] for name in mounting.SERVING if given.get(name) is not None}:
        mounting.serve_with(blocks, **serving)
    if wanted.api_open is not None:
        blocks.queue_options = replace(blocks.queue_options, api_open=wanted.api_open)
    restyle(blocks, wanted.look)
    warn(_TEXT)


def _frames() -> Iterator[FrameType]:
    frame: FrameType | None = sys._getframe(1)
    while frame is not None:
        yield frame
        frame = frame.f_back


def _where(frame: FrameType) -> tuple[str, str]:
    return str(frame.f_globals.get("__name__")), frame.f_code.co_name


def _project_modules() -> set[tuple[str, str]]:
    """The modules that a server loads by name."""
    from django.conf import settings

    if not settings.configured:
        return set()
    applications = [getattr(settings, name, None) for name in ("ASGI_APPLICATION", "WSGI_APPLICATION")]
    return {(str(name).rpartition(".")[0], "<module>") for name in applications if name}
