"""The files of a link: never those of another visitor, unless who made the link has shared them on purpose.

A file of a page (an initial value, an example) is everybody's and stays. Another is its owner's: a link names it, and
opens it for its owner alone. When the owner shares it, the link gets a copy of its own, which goes with the link. Files
of visitors without a login have no owner but whoever knows their id, so a link never tells it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import quote

from blocks_app.files import static_paths
from blocks_app.files.file_data import FileContext, file_data
from blocks_app.files.file_registry import RegisteredFile, owner_text
from blocks_app.files.paths import is_web_address
from blocks_app.files.quotas import account

#: The id of a stored file in a text: in an address, or as the whole of it.
_NAMED = re.compile(r"(?:file[=/]|\A)([\w-]{22})/", re.ASCII)
#: Files that one text may name.
MOST_NAMED = 100
_MARKS = ("url", "meta", "orig_name")


class Dropped(Exception):
    """A value cannot be without a file that is not in the link."""


def walked(value: Any, change: Callable[[Any], Any], depth: int = 0) -> Any:
    """The value with each file changed; what cannot be without a file that was dropped goes out of its list.

    Raises:
        Dropped: there is nothing left, or it is nested too deeply.
    """
    if depth > 100:
        raise Dropped
    if isinstance(value, str) or is_file(value):
        return change(value)
    if isinstance(value, Mapping):
        return {str(key): walked(each, change, depth + 1) for key, each in value.items()}
    if not isinstance(value, list | tuple):
        return value
    found = []
    for each in value:
        try:
            found.append(walked(each, change, depth + 1))
        except Dropped:
            continue
    if value and not found:
        raise Dropped
    return found


def is_file(value: Any) -> bool:
    """Whether a value is, or passes for, a file on the wire."""
    return isinstance(value, Mapping) and isinstance(value.get("path"), str) and any(each in value for each in _MARKS)


@dataclass
class Keeping:
    """What becomes of files when a link is made.

    Attributes:
        where: for whom they are read and copied.
        shares: whether the visitor shares them.
        expires: until when copies last.
        copies: the ids of those that were made.
        dropped: the names of those that others will not see.
    """

    where: FileContext
    shares: bool
    expires: float
    copies: list[str] = field(default_factory=list)
    dropped: list[str] = field(default_factory=list)

    def __call__(self, value: Any) -> Any:
        """A file, or a text that may name some, as the link has it."""
        if isinstance(value, str):
            return self._text(value)
        path = value["path"]
        if (plain := _of_everybody(path, value, self.where)) is not None:
            return plain
        record = self.where.store.find(path, self.where.owner)
        if record is None or value.get("is_stream"):
            raise Dropped
        if record.keep:
            return {**value, "url": None}
        if self.shares:
            return self._copied(record)
        self.dropped.append(record.orig_name)
        if not self._stays(record):
            raise Dropped
        return {**value, "url": None}

    def _text(self, text: str) -> str:
        for record in named(text, self.where):
            if not self._stays(record):
                self.dropped.append(record.orig_name)
                raise Dropped
        return text

    def _stays(self, record: RegisteredFile) -> bool:
        """Whether a link may name a file: it is a page's, or its owner has a name and nobody else may have it."""
        return record.keep or _is_own(record, self.where.owner)

    def _copied(self, record: RegisteredFile) -> dict[str, Any]:
        where = self.where
        try:
            content = where.store.local_path(record)
        except OSError:  # it is not there any more
            raise Dropped from None
        copy = where.store.save(
            content,
            record.orig_name,
            payer=account(where.owner, where.address),
            mount=where.mount,
            made=True,
            expires=self.expires,
        )
        self.copies.append(copy.id)
        return dict(file_data(copy.path, None, size=copy.size, orig_name=copy.orig_name))

    def undo(self) -> None:
        """The link could not be kept."""
        for each in self.copies:
            self.where.store.delete(each)


@dataclass
class Opening:
    """What becomes of files when a link is opened, for whom `where` tells; `copies` are the link's own."""

    where: FileContext
    copies: frozenset[str]

    def __call__(self, value: Any) -> Any:
        """A file, or a text that may name some, as this reader gets it."""
        if isinstance(value, str):
            return self._text(value)
        if (plain := _of_everybody(value["path"], value, self.where)) is not None:
            return plain
        record = self.where.store.find(value["path"], self.where.owner)
        if record is None or not self._may(record) or not self.where.store.has(record):
            raise Dropped
        return {**value, **self.where.data(record), "size": value.get("size")}

    def _text(self, text: str) -> str:
        if not all(map(self._may, named(text, self.where))):
            raise Dropped
        return text

    def _may(self, record: RegisteredFile) -> bool:
        return record.keep or record.id in self.copies or _is_own(record, self.where.owner)


def named(text: str, where: FileContext) -> Iterator[RegisteredFile]:
    """The stored files that a text names, whoever may have them."""
    ids = dict.fromkeys(match[1] for match in _NAMED.finditer(text))
    if len(ids) > MOST_NAMED:
        raise Dropped
    for file_id in ids:
        record = where.store.get(file_id)
        if record is not None:
            yield record


def _is_own(record: RegisteredFile, owner: str) -> bool:
    return bool(owner) and record.owner in (owner, owner_text(owner))


def _of_everybody(path: str, value: Mapping[str, Any], where: FileContext) -> dict[str, Any] | None:
    """A file that everybody may see anyway: at another site, or where the author has opened a folder."""
    if is_web_address(path):
        return dict(file_data(path, path, size=value.get("size"), orig_name=value.get("orig_name")))
    if static_paths.is_absolute(path) and static_paths.static_paths():
        real = Path(path).resolve()
        if static_paths.is_static(real, where.blocked_paths):
            return {**value, "url": f"{where.url_prefix}/file={quote(path)}"}
    return None
