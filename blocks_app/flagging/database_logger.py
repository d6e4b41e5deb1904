"""DatabaseLogger: flags as rows of the site's database, each with its files.

This app knows no database: the one that has it offers itself by `table`. A script without a project has none, and its
flags go into a CSV file.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

from blocks_app import jsonable
from blocks_app.exceptions import Error
from blocks_app.files import file_data
from blocks_app.files.copies import is_file, with_files
from blocks_app.files.file_data import FileContext, receive
from blocks_app.files.file_registry import RegisteredFile
from blocks_app.files.filestore import FileStore, default_store
from blocks_app.files.paths import is_web_address
from blocks_app.files.quotas import account
from blocks_app.flagging.callback import FlaggingCallback
from blocks_app.flagging.cells import own_flag
from blocks_app.flagging.csv_logger import CSVLogger
from blocks_app.i18n import gettext
from blocks_app.outages import STORAGE, as_unavailable
from blocks_app.running import request as requests
from blocks_app.tree import context
from blocks_app.tree.component import Component
from blocks_app.tree.flagged import as_text, plain

#: Who owns the copies of flagged files: nobody who visits an app, so that only the admin hands them out.
OWNER = "flag:"
#: Most bytes of one flag's values as JSON.
LARGEST = 5 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class NewFlag:
    """One flag on its way to the table.

    Attributes:
        mount: the app's key, "" for a flag without one.
        name: of the interface.
        option: what the button stood for.
        username: who flagged; "" for anybody.
        identity: key of a person who has logged in, else "".
        session: the page it came from.
        payer: the account of who flagged, as files have it.
        values: JSON list of dicts with `role` ("input", "output" or ""), `label`, `kind` and `value`.
        columns: what the values are called, each once.
        excerpt: how they begin, in words.
        files: copies of what the values name; the table's from now on.
    """

    mount: str
    name: str
    option: str
    username: str
    identity: str
    session: str
    payer: str
    values: str
    columns: tuple[str, ...]
    excerpt: str
    files: tuple[RegisteredFile, ...]


class FlagTable(Protocol):
    """Where a site keeps flags."""

    def add(self, flag: NewFlag) -> int:
        """Keep one; how many there are now of this app and interface. Raises Error when a visitor flags too much."""


def no_table() -> FlagTable | None:
    """There is no database."""
    return None


#: Gives the table, or None where the site has no database: set by the app that has one.
table: Callable[[], FlagTable | None] = no_table


class DatabaseLogger(FlaggingCallback):
    """Keeps flags in the site's database: Django's admin shows, exports and deletes them.

    In a script without a project, which has no database, it does what CSVLogger does.

    Example:
        flags = gr.DatabaseLogger()
        flags.setup([question, answer], "flagged")
        button.click(lambda *values: flags.flag(list(values)), [question, answer], None, preprocess=False)
    """

    def __init__(self, name: str = "", inputs: int | None = None) -> None:
        """Keep flags in the database.

        Args:
            name: how the admin calls what is flagged; the page's title unless given.
            inputs: how many of the components, from the first, are inputs; None does not tell them apart.
        """
        self.name = name
        self.inputs = inputs
        self.components: Sequence[Component] = ()
        self._otherwise = CSVLogger()

    def setup(self, components: Sequence[Component], flagging_dir: str | Path = "flagged") -> None:
        """Get ready. The folder is for a script without a database."""
        self.components = list(components)
        root: Any = context.root.get()
        self.name = self.name or str(getattr(root, "title", None) or "")
        self._otherwise.components, self._otherwise.flagging_dir = self.components, flagging_dir

    @as_unavailable(STORAGE)
    def flag(self, flag_data: list[Any], flag_option: str | None = None, username: str | None = None) -> int:
        """Add a row; how many there are now.

        Raises:
            Error: the values are too large, or their files do not fit into the visitor's quota.
        """
        there = table()
        if there is None:
            return self._otherwise.flag(flag_data, flag_option, username)
        files = _Files(file_data.current.get())
        try:
            return there.add(self._flag(flag_data, flag_option, username, files))
        except BaseException:
            files.undo()
            raise

    def _flag(self, flag_data: list[Any], option: str | None, username: str | None, files: _Files) -> NewFlag:
        request, where = requests.current.get(), file_data.current.get()
        values = [self._value(number, *each, files) for number, each in enumerate(zip(self.components, flag_data))]
        text = jsonable.dumps(values).decode()
        if len(text) > LARGEST:
            raise Error(
                gettext("This is too much to be flagged: %(text)s characters, and %(largest)s are kept.")
                % {"text": format(len(text), ","), "largest": format(LARGEST, ",")}
            )
        return NewFlag(
            mount=where.mount if where is not None else "",
            name=self.name,
            option=option or "",
            username=username or (request.username if request is not None else None) or "",
            identity=where.owner if where is not None else "",
            session=(request.session_hash if request is not None else None) or "",
            payer=files.payer,
            values=text,
            columns=_columns(values),
            excerpt=" · ".join(filter(None, (_words(each["value"]) for each in values)))[:200],
            files=tuple(files.kept),
        )

    def _value(self, number: int, component: Component, value: Any, files: _Files) -> dict[str, Any]:
        role = "" if self.inputs is None else "input" if number < self.inputs else "output"
        label = getattr(component, "label", None)
        own = own_flag(component)
        if getattr(component, "type", None) == "password":
            value = None  # nobody should ever read it
        elif own is not None and value is not None and not _names_files(value):
            value = component.read_from_flag(own(value))  # a component that hides something hides it here, too
        return {
            "role": role,
            "label": plain(str(label)) if label else f"component {number}",
            "kind": type(component).__name__,
            "value": plain(with_files(value, files.copying(component))),
        }


class _Files:
    """Copies of one flag's files in the store, on the account of whoever flags."""

    def __init__(self, where: FileContext | None) -> None:
        self._where = where
        self._store: FileStore = where.store if where is not None else default_store()
        self.payer = account(where.owner, where.address) if where is not None else ""
        self.kept: list[RegisteredFile] = []

    def copying(self, component: Component) -> Callable[[Mapping[str, Any]], dict[str, Any]]:
        """What copies a file of a component."""

        def copy(file: Mapping[str, Any]) -> dict[str, Any]:
            if is_web_address(file["path"]):
                return dict(file)
            found = receive(file, component)
            where = self._where
            record = self._store.save(
                found.path,
                found.name,
                owner=OWNER,
                payer=self.payer,
                mount=where.mount if where is not None else "",
                made=True,
            )
            self.kept.append(record)
            data = file_data.file_data(record.path, None, size=record.size, orig_name=record.orig_name)
            return {**data, "mime_type": record.mime}

        return copy

    def undo(self) -> None:
        """The flag could not be kept."""
        for record in self.kept:
            self._store.delete(record.id)


def _names_files(value: Any) -> bool:
    found: list[Any] = []
    with_files(value, found.append)
    return bool(found)


def _columns(values: Sequence[Mapping[str, Any]]) -> tuple[str, ...]:
    found: list[str] = []
    for each in values:
        name = f"{each['role']}: {each['label']}" if each["role"] else str(each["label"])
        number, wanted = 2, name
        while name in found:
            name, number = f"{wanted} ({number})", number + 1
        found.append(name)
    return tuple(found)


def _words(value: Any) -> str:
    """How a value begins, for a list."""
    if is_file(value):
        return str(value.get("orig_name") or "")
    if value is None or isinstance(value, str):
        return " ".join((value or "")[:400].split())[:80]
    if isinstance(value, Mapping) and isinstance(value.get("label"), str):
        return str(value["label"])[:80]
    return as_text(value)[:80]
