"""What a file that `runblocks` runs launches, in whichever of its threads and however late.

Whoever serves the file must know before it serves an app by itself, without the login that a later launch() asks for.
So a file that speaks of launch() and has started threads is waited for; one whose launch() with a login was never
called, or failed, is not served at all.
"""

from __future__ import annotations

import ast
import os
import sys
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from types import ModuleType
from typing import Any

from django.utils.autoreload import DJANGO_AUTORELOAD_ENV

from blocks_app.blocks import Blocks
from queue_app.exceptions import CannotServe
from queue_app.server import launching
from queue_app.server.launch_options import LaunchArguments
from queue_app.shutdown import signals

#: Arguments of launch() that decide who may use the app.
_LOGINS = {"auth", "auth_dependency", "permission"}
_OURS = ("auth_app", "blocks_app", "queue_app")


@dataclass
class CommandLine:
    """What the command line says of the file: it wins over the first launch() in it."""

    app: str | None = None
    host: str | None = None
    port: int | None = None


class FileLaunches:
    """The launches of one file: a `launching.LaunchHost`."""

    def __init__(self, command_line: CommandLine) -> None:
        self.command_line = command_line
        self.module: ModuleType | None = None
        self.launched: list[Blocks] = []
        self.by_default: Blocks | None = None
        self.failure: BaseException | None = None
        self._seen = signals.Wakeup()
        self._before = set(threading.enumerate())
        self._failed_threads: list[str] = []

    @property
    def serves(self) -> bool:
        """Whether one of the apps that the file has launched was not closed by it."""
        return any(blocks.server is not None for blocks in self.launched)

    def place(self) -> tuple[str, int] | None:
        """Host and port of the first app that is served in the clear; None where there is none."""
        for blocks in (*self.launched, self.by_default):
            server = None if blocks is None else blocks.server
            if server is not None and not server.wanted.ssl_certfile:
                return server.wanted.server_name or "127.0.0.1", server.port
        return None

    def begins(self, blocks: Blocks) -> None:
        """The file calls launch(): nothing else is served in its place, even if it fails."""
        if self._concerns(blocks):
            self._seen.set()

    def failed(self, blocks: Blocks, error: BaseException) -> None:
        """That launch() has raised."""
        if self._concerns(blocks):
            self.failure = error

    def options(self, blocks: Blocks, wanted: LaunchArguments) -> LaunchArguments | None:
        """What holds for a launch(); None when the command line chooses another app."""
        if self.by_default is not None:
            return self._after_all(blocks, wanted)
        if not self._concerns(blocks):
            return None
        if not self.launched:
            line = self.command_line
            port = wanted.server_port if line.port is None else line.port
            wanted = replace(wanted, server_name=line.host or wanted.server_name, server_port=port)
        self.launched.append(blocks)
        # With the reloader a new tab would open after each change of the file.
        reloads = os.environ.get(DJANGO_AUTORELOAD_ENV) == "true"
        return replace(wanted, inbrowser=wanted.inbrowser and not reloads)

    def _after_all(self, blocks: Blocks, wanted: LaunchArguments) -> LaunchArguments:
        """An app that is served by default is launched after all: as this says, at the same address."""
        if blocks is self.by_default and blocks.server is not None:
            place = blocks.server.wanted.server_name, blocks.server.port
            launching.close(blocks, verbose=False)
            wanted = replace(wanted, server_name=place[0], server_port=place[1])
        return wanted

    def _concerns(self, blocks: Blocks) -> bool:
        name = self.command_line.app
        return name is None or getattr(self.module, name, None) is blocks

    def wait(self, path: Path, say: Callable[[str], Any]) -> None:
        """Return when launch() was called, or when nothing of the file can call it any more.

        Raises CannotServe when an app would be served in another way than the file says.
        """
        calls = LaunchCalls.of(_sources(path))
        if not self._seen.is_set and calls.mentioned and self._threads():
            say(f"Waiting for launch(): {path.name} calls it, and its threads have not ended.")
            threading.Thread(target=self._watch, name="blocks-launches", daemon=True).start()
            self._seen.wait()
        with launching.one_at_a_time:  # a launch() that has begun ends first
            self._refuse(path.name, calls)

    def _refuse(self, file: str, calls: LaunchCalls) -> None:
        if self.launched and self.failure is None:
            return
        if self.serves:
            return
        if self.failure is not None:
            raise CannotServe(f"launch() in {file} failed: {self.failure}") from self.failure
        if calls.mentioned and self._failed_threads:
            raise CannotServe(f"A thread of {file} ended with {self._failed_threads[0]}, and nothing called launch().")
        if calls.mentioned and _children():
            raise CannotServe(f"{file} calls launch() in another process; call it in this one.")
        if calls.guarded:
            hint = "Call it, or take its login away, to serve the app."
            raise CannotServe(f"{file} has a launch() with a login that was not called. {hint}")

    def _threads(self) -> list[threading.Thread]:
        """The threads that the file has started and that live."""
        here = threading.current_thread()
        found = [one for one in threading.enumerate() if one not in self._before and one is not here]
        return [one for one in found if one.name != "blocks-launches"]

    def _watch(self) -> None:
        while threads := self._threads():
            for thread in threads:
                thread.join()
        self._seen.set()

    @contextmanager
    def noting_threads(self) -> Iterator[None]:
        """While the file runs, and until `wait` has returned: see which of its threads fail."""
        before = threading.excepthook

        def note(args: threading.ExceptHookArgs, /) -> None:
            self._failed_threads.append(args.exc_type.__name__)
            before(args)

        threading.excepthook = note
        try:
            yield
        finally:
            if threading.excepthook is note:  # else the file has its own
                threading.excepthook = before


@dataclass
class LaunchCalls:
    """What sources say of launch(): whether they speak of it, and whether they call it with a login."""

    mentioned: bool = False
    guarded: bool = False

    @classmethod
    def of(cls, sources: Iterable[Path]) -> LaunchCalls:
        """Read some source files."""
        found = cls()
        for source in sources:
            try:
                tree = ast.parse(source.read_bytes())
            except (OSError, SyntaxError, ValueError, RecursionError):
                continue  # it has run, or has told what is wrong
            for node in ast.walk(tree):
                found._note(node)
        return found

    def _note(self, node: ast.AST) -> None:
        self.mentioned = self.mentioned or _is_launch(node)
        if isinstance(node, ast.Call) and any(map(_is_launch, (node.func, *node.args))):
            given = (word for word in node.keywords if word.arg in _LOGINS)
            self.guarded = self.guarded or any(not _is_none(word.value) for word in given)


def _is_launch(node: ast.AST) -> bool:
    """`demo.launch`, `launch`, and "launch" as in getattr(demo, "launch")."""
    name = getattr(node, "attr", None) or getattr(node, "id", None) or getattr(node, "value", None)
    return isinstance(name, str) and name == "launch"


def _is_none(node: ast.AST) -> bool:
    return isinstance(node, ast.Constant) and node.value is None


def _sources(path: Path) -> set[Path]:
    """The file, and what it has imported from its own folder."""
    found = {path}
    for name, module in list(sys.modules.items()):
        source = _file_of(module)
        if not isinstance(source, str) or name.partition(".")[0] in _OURS or not source.endswith(".py"):
            continue
        own = Path(source)
        if own.is_relative_to(path.parent) and not {"site-packages", "dist-packages"} & set(own.parts):
            found.add(own)
    return found


def _file_of(module: object) -> object:
    """Where a module stands, without asking it: one that is loaded on its first use must not be loaded by this."""
    try:
        return object.__getattribute__(module, "__dict__").get("__file__")
    except AttributeError:  # whatever else somebody has put there
        return None


def _children() -> bool:
    """Whether the file has started processes that live."""
    multiprocessing = sys.modules.get("multiprocessing")
    return multiprocessing is not None and bool(multiprocessing.active_children())
