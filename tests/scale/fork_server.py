"""Starts programs for an arrangement, those of Python in a tenth of a second, as everything is imported already.

Reads a command per line, as JSON, and answers with the number of its process. A command that is one of Python's
installed programs (`celery`, `uvicorn`, `django-admin`) is called in a fork of this process, any other one is executed.
All of them end with this process, and it ends with whoever has started it.
"""

from __future__ import annotations

import atexit
import ctypes
import gc
import json
import os
import signal
import sys
import threading
from importlib import import_module
from importlib.metadata import EntryPoint, entry_points
from pathlib import Path
from typing import Any, NoReturn

#: What a web process and a worker import, but for what remembers the process that has imported it.
PROGRAMS = ("celery.bin.celery", "celery.apps.worker", "celery.concurrency.thread", "kombu.transport.redis")
PROGRAMS += ("uvicorn.main", "uvicorn.protocols.http.httptools_impl", "uvicorn.protocols.websockets.websockets_impl")
OURS = ("queue_app.engines.celery", "queue_app.engines.worker_engine", "project.asgi")
_SIGNAL_OF_PARENT = 1  # PR_SET_PDEATHSIG


def main() -> None:
    """Import, say so, and take commands until nobody gives any."""
    import django

    django.setup()
    from django.conf import settings

    for name in (*PROGRAMS, *OURS, settings.ROOT_URLCONF):
        import_module(name)
    gc.freeze()
    programs = {each.name: each for each in entry_points(group="console_scripts")}
    print("ready", flush=True)
    for line in sys.stdin:
        asked = json.loads(line)
        _bury()
        print(_start(programs, asked), flush=True)


def _bury() -> None:
    try:
        while os.waitpid(-1, os.WNOHANG)[0]:
            pass
    except ChildProcessError:
        pass


def _start(programs: dict[str, EntryPoint], asked: dict[str, Any]) -> int:
    pid = os.fork()
    if not pid:
        _become(programs, asked)
    return pid


def _become(programs: dict[str, EntryPoint], asked: dict[str, Any]) -> NoReturn:
    ctypes.CDLL(None).prctl(_SIGNAL_OF_PARENT, signal.SIGKILL)
    _redirect(asked["log"])
    os.environ.update(asked["environment"])
    command: list[str] = asked["command"]
    if command[0] not in programs:
        os.execv(command[0], command)
    sys.argv = command
    try:
        code = programs[command[0]].load()()
    except SystemExit as ended:
        code = ended.code
    _end(code)


def _end(code: object) -> NoReturn:
    """What a program does at its end, but for taking the interpreter apart: that would copy all that forks share."""
    threading._shutdown()  # type: ignore[attr-defined]
    atexit._run_exitfuncs()
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(code if isinstance(code, int) else int(code is not None))


def _redirect(log: str) -> None:
    nothing, out = os.open(os.devnull, os.O_RDONLY), os.open(log, os.O_WRONLY | os.O_CREAT | os.O_APPEND)
    for source, target in ((nothing, 0), (out, 1), (out, 2)):
        os.dup2(source, target)


if __name__ == "__main__":
    sys.path[0] = str(Path.cwd())
    main()
