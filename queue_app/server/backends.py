"""Which server launch() and runblocks serve with: Daphne, or Uvicorn where `BLOCKS_SERVER` says so.

Each of them is a module that does what `Backend` says; it is imported when the first server starts, so that nobody
waits for the other. A process may hold both, one beside the other: whoever started a server ends it where it runs.
"""

from __future__ import annotations

import sys
from collections.abc import Awaitable, Callable, Coroutine
from importlib import import_module
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any, Protocol, TypeVar, cast

from queue_app import conf
from queue_app.exceptions import LaunchError
from queue_app.execution import engine

if TYPE_CHECKING:
    import socket

T = TypeVar("T")
Application = Callable[..., Awaitable[None]]

_MODULES = {"daphne": "queue_app.server.daphne.embedded", "uvicorn": "queue_app.server.uvicorn.embedded"}
#: What the server needs beside what is always installed.
_LIBRARIES = {"daphne": ("daphne", "twisted"), "uvicorn": ("uvicorn", "httptools", "websockets")}


class EmbeddedServer(Protocol):
    """One listening socket of this process, and who is connected to it. Call its methods off the server's loop."""

    def start(self) -> None:
        """Serve from now on; returns when connections are answered."""

    def stop_listening(self) -> None:
        """Let nobody new in."""

    def close(self) -> None:
        """Stop listening, end every connection and wait until both have happened."""


class Backend(Protocol):
    """A server that runs in a thread of this process, on one loop for all that it serves."""

    def serve(
        self, application: Application, listening: socket.socket, tls: Any = None, *, lifespan: bool = False
    ) -> EmbeddedServer:
        """A server that has started.

        Args:
            application: the ASGI application.
            listening: a bound, listening, non-blocking socket; it is the server's from now on.
            tls: what `tls_context` gave, to speak https.
            lifespan: whether the application is all that the process serves, and is told of start and end.
        """

    def on_loop(self, action: Callable[[], Coroutine[Any, Any, T]]) -> T:
        """Run a coroutine on the servers' loop; wait for its result and give it."""

    def stop(self, grace: float = 0.0) -> None:
        """The program ends: end all that is served, with `grace` seconds for what runs, and then the loop."""

    def tls_context(self, certfile: str, keyfile: str | None, password: str | None) -> Any:
        """What `serve` takes as `tls`. Raises LaunchError when key and certificate do not work."""


def chosen() -> Backend:
    """The backend that `BLOCKS_SERVER` names.

    Raises LaunchError when there is none of that name, or none installed; and when `BLOCKS_ENGINE` names no engine, as
    whoever starts a server shall hear of it, and not the first visitor.
    """
    name = conf.server()
    if (problem := problem_with(name) or engine.problem()) is not None:
        raise LaunchError(problem)
    return cast(Backend, import_module(_MODULES[name]))


def problem_with(name: str) -> str | None:
    """Why this cannot be BLOCKS_SERVER, in a sentence; None when it can."""
    if name not in _MODULES:
        return f"BLOCKS_SERVER must be {' or '.join(map(repr, _MODULES))}, not {name!r}."
    missing = [library for library in _LIBRARIES[name] if find_spec(library) is None]
    if missing:
        return f"BLOCKS_SERVER is {name!r}, but {missing[0]} is not installed: pip install 'blocks-on-django[uvicorn]'."
    return None


def stop_all(grace: float) -> None:
    """End what this process serves, with `grace` seconds for what runs."""
    for module in [sys.modules[name] for name in _MODULES.values() if name in sys.modules]:
        cast(Backend, module).stop(grace)
