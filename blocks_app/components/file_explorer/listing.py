"""What a FileExplorer on a page asks for: the entries of one folder. It is never drawn: no element lies beside it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from blocks_app.components.html_server import Served
from blocks_app.components.validation import refusal, shown
from blocks_app.exceptions import Error
from blocks_app.i18n import gettext

if TYPE_CHECKING:
    from blocks_app.components.file_explorer.file_explorer import FileExplorer

#: Entries of a folder that the page gets at a time.
AT_ONCE = 500


class FolderListing(Served):
    """What the page asks an explorer, as this session sees it: an update may have given it another folder."""

    private_options: ClassVar[frozenset[str]] = Served.private_options | {"explorer"}

    def __init__(self, explorer: FileExplorer, *, seen: FileExplorer | None = None, render: bool = True) -> None:
        super().__init__(render=render)
        self.explorer = explorer
        self._seen = seen or explorer

    def seen_by(self, session: Any) -> FolderListing:
        return FolderListing(self.explorer, seen=session.block(self.explorer), render=False)

    def preprocess(self, payload: Any) -> tuple[FileExplorer, list[str], int]:  # type: ignore[override]
        """The explorer, the names on the way to a folder, and how many of its entries the page has."""
        match super().preprocess(payload):
            case [[*names], int(start)] if start >= 0 and all(isinstance(each, str) for each in names):
                return self._seen, names, start
        raise refusal(self._seen, f"a folder and a number are needed, not {shown(payload)}.")


def ls(asked: tuple[FileExplorer, list[str], int]) -> dict[str, Any]:
    """Some entries of a folder, and how many it has. Raises Error for a folder that is not shown."""
    explorer, names, start = asked
    try:
        entries = list(explorer.folders.entries(names).values())
    except LookupError:
        raise Error(gettext("This folder is not there any more.")) from None
    some = entries[start : start + AT_ONCE]
    return {
        "entries": [{"name": e.name, "type": "folder" if e.is_folder else "file", "valid": e.valid} for e in some],
        "total": len(entries),
    }
