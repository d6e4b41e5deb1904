"""Where links are kept: small files in the storage of visitors' files, which lasts and which processes share.

A link is `<app>/<id>.json`. Beside it lies an empty file whose name tells when it was made, how large it is and on
whose account it goes: so limits are kept without reading any link. All of it blocks: it belongs into threads.
"""

from __future__ import annotations

import contextlib
import hashlib
import re
import secrets
import time
from typing import TYPE_CHECKING, Any, NamedTuple

from blocks_app import conf, jsonable
from blocks_app.exceptions import Error
from blocks_app.files.filestore import FileStore, default_store
from blocks_app.i18n import gettext

if TYPE_CHECKING:
    from django.core.files.storage import Storage

FOLDER = "deep_links"
MOST = 500  # links of one account with one app, however small they are
_ID = re.compile(r"[\w-]{22}", re.ASCII)
_NOTE = re.compile(r"(\d{14})-(\d+)-([0-9a-f]*)-([\w-]{22})", re.ASCII)

Content = dict[str, Any]


class Note(NamedTuple):
    """What the name of the empty file tells; the time in milliseconds."""

    created: int
    size: int
    payer: str
    id: str

    @property
    def name(self) -> str:
        """The file's name."""
        return f"{self.created:014}-{self.size}-{self.payer}-{self.id}"


class Links:
    """The links to one app."""

    def __init__(self, mount: str, files: FileStore | None = None) -> None:
        """`mount` is the app's key."""
        self.files = files or default_store()
        self._storage: Storage = self.files.storage
        self._folder = f"{FOLDER}/{hashlib.sha256(mount.encode()).hexdigest()[:32]}"

    def add(self, content: Content, payer: str) -> str:
        """Keep one; its id, which nobody can guess.

        Raises:
            Error: it is too large, or the app has as many links as it may have.
        """
        text = jsonable.dumps(content)
        if len(text) > conf.deep_link_size():
            raise Error(
                gettext("This page has too much on it for a link: %(size)s bytes, and a link keeps %(most)s.")
                % {"size": f"{len(text):,}", "most": f"{conf.deep_link_size():,}"}
            )
        new = Note(int(time.time() * 1000), len(text), payer, secrets.token_urlsafe(16))
        self._make_room(new)
        from django.core.files.base import ContentFile  # Django only when a link is really made

        self._storage.save(f"{self._folder}/of/{new.name}", ContentFile(b""))
        self._storage.save(self._name(new.id), ContentFile(text))
        return new.id

    def read(self, link: str) -> Content | None:
        """What was kept under an id; None for a wrong one, and when its time is over."""
        if not _ID.fullmatch(link):
            return None
        try:
            with self._storage.open(self._name(link), "rb") as file:
                content: Content = jsonable.loads(file.read())
        except (OSError, ValueError):
            return None
        return content if time.time() < content["created"] + conf.deep_link_age() else None

    def sweep(self) -> int:
        """Delete the links whose time is over; how many."""
        return len(self._expired(self._notes()))

    def forget(self, payer: str) -> None:
        """Delete the links on one account."""
        for each in self._notes():
            if payer and each.payer == payer:
                self._delete(each)

    def _make_room(self, new: Note) -> None:
        notes = self._notes()
        gone = set(self._expired(notes))
        notes = [each for each in notes if each not in gone]
        mine = [each for each in notes if each.payer == new.payer]
        size = sum(each.size for each in mine) + new.size
        while mine and (size > conf.deep_link_visitor() or len(mine) >= MOST):
            oldest = mine.pop(0)
            size -= oldest.size
            notes.remove(oldest)
            self._delete(oldest)
        if sum(each.size for each in notes) + new.size > conf.deep_link_total():
            raise Error(gettext("This app keeps no more links at the moment. Try again later."))

    def _expired(self, notes: list[Note]) -> list[Note]:
        limit = (time.time() - conf.deep_link_age()) * 1000
        old = [each for each in notes if each.created <= limit]
        for each in old:
            self._delete(each)
        return old

    def _notes(self) -> list[Note]:
        """Of all links, the oldest first."""
        try:
            names = self._storage.listdir(f"{self._folder}/of")[1]
        except (OSError, NotImplementedError):  # none was ever made
            return []
        found = [match for name in names if (match := _NOTE.fullmatch(name))]
        return sorted(Note(int(each[1]), int(each[2]), each[3], each[4]) for each in found)

    def _delete(self, note: Note) -> None:
        """A link goes with the files that were copied for it."""
        with contextlib.suppress(OSError, ValueError), self._storage.open(self._name(note.id), "rb") as file:
            for copy in jsonable.loads(file.read())["copies"]:
                self.files.delete(copy)
        for name in (self._name(note.id), f"{self._folder}/of/{note.name}"):
            with contextlib.suppress(OSError):
                self._storage.delete(name)

    def _name(self, link: str) -> str:
        return f"{self._folder}/{link}.json"


def every_app(files: FileStore | None = None) -> list[Links]:
    """The links to each app that has any, whether it is still there or not."""
    files = files or default_store()
    try:
        folders = files.storage.listdir(FOLDER)[0]
    except (OSError, NotImplementedError):
        return []
    found = []
    for folder in folders:
        links = Links("", files)
        links._folder = f"{FOLDER}/{folder}"
        found.append(links)
    return found
