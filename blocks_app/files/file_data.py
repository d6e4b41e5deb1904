"""Files on their way between the wire and functions.

On the wire a file is a FileData dict, of which only `path` is read back: `<id>/<name>`, our own id, the caller's.
Whoever runs pre- or postprocess for a client sets a `FileContext` around it:

    with files.use(FileContext(owner=identity.key, url_prefix="https://example.org/chat/gradio_api")):
        component.postprocess(value)

`url_prefix` is the address under which this client sees the app, without a slash at the end; the address of a file is
`<url_prefix>/file=<path>`. Without a context (a direct call from Python) files are plain paths in both directions.
"""

from __future__ import annotations

import contextlib
import os
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from contextvars import ContextVar
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypedDict
from urllib.parse import quote

from blocks_app.exceptions import Error
from blocks_app.files import remote_media, static_paths
from blocks_app.files.file_registry import owner_text
from blocks_app.files.filestore import FileStore, RegisteredFile, default_store
from blocks_app.files.paths import InvalidPathError, base_name, check_path, is_web_address, safe_name
from blocks_app.files.quotas import account
from blocks_app.i18n import gettext
from blocks_app.outages import STORAGE, Unavailable, as_unavailable

if TYPE_CHECKING:
    from blocks_app.files.file_retention import Cleaner
    from blocks_app.tree.component import Component

__all__ = [
    "FILE_SCHEMA", "SAMPLES", "FileContext", "FileData", "FileStore", "InvalidPathError", "LocalFile",
    "RegisteredFile", "SentFile", "current", "default_store", "for_this_reader", "initial", "is_web_address",
    "list_schema",
    "name_of", "owner_of", "publish", "receive", "sample", "scratch", "sent", "use",
]  # fmt: skip

#: Small files of this package that serve as examples.
SAMPLES = Path(__file__).parents[1] / "media" / "samples"


class FileData(TypedDict, total=False):
    """A file on the wire. `path` is `<id>/<name>`, or an address that the server never fetches."""

    path: str
    url: str | None
    size: int | None
    orig_name: str | None
    mime_type: str | None
    is_stream: bool
    meta: dict[str, str]


@dataclass(frozen=True, slots=True)
class LocalFile:
    """A file that a client sent, as a function may have it: `name` is what the visitor calls it."""

    path: Path
    name: str


@dataclass(frozen=True, slots=True)
class FileContext:
    """For whom files are read and stored; for `url_prefix` see the module.

    `owner` is the identity key of a logged-in person, "" for everybody; the paths are those of the mount, see
    `blocks_app.files.paths.check_path`; `session` and `mount` tell whose event reads or stores."""

    owner: str = ""
    url_prefix: str = ""
    allowed_paths: tuple[str, ...] = ()
    blocked_paths: tuple[str, ...] = ()
    store: FileStore = field(default_factory=default_store)
    #: Who deletes what is stored here when it is old; None keeps it.
    cleaner: Cleaner | None = None
    #: The visitor's address: with the owner it names the account on which files go, see `blocks_app.files.quotas`.
    address: str = ""
    session: str = ""
    mount: str = ""
    #: Hosts whose media pages of this app show; None where nobody need be told of others.
    media: tuple[str, ...] | None = None
    #: Most bytes of a file that a visitor gives; None for as many as come.
    largest: int | None = None
    #: True while initial values are stored: readable by everybody and never swept.
    keep: bool = False

    @as_unavailable(STORAGE)
    def save(self, source: Any, name: str, *, made: bool = True) -> RegisteredFile:
        """Store a file for this caller: one that a function made, or an upload. Raises QuotaExceeded, Unavailable."""
        if self.keep:
            return self.store.save(source, name, keep=True)
        record = self.store.save(
            source,
            name,
            owner=self.owner,
            payer=account(self.owner, self.address),
            session=self.session,
            mount=self.mount,
            made=made,
            expires=None if self.cleaner is None else time.time() + self.cleaner.age,
        )
        if self.cleaner is not None:
            self.cleaner.note(self.store, record.id)
        return record

    @as_unavailable(STORAGE)
    def scratch(self, name: str) -> Path:
        """A path for a new file of this name, in a new folder."""
        place = self.store.scratch(name)
        if self.cleaner is not None:
            self.cleaner.note(self.store, place)
        return place

    def data(self, record: RegisteredFile) -> FileData:
        """The wire value of a stored file."""
        url = f"{self.url_prefix}/file={quote(record.path)}"
        return file_data(record.path, url, size=record.size, orig_name=record.orig_name)


current: ContextVar[FileContext | None] = ContextVar("blocks_app.files.current", default=None)


@contextlib.contextmanager
def use(context: FileContext | None) -> Iterator[None]:
    """Read and store files for this context inside the `with`."""
    token = current.set(context)
    try:
        yield
    finally:
        current.reset(token)


def owner_of(identity: Any) -> str:
    """Owner of what a visitor stores: the identity's key, "" (whoever knows the id) for one who has not logged in."""
    return "" if identity is None or identity.is_anonymous else str(identity.key)


def file_data(path: str, url: str | None, *, size: int | None = None, orig_name: str | None = None) -> FileData:
    """A complete wire value."""
    return {
        "path": path,
        "url": url,
        "size": size,
        "orig_name": orig_name,
        "mime_type": None,
        "is_stream": False,
        "meta": {"_type": "gradio.FileData"},
    }


def name_of(component: Component | None) -> str:
    """How messages to a visitor name a component: its class and label."""
    if component is None:
        return "The event"
    kind, label = type(component).__name__, component.label
    return f'{kind} "{label}"' if label else kind


def receive(payload: Any, component: Component | None) -> LocalFile:
    """The file that a client's value names.

    Args:
        payload: the wire value; of a dict only `path` is read.
        component: whose value it is; named in messages.

    Raises:
        Error: the value names no file, or none of this caller's.
    """
    block, context = name_of(component), current.get()
    path = payload.get("path") if isinstance(payload, dict) else None
    if context is None:
        return _receive_plain(payload if path is None else path, block)
    if is_web_address(path):
        raise Error(
            gettext("%(block)s: this server does not fetch files from other addresses. Upload the file itself.")
            % {"block": block}
        )
    if not isinstance(path, str):
        raise Error(f"{block} takes an uploaded file, a record with `path`; got {type(payload).__name__}.")
    record = context.store.find(path, context.owner)
    if record is None and (static := _static_file(path, context)) is not None:
        return LocalFile(static, static.name)
    if record is None:
        raise Error(
            gettext("%(block)s: this file was not uploaded here, or it has expired. Upload it again.")
            % {"block": block}
        )
    context.store.claim(record, context.session)
    try:
        return LocalFile(context.store.local_path(record), record.orig_name)
    except OSError as error:
        raise Error(
            gettext("%(block)s: the file %(orig_name)r is not there any more. Upload it again.")
            % {"block": block, "orig_name": record.orig_name}
        ) from error


def _static_file(path: str, context: FileContext) -> Path | None:
    """The file that lies where the author opened it to everybody, if that is what a client names."""
    if not static_paths.static_paths() or not static_paths.is_absolute(path):
        return None
    try:
        real = static_paths.opened(path, (), context.blocked_paths)
    except static_paths.NotServed:
        return None
    return real if real.is_file() else None


@dataclass(frozen=True, slots=True)
class SentFile:
    """A file that an event tells about; the names of Gradio's FileData."""

    path: str
    orig_name: str
    size: int | None = None
    url: str | None = None
    mime_type: str | None = None


def sent(payload: Any, component: Component | None) -> SentFile:
    """The file that an event's data names, checked as by `receive`."""
    file = receive(payload, component)
    return SentFile(str(file.path), file.name, file.path.stat().st_size if file.path.exists() else None)


def _receive_plain(path: Any, block: str) -> LocalFile:
    if not isinstance(path, str | os.PathLike):
        raise Error(f"{block} takes the path of a file; got {type(path).__name__}.")
    return LocalFile(Path(path), Path(path).name)


def publish(value: Any, name: str | None = None, *, size: bool = True) -> FileData:
    """The wire value of a file that a function returned, copied into the store.

    Args:
        value: a path that may be handed out, an http(s) address (kept as it is), the content, or a wire value that
            the function got and hands back.
        name: what the visitor calls it; the path's last segment when None.
        size: False leaves out the size, which some components do not tell.

    Raises:
        InvalidPathError: the path may not be handed out; see `blocks_app.files.paths.check_path`.
    """
    context = current.get()
    if isinstance(value, Mapping) and "path" in value:
        record = context.store.find(value["path"], context.owner) if context is not None else None
        if context is not None and record is not None:
            return context.data(record) if size else {**context.data(record), "size": None}
        value, name = value["path"], name or value.get("orig_name")
    if is_web_address(value):
        address = str(value)
        remote_media.note(address, context)
        return file_data(address, address, orig_name=base_name(address.split("?")[0]) or None)
    if not isinstance(value, str | os.PathLike | bytes):
        raise TypeError(f"A file is given by its path or its content (bytes), not by {type(value).__name__}.")
    if context is None:
        data = _publish_plain(value, name)
    elif (static := _in_place(value, context)) is not None:
        data = static
    else:
        data = context.data(_store_result(context, value, name))
    return data if size else {**data, "size": None}


def _publish_plain(value: str | os.PathLike[str] | bytes, name: str | None) -> FileData:
    if isinstance(value, bytes):
        place = scratch(name or "file")
        place.write_bytes(value)
        value = place
    place = Path(value)
    if not place.is_file():
        raise InvalidPathError(f"There is no file {str(place)!r}. A function returns the path of a file that exists.")
    return file_data(str(place), None, size=place.stat().st_size, orig_name=name or place.name)


def _in_place(value: str | os.PathLike[str] | bytes, context: FileContext) -> FileData | None:
    """The wire value of a file that `set_static_paths` opened: its own path, nothing is copied."""
    if isinstance(value, bytes) or not static_paths.static_paths() or "\0" in os.fspath(value):
        return None
    real = Path(value).resolve()
    if not static_paths.is_static(real, context.blocked_paths) or not real.is_file():
        return None
    url = f"{context.url_prefix}/file={quote(str(real))}"
    return file_data(str(real), url, size=real.stat().st_size, orig_name=real.name)


def _store_result(context: FileContext, value: str | os.PathLike[str] | bytes, name: str | None) -> RegisteredFile:
    keep, owner = context.keep, "" if context.keep else context.owner
    if isinstance(value, bytes):
        return context.save(value, name or "file")
    allowed: list[str | Path] = [*context.allowed_paths, context.store.local, SAMPLES]
    real = check_path(value, allowed, context.blocked_paths)
    known = context.store.find_local(real)
    if known is not None and known.owner in ("", owner, owner_text(owner)) and (known.keep or not keep):
        return known  # the visitor's own upload handed back, or a result of before
    return context.save(real, name or Path(value).name)


def initial(component: Any, make: Callable[[], Any]) -> Any:
    """The wire value of a component's initial files: stored once for all pages that show them, and kept.

    `make` gives the wire value with its files, again when the raw value was replaced or a file has gone.
    """
    context = current.get()
    if context is None:
        return make()
    known = getattr(component, "_initial_files", None)
    if known is not None and known[0] is component.value and known[1] is context.store:
        with contextlib.suppress(LookupError):
            return for_this_reader(known[2], context)
    with use(replace(context, keep=True)):
        made = make()
    component._initial_files = (component.value, context.store, made)
    return made


def for_this_reader(value: Any, context: FileContext) -> Any:
    """The same files with this reader's addresses. Raises LookupError if one has gone."""
    if isinstance(value, list):
        return [for_this_reader(item, context) for item in value]
    if isinstance(value, dict) and "path" not in value:
        return {name: for_this_reader(item, context) for name, item in value.items()}
    if not isinstance(value, dict) or is_web_address(value["path"]):
        return value
    if static_paths.is_absolute(value["path"]):
        raise LookupError(value["path"])  # it lies where it lies, and its address depends on the reader
    record = context.store.kept(value["path"])
    if record is None:
        raise LookupError(value["path"])
    return {**context.data(record), "size": value["size"]}


_samples: dict[tuple[FileStore, str], str] = {}


def sample(name: str) -> FileData:
    """The wire value of a small file that comes with this package, for examples: see SAMPLES."""
    context = current.get()
    if context is None:
        return publish(SAMPLES / name)
    record = context.store.kept(_samples.get((context.store, name)))
    if record is None:
        try:
            with use(replace(context, keep=True)):
                data = publish(SAMPLES / name)
        except Unavailable:  # a disk that is full is no reason to tell nothing, nor where the package lies
            return file_data(name, None, orig_name=name)
        _samples[context.store, name] = data["path"]
        return data
    return context.data(record)


def scratch(name: str) -> Path:
    """A path for a new file of this name, in a new folder that is cleaned up some day."""
    context = current.get()
    if context is not None:
        return context.scratch(name)
    return Path(tempfile.mkdtemp(prefix="blocks-")) / safe_name(name)


def _nullable(kind: str, title: str) -> dict[str, Any]:
    return {"anyOf": [{"type": kind}, {"type": "null"}], "default": None, "title": title}


#: JSON schema of FileData, with the titles and order that Gradio's clients compare.
FILE_SCHEMA: dict[str, Any] = {
    "properties": {
        "path": {"title": "Path", "type": "string"},
        "url": _nullable("string", "Url"),
        "size": _nullable("integer", "Size"),
        "orig_name": _nullable("string", "Orig Name"),
        "mime_type": _nullable("string", "Mime Type"),
        "is_stream": {"default": False, "title": "Is Stream", "type": "boolean"},
        "meta": {"default": {"_type": "gradio.FileData"}, "title": "Meta", "type": "object"},
    },
    "required": ["path"],
    "title": "FileData",
    "type": "object",
}


def list_schema(title: str = "ListFiles") -> dict[str, Any]:
    """JSON schema of a list of files."""
    return {
        "$defs": {"FileData": FILE_SCHEMA},
        "items": {"$ref": "#/$defs/FileData"},
        "title": title,
        "type": "array",
    }
