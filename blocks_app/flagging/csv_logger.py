"""CSVLogger, SimpleCSVLogger, ClassicCSVLogger: flags as rows of a CSV file, files beside it, as Gradio keeps them.

Gradio 4 writes `log.csv`, with an option and a user in each row. Gradio 6 writes `dataset1.csv`, and `dataset2.csv`
when the columns have become others; there are columns for option and user only where there are any. Which of them is
meant is told by the names in use: `verbose` and `dataset_file_name` are Gradio 6's, and so is a folder in `.gradio`.
"""

from __future__ import annotations

import contextlib
import datetime
import errno
import re
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from blocks_app.files.copies import Copies
from blocks_app.flagging import cells
from blocks_app.flagging.callback import FlaggingCallback
from blocks_app.flagging.csv_file import CsvFile, OtherHeader, first_row
from blocks_app.outages import STORAGE, as_unavailable
from blocks_app.tree.component import Component

_NUMBER = re.compile(r"dataset(\d{1,9})\.csv")


def is_modern(folder: Path) -> bool:
    """Whether a folder is one of Gradio 6's: in `.gradio`, or with flags that it has kept."""
    if ".gradio" in folder.parts:
        return True
    return not (folder / "log.csv").exists() and bool(_datasets(folder))


def _datasets(folder: Path) -> list[tuple[int, Path]]:
    """The numbered files of a folder, the newest first."""
    found = ((_NUMBER.fullmatch(path.name), path) for path in folder.glob("dataset*.csv"))
    return sorted(((int(match[1]), path) for match, path in found if match), reverse=True)


class _Logger(FlaggingCallback):
    """What all of them share."""

    components: Sequence[Component] = ()
    flagging_dir: str | Path = ""

    def __init__(self) -> None:
        self._files: dict[Path, CsvFile] = {}

    def setup(self, components: Sequence[Component], flagging_dir: str | Path) -> None:
        """Get ready; makes the folder, if it can be made."""
        self.components, self.flagging_dir = list(components), flagging_dir
        with contextlib.suppress(OSError):  # the first flag says so, where it can be told
            self._make_folder()

    def _make_folder(self) -> None:
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
        except FileExistsError as error:  # it is a file
            raise NotADirectoryError(errno.ENOTDIR, "Not a directory", str(self._folder)) from error

    @property
    def _folder(self) -> Path:
        return Path(self.flagging_dir)

    def _file(self, path: Path) -> CsvFile:
        return self._files.setdefault(path, CsvFile(path))

    def _names(self) -> list[str]:
        return [_label(component) or f"component {number}" for number, component in enumerate(self.components)]


def _label(component: Component) -> str:
    label = getattr(component, "label", None)
    return "" if label is None else str(label)


class SimpleCSVLogger(_Logger):
    """Keeps the values alone in `log.csv`: no header, no option, no user, no time.

    Example:
        gr.Interface(classify, "image", "label", flagging_callback=gr.SimpleCSVLogger())
    """

    @as_unavailable(STORAGE)
    def flag(self, flag_data: list[Any], flag_option: str | None = None, username: str | None = None) -> int:
        """Add a row; how many there were before, as in Gradio."""
        modern, copies = is_modern(self._folder), Copies()
        try:
            self._make_folder()
            values = []
            for number, (component, value) in enumerate(zip(self.components, flag_data)):
                folder = self._folder / cells.folder_name(_label(component), number, modern)
                values.append(cells.cell(component, value, folder, copies))
            return self._file(self._folder / "log.csv").append(cells.row(values, modern))
        except BaseException:
            copies.undo()
            raise


class CSVLogger(_Logger):
    """Keeps flags in a CSV file, each with its option, who flagged and when.

    Several processes may write the same file.

    Example:
        gr.Interface(classify, "image", "label", flagging_callback=gr.CSVLogger())
    """

    def __init__(
        self, simplify_file_data: bool = True, verbose: bool | None = None, dataset_file_name: str | None = None
    ) -> None:
        """Keep flags in a CSV file.

        Args:
            simplify_file_data: write of a file its path alone.
            verbose: tell at the console which file is written. With it the file is `dataset1.csv`, as in Gradio 6.
            dataset_file_name: the name of the file instead of `dataset1.csv`.
        """
        super().__init__()
        self.simplify_file_data = simplify_file_data
        self.verbose = verbose
        self.dataset_file_name = dataset_file_name
        self._announced: set[Path] = set()

    @property
    def is_named_modern(self) -> bool:
        """Whether it was given what only Gradio 6 knows."""
        return self.verbose is not None or self.dataset_file_name is not None

    @property
    def modern(self) -> bool:
        """Whether it writes the files of Gradio 6."""
        return self.is_named_modern or is_modern(self._folder)

    @property
    def _modern_cells(self) -> bool:
        return self.modern

    @as_unavailable(STORAGE)
    def flag(self, flag_data: list[Any], flag_option: str | None = None, username: str | None = None) -> int:
        """Add a row; how many there are now."""
        modern, dataset, copies = self._modern_cells, self.modern, Copies()
        more = [("flag", flag_option), ("username", username)]
        more = [(name, value or "") for name, value in more if value is not None or not dataset]
        more.append(("timestamp", datetime.datetime.now().isoformat(" ", "microseconds")))
        header = cells.row([*self._names(), *(name for name, _ in more)], modern)
        try:
            self._make_folder()
            values = [self._cell(*each, modern, copies) for each in enumerate(zip(self.components, flag_data))]
            row = cells.row([*values, *(value for _, value in more)], modern)
            if not dataset:
                return self._file(self._folder / "log.csv").append(row, header)
            return self._to_dataset(row, header)
        except BaseException:
            copies.undo()
            raise

    def _cell(self, number: int, given: tuple[Component, Any], modern: bool, copies: Copies) -> str:
        component, value = given
        if cells.is_update(value):
            return str(value)
        name = _label(component) or f"component {number}"
        folder = self._folder / cells.folder_name(name, number, modern)
        text = "" if value is None else cells.cell(component, value, folder, copies)
        return cells.paths_alone(text) if self.simplify_file_data else text

    def _to_dataset(self, row: list[str], header: list[str]) -> int:
        """Add to the newest file with these columns, or to a new one."""
        if self.dataset_file_name is not None:
            return self._written(self._folder / self.dataset_file_name, row, header, strict=False)
        while True:
            try:
                return self._written(self._dataset(header), row, header, strict=True)
            except OtherHeader:  # another process was first with this number
                continue

    def _dataset(self, header: list[str]) -> Path:
        there = _datasets(self._folder)
        for _, path in there:
            with path.open("rb", buffering=0) as file:
                if first_row(file) in (header, None):
                    return path
        return self._folder / f"dataset{there[0][0] + 1 if there else 1}.csv"

    def _written(self, path: Path, row: list[str], header: list[str], strict: bool) -> int:
        text = "Using existing dataset file at:" if path.exists() else "Created dataset file at:"
        count = self._file(path).append(row, header, strict)
        if path not in self._announced:
            self._announced.add(path)
            if self.verbose is not False:
                sys.stdout.write(f"{text} {path}\n")
        return count


class ClassicCSVLogger(CSVLogger):
    """`log.csv` whatever the folder is called, as Gradio 6 writes it for programs that read that of Gradio 4."""

    modern = False
    _modern_cells = True

    def __init__(self, simplify_file_data: bool = True) -> None:
        """Keep flags in `log.csv`.

        Args:
            simplify_file_data: write of a file its path alone.
        """
        super().__init__(simplify_file_data)
