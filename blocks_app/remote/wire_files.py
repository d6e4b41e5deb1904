"""Files among wire values: a visitor's go to the app elsewhere, the app's come into the store of this site."""

from __future__ import annotations

import os
import shutil
import tempfile
import weakref
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from blocks_app.files import file_data
from blocks_app.files.paths import is_web_address, safe_name

if TYPE_CHECKING:
    from blocks_app.remote.connection import RemoteApp
    from blocks_app.tree.component import Component

DEEPEST = 100  # lists in lists


def is_file(value: Any) -> bool:
    """Whether a wire value is a file: data that merely look like one are data."""
    meta = value.get("meta") if isinstance(value, dict) else None
    return isinstance(meta, dict) and meta.get("_type") == "gradio.FileData" and isinstance(value.get("path"), str)


def has_files(value: Any) -> bool:
    """Whether there is a file anywhere in a value."""
    found = False

    def note(file: dict[str, Any]) -> Any:
        nonlocal found
        found = True
        return file

    changed(value, note)
    return found


def changed(value: Any, change: Callable[[dict[str, Any]], Any], depth: int = 0) -> Any:
    """The value with something else in place of each file in it."""
    if is_file(value):
        return change(value)
    if depth > DEEPEST:
        return value
    if isinstance(value, dict):
        return {name: changed(each, change, depth + 1) for name, each in value.items()}
    if isinstance(value, (list, tuple)):
        return [changed(each, change, depth + 1) for each in value]
    return value


def sent(value: Any, component: Component) -> Any:
    """An input with the visitor's own files as the client uploads them.

    Raises:
        Error: a file is not the visitor's, or is an address, which nobody here visits.
    """
    from blocks_client import handle_file

    def upload(file: dict[str, Any]) -> Any:
        mine = file_data.receive(file, component)
        return handle_file(mine.path, name=mine.name)

    return changed(value, upload)


class Arriving:
    """The files of one event's results: each is fetched once, and stored for this visitor."""

    def __init__(self, connection: RemoteApp) -> None:
        self._connection = connection
        self._known: dict[str, Any] = {}
        self._folder: Path | None = None

    def taken(self, value: Any) -> Any:
        """A value with the app's files as this site's. Fetches, so it belongs into a thread."""
        return changed(value, self._stored)

    def is_under_way(self, value: Any) -> bool:
        """Whether a value is a sound or film that the app is still making: it is shown when it is whole."""
        return is_file(value) and bool(value.get("is_stream"))

    def close(self) -> None:
        """Remove what was fetched; it is in the store, or nobody wants it."""
        if self._folder is not None:
            shutil.rmtree(self._folder, ignore_errors=True)

    def _stored(self, file: dict[str, Any]) -> Any:
        path = str(file["path"])
        if path not in self._known:
            self._known[path] = self._store(file, path)
        return self._known[path]

    def _store(self, file: dict[str, Any], path: str) -> Any:
        if is_web_address(path) and not path.startswith(self._connection.client.src):
            return file_data.publish(path)  # another host's: the browser may look at it, this server does not
        if self._folder is None:
            self._folder = Path(tempfile.mkdtemp(prefix="blocks-load-"))
        found = self._connection.fetch(file, self._folder)
        name = safe_name(str(file.get("orig_name") or found.name))
        context = file_data.current.get()
        if context is None:  # a call from Python: the caller gets a path
            kept = file_data.scratch(name)
            shutil.move(found, kept)
            return str(kept)
        kept_extra = {key: file[key] for key in ("mime_type", "alt_text") if file.get(key)}
        return {**context.data(context.save(found, name)), **kept_extra}


def _remove(folder: Path, process: int) -> None:
    """Remove a folder where it was made: a fork that ends leaves it to the processes beside it."""
    if process == os.getpid():
        shutil.rmtree(folder, ignore_errors=True)


class FirstFiles:
    """The files of a config, fetched while the app is declared: what its page shows at first. They go with the app."""

    def __init__(self, connection: RemoteApp) -> None:
        self._connection = connection
        self._known: dict[str, str] = {}
        self._folder: Path | None = None

    def path(self, file: dict[str, Any]) -> str:
        """Where a file lies here; another host's stays an address."""
        path = str(file["path"])
        if is_web_address(path) and not path.startswith(self._connection.client.src):
            return path
        if path not in self._known:
            if self._folder is None:
                self._folder = Path(tempfile.mkdtemp(prefix="blocks-load-"))
                weakref.finalize(self, _remove, self._folder, os.getpid())
            self._known[path] = str(self._connection.fetch(file, self._folder))
        return self._known[path]

    def kept(self) -> list[Path]:
        """Where those lie that were fetched."""
        return [Path(each) for each in self._known.values()]

    def in_options(self, value: Any) -> Any:
        """An option with paths in place of files, as an app's author would write it."""
        return changed(value, self.path)

    def first_value(self, component: Component, wire: Any) -> Callable[[], Any]:
        """What makes the wire value that a page starts with; its files are those of everybody."""
        if not has_files(wire):
            return lambda: wire
        here = changed(wire, lambda file: {**file, "path": self.path(file), "url": None})

        def published() -> Any:
            return changed(here, lambda file: _published(file))

        return lambda: file_data.initial(component, published)


def _published(file: dict[str, Any]) -> Any:
    context = file_data.current.get()
    path, name = str(file["path"]), safe_name(str(file.get("orig_name") or Path(str(file["path"])).name))
    if context is None or is_web_address(path):
        return file_data.publish(path)
    return context.data(replace(context, keep=True).save(Path(path), name))
