"""Start the process anew when a source file changes: Django's reloader, without its blind first second."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from types import FrameType
from typing import Any

from django.apps import apps
from django.utils import autoreload

from queue_app import conf
from queue_app.log_sentences import logger
from queue_app.server import broken_file, runblocks
from queue_app.server.minimal_project import ensure_django
from queue_app.shutdown import process_exit, signals

log = logger("queue_app.reloading")

#: With this exit code a child asks to be started anew.
ANEW = 3


class Reloader(autoreload.StatReloader):
    """Looks at every loaded source file once a second.

    Django's own takes the first look at a file for its loaded state. An app is up in less than a second, and
    whoever saves the file before that first look would wait for ever: such a file counts as changed here.
    """

    def __init__(self, *files: str) -> None:
        """`files` are looked at even if they were away, as while an editor replaces them, when modules were listed."""
        super().__init__()
        self.extra_files.update(Path(file).resolve() for file in files)
        self.started = time.time()
        self.seen: set[Path] = set()

    def run(self, django_main_thread: threading.Thread) -> None:
        """Look until a file has changed.

        Django's own first imports the site's addresses, beside the thread that imports them to serve them: two threads
        that import packages with cycles may each find the other's half done.
        """
        self.wait_for_apps_ready(apps, django_main_thread)
        autoreload.autoreload_started.send(sender=self)
        self.run_loop()

    def snapshot_files(self) -> Iterator[tuple[Path, float]]:
        """Each watched file with its time; a file saved since the start shows at first as if it were old.

        Modules and folders may vanish while they are looked through; then the rest is looked at the next time.
        """
        try:
            for file, saved in super().snapshot_files():
                first = file not in self.seen
                self.seen.add(file)
                # A time in the future is a wrong clock's, and would start us anew for ever.
                yield file, 0.0 if first and self.started < saved <= time.time() else saved
        except (LookupError, OSError, RuntimeError) as error:
            log.debug("reloader.looks_again", extra={"error": repr(error)})


def run(main: Callable[[], Any], *files: str) -> None:
    """Run `main` in a child of this process, and again whenever a source file, or one of `files`, has changed.

    The child ends in order, at once when it is started anew; a signal gives its events the usual grace.
    """
    if os.environ.get(autoreload.DJANGO_AUTORELOAD_ENV) != "true":
        sys.exit(Keeper().keep())
    code = 0
    process_exit.leave_at_last()
    signals.end_like_an_interrupt(threads_too=True)
    try:
        autoreload.start_django(Reloader(*files), main)
    except KeyboardInterrupt:
        ensure_django()  # it may have come before
        runblocks.end(0, conf.shutdown_grace())
    except SystemExit as end:
        code = end.code if isinstance(end.code, int) else 0
        runblocks.end(code, 0.0)
    sys.exit(code)


def install() -> None:
    """Let Django's reloader, that of `runserver`, pass signals on as well instead of killing what serves."""
    autoreload.restart_with_reloader = lambda: Keeper().keep()


class Keeper:
    """The parent: keeps one child running. A signal is passed on, and then the child is waited for.

    Django's own kills its child when it is told to end.
    """

    def __init__(self) -> None:
        self.child: subprocess.Popen[bytes] | None = None
        self.signalled = False

    def keep(self) -> int:
        """Start the child, and anew when it asks for it; its exit code."""
        for number in (signal.SIGINT, signal.SIGTERM, getattr(signal, "SIGHUP", signal.SIGTERM)):
            if signal.getsignal(number) != signal.SIG_IGN:
                signal.signal(number, self.pass_on)
        command = autoreload.get_child_arguments()
        with tempfile.TemporaryDirectory(prefix="blocks-") as folder:
            note = str(Path(folder) / "served_at")
            environment = {**os.environ, autoreload.DJANGO_AUTORELOAD_ENV: "true", broken_file.NOTE: note}
            while True:
                self.child = subprocess.Popen(command, env=environment, close_fds=False)
                if self.signalled:
                    self.child.terminate()
                code = self.child.wait()
                if self.signalled:
                    return max(code, 0)  # a signal ended it before it could do anything about it
                if code != ANEW:
                    return code

    def pass_on(self, number: int, frame: FrameType | None) -> None:
        """The process is told to end, perhaps for the second time: the child knows what that means."""
        self.signalled = True
        if self.child is not None:
            self.child.terminate()
