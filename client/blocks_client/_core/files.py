"""Files in arguments and results: what is uploaded, how, and where results are kept. No network here."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO, Optional, Union
from urllib.parse import quote

from blocks_client._exceptions import ArgumentError

if TYPE_CHECKING:
    from blocks_client._core.arrival import Arrival

CHUNK = 1024 * 1024
_META = {"_type": "gradio.FileData"}
#: What a system forbids in names, what ends a line or turns it around on a terminal, and halves of characters.
_NEVER_IN_NAMES = re.compile(r'[<>:"|?*\x00-\x1f\x7f-\x9f\u200e\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff]')
#: Names that Windows keeps for devices, whatever follows the dot.
_DEVICE = re.compile(r"(con|prn|aux|nul|com\d|lpt\d)(\..*)?", re.IGNORECASE)
_LONGEST_NAME = 200  # bytes; systems take 255
_KEYS = frozenset(("path", "url", "size", "orig_name", "mime_type", "is_stream", "meta", "b64", "is_file", "alt_text"))

#: Called with (bytes sent or received, bytes in all; None when nobody knows).
Progress = Callable[[int, Optional[int]], None]


class FileInput(dict):  # type: ignore[type-arg]
    """A file among the arguments of a call; a dict as it goes over the wire, made by `handle_file`.

    Attributes:
        content: the bytes, when they are not on disk.
        progress: told how much has been sent.
    """

    content: bytes | None = None
    progress: Progress | None = None

    @property
    def is_remote(self) -> bool:
        """Whether the server fetches it by itself."""
        return self.content is None and is_url(self["path"])

    @property
    def is_here(self) -> bool:
        """Whether it can be sent: bytes, or a file of this machine."""
        return self.content is not None or (not self.is_remote and Path(str(self["path"])).is_file())

    @property
    def size(self) -> int:
        """Bytes to send."""
        return len(self.content) if self.content is not None else Path(self["path"]).stat().st_size

    def chunks(self) -> Iterator[bytes]:
        """The content in pieces."""
        if self.content is not None:
            for start in range(0, len(self.content), CHUNK):
                yield self.content[start : start + CHUNK]
            return
        with Path(self["path"]).open("rb") as source:
            while piece := source.read(CHUNK):
                yield piece


def is_url(text: Any) -> bool:
    """Whether a text is an address of the web."""
    return isinstance(text, str) and text.lower().startswith(("http://", "https://"))


def handle_file(
    filepath_or_url: Union[str, os.PathLike[str], bytes, bytearray, memoryview, BinaryIO],
    *,
    name: str | None = None,
    progress: Progress | None = None,
) -> FileInput:
    """A file for a parameter of an app that takes one.

    Args:
        filepath_or_url: a path on this machine or an object with bytes (both are uploaded), or a URL (which the
            server fetches).
        name: how the server names the file; the path's own name without it.
        progress: called with the bytes sent so far and in all.

    Raises ValueError when there is no such file.
    """
    source: Any = filepath_or_url
    if hasattr(source, "read"):
        name = name or Path(str(getattr(source, "name", "file"))).name
        source = source.read()
    if isinstance(source, (bytes, bytearray, memoryview)):
        made = FileInput(path=name or "file", meta=dict(_META), orig_name=name or "file")
        made.content = bytes(source)
    elif is_url(source):
        made = FileInput(path=source, meta=dict(_META), orig_name=name or source.split("/")[-1], url=source)
    elif Path(source).is_file():
        made = FileInput(path=str(source), meta=dict(_META), orig_name=name or Path(source).name)
    else:
        raise ArgumentError(f"File {source} does not exist on local filesystem and is not a valid URL.")
    made.progress = progress
    return made


def is_file_data(value: Any) -> bool:
    """Whether a value of a result is a file: marked as one, or, of old servers, with no key that a file has not.

    Data may look like the latter, so it names a file of the app's own server alone, never an address.
    """
    if not isinstance(value, dict) or not isinstance(value.get("path"), str):
        return False
    if is_marked(value):
        return True
    return "meta" not in value and len(value) > 1 and _KEYS.issuperset(value) and "://" not in value["path"]


def is_marked(value: dict[str, Any]) -> bool:
    """Whether the app itself says that this is a file."""
    meta = value.get("meta")
    return isinstance(meta, dict) and meta.get("_type") == _META["_type"]


def is_input(value: Any) -> bool:
    """Whether an argument is a file: one that `handle_file` has made is sent, a dict only names one of the server."""
    if isinstance(value, FileInput):
        return True
    return isinstance(value, dict) and value.get("meta") == _META and isinstance(value.get("path"), str)


def found(value: Any, wanted: Callable[[Any], bool]) -> list[Any]:
    """Everything in a nest of lists, tuples and dicts that is `wanted`."""
    if wanted(value):
        return [value]
    if isinstance(value, dict):
        return [each for item in value.values() for each in found(item, wanted)]
    if isinstance(value, (list, tuple)):
        return [each for item in value for each in found(item, wanted)]
    return []


def replaced(value: Any, new: dict[int, Any]) -> Any:
    """The nest with other things at the places of some objects, by their `id()`."""
    if id(value) in new:
        return new[id(value)]
    if isinstance(value, dict):
        return {key: replaced(item, new) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [replaced(item, new) for item in value]
    return value


def on_wire(given: dict[str, Any], server_path: str | None = None) -> dict[str, Any]:
    """A file argument as servers want it."""
    sent = {"path": server_path or given["path"], "orig_name": given.get("orig_name"), "meta": dict(_META)}
    if server_path is None and given.get("url"):
        sent["url"] = given["url"]
    return sent


class Form:
    """One file as a form: the field `files`, sent in pieces, so that memory stays flat whatever its size.

    Attributes:
        content_type: the header that tells the boundary.
        size: bytes of the whole body.
    """

    def __init__(self, file: FileInput) -> None:
        boundary = os.urandom(16).hex()
        name = str(file.get("orig_name") or "file")
        for sign, escaped in (('"', "%22"), ("\r", "%0D"), ("\n", "%0A")):  # as browsers do it
            name = name.replace(sign, escaped)
        head = f'--{boundary}\r\nContent-Disposition: form-data; name="files"; filename="{name}"\r\n'
        self._file = file
        self._head = f"{head}Content-Type: application/octet-stream\r\n\r\n".encode()
        self._tail = f"\r\n--{boundary}--\r\n".encode()
        self.content_type = f"multipart/form-data; boundary={boundary}"
        self.size = len(self._head) + file.size + len(self._tail)

    def __iter__(self) -> Iterator[bytes]:
        yield self._head
        sent, total = 0, self._file.size
        for piece in self._file.chunks():
            yield piece
            sent += len(piece)
            if self._file.progress is not None:
                self._file.progress(sent, total)
        yield self._tail


def address(api: str, path: str) -> str:
    """Where a server gives the file of a path."""
    return f"{api}file={quote(path, safe='/')}"


def safe_name(name: str) -> str:
    """A name that is one component of a path on every system: its end, which tells the type, is kept."""
    last = re.split(r"[/\\]", name)[-1]
    last = _NEVER_IN_NAMES.sub("_", last).strip().strip(".").strip()
    if _DEVICE.fullmatch(last):
        last = f"_{last}"
    return last.encode()[-_LONGEST_NAME:].decode(errors="ignore").lstrip(". ") or "file"


class Folder:
    """Where files of results are kept: `<folder>/<hash of the content>/<name>`.

    Raises ValueError for a path that is a file.
    """

    def __init__(self, path: str | os.PathLike[str], keep: bool) -> None:
        self.path = Path(path).absolute()
        if self.path.exists() and not self.path.is_dir():
            raise ArgumentError(f"Path: {self.path} is not a directory.")
        self.path.mkdir(parents=True, exist_ok=True)
        self._keep = keep
        self._made: set[Path] = set()

    def open(self, name: str, size: int | None) -> Arrival:
        """A file that begins to arrive."""
        from blocks_client._core.arrival import Arrival  # here, so that importing the package is quick

        return Arrival(self, safe_name(name), size)

    def add(self, part: Path, digest: str, name: str) -> Path:
        """Take a file that has arrived whole."""
        target = self.path / digest / name
        target.parent.mkdir(exist_ok=True)
        part.replace(target)
        self._made.add(target)
        return target

    def clean(self) -> None:
        """Remove what was downloaded, unless the folder was chosen by the user."""
        if self._keep:
            return
        for path in self._made:
            path.unlink(missing_ok=True)
            try:
                path.parent.rmdir()
            except OSError:
                pass  # another client's files of the same content
        self._made.clear()
