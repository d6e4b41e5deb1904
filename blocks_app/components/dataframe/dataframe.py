"""Dataframe: a table to look at, and to edit like a spreadsheet."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any, Literal, Unpack

from blocks_app.components.button import Button
from blocks_app.components.corner import Height, checked_height
from blocks_app.components.dataframe import arguments, counts, csv_files, tables
from blocks_app.components.dataframe.counts import Limits, check_cells, count_of, limits_of, outside
from blocks_app.components.dataframe.datatypes import Datatype, EachDatatype, datatypes_of, empty_cell
from blocks_app.components.framed import FramedComponent, HeightOptions, LatexDelimiter, checked_delimiters
from blocks_app.components.validation import refusal
from blocks_app.diagnostics.mistakes import warn
from blocks_app.exceptions import DeclarationError
from blocks_app.files import file_data
from blocks_app.listeners.events import Events
from blocks_app.options import FieldOptions
from blocks_app.tree.block import Block
from blocks_app.tree.component import gives_copies

_TYPES = ("pandas", "numpy", "array", "polars")
_SEARCHES = ("none", "search", "filter")
_WIDTH = re.compile(r"(auto|\d+(\.\d+)?(px|%|em|rem|ch|vw))\Z")
_SCHEMA: dict[str, Any] = {
    "properties": {
        "headers": {"items": {"type": "string"}, "title": "Headers", "type": "array"},
        "data": {"items": {"items": {}, "type": "array"}, "title": "Data", "type": "array"},
        "metadata": {
            "anyOf": [
                {
                    "additionalProperties": {"anyOf": [{"items": {}, "type": "array"}, {"type": "null"}]},
                    "type": "object",
                },
                {"type": "null"},
            ],
            "default": None,
            "title": "Metadata",
        },
    },
    "required": ["headers", "data"],
    "title": "DataframeData",
    "type": "object",
}


class DataframeOptions(FieldOptions, HeightOptions, total=False):
    """What a Dataframe takes besides."""


class Dataframe(FramedComponent):
    """A table. A function gets it as pandas, numpy, polars or lists, and returns any of these, a dict or a Styler."""

    change = Events.change
    input = Events.input
    select = Events.select
    edit = Events.edit
    heavy = True
    corner_names = corner_default = ("copy", "download", "fullscreen")

    def __init__(
        self,
        value: Any = None,
        *,
        headers: list[str] | None = None,
        row_count: int | tuple[int, str] | None = (1, "dynamic"),
        col_count: int | tuple[int, str] | None = None,
        datatype: Datatype | Sequence[EachDatatype] = "str",
        type: Literal["pandas", "numpy", "array", "polars"] = "pandas",
        latex_delimiters: Sequence[LatexDelimiter] | None = None,
        height: Height = 500,
        wrap: bool = False,
        line_breaks: bool = True,
        column_widths: list[str | int] | None = None,
        row_limits: Limits | None = None,
        column_count: int | tuple[int, str] | None = None,
        column_limits: Limits | None = None,
        buttons: Sequence[Literal["copy", "download", "fullscreen"] | Button] | None = None,
        show_row_numbers: bool = False,
        max_chars: int | None = None,
        show_search: Literal["none", "search", "filter"] = "none",
        pinned_columns: int | None = None,
        static_columns: list[int] | None = None,
        **options: Unpack[DataframeOptions],
    ) -> None:
        """Declare a table.

        Args:
            value: table to start with (DataFrame or Styler of pandas, array of numpy, DataFrame of polars, list of
                rows, dict with "headers" and "data", path of a csv file), or a function that makes it.
            headers: names of the columns where the value has none.
            row_count: rows of an empty table; `(3, "fixed")` lets visitors neither add nor take away rows.
            col_count: columns of an empty table; `(3, "fixed")` lets visitors neither add nor take away columns.
            datatype: what the cells are, for all columns or a list with one for each: "str", "number", "bool", "date",
                "markdown", "html" (cleaned of anything that runs), "image" (a path, or an address that the page may
                load); "auto" looks at the values.
            type: what the function gets: "pandas", "numpy", "array" (a list of rows) or "polars".
            latex_delimiters: what stands around formulas in columns of Markdown; None means `$$`, an empty list none.
            height: from which on the table scrolls, in pixels or as css writes it; `max_height` goes before it.
            wrap: whether long texts go on in the next line of their cell.
            line_breaks: whether line breaks in Markdown are kept.
            column_widths: width of each column, in pixels or as css writes it ("20%").
            row_limits: the least and the most rows that a visitor may leave, `(1, None)`; None is no limit.
            column_count: the same as `col_count`.
            column_limits: the least and the most columns.
            buttons: what stands in the corner: "copy", "download" (as a csv file), "fullscreen", and gr.Buttons; all
                three by default.
            show_row_numbers: whether rows are numbered.
            max_chars: longer texts are cut for the eye; they are whole when their cell is edited.
            show_search: "search" shows a field that narrows the rows down, "filter" one with a button that leaves only
                these rows in the value.
            pinned_columns: how many columns stay in sight when the others scroll.
            static_columns: columns that visitors may not change, by number from 0.
        """
        name = _name(self)
        self.wrap = wrap
        self.row_count = count_of("row_count", row_count, 1)
        columns = col_count if column_count is None else column_count
        self.col_count = self.column_count = count_of("col_count", columns, len(headers) if headers else 3)
        check_cells(self.row_count, self.col_count)
        self.row_limits = limits_of("row_limits", row_limits)
        self.column_limits = limits_of("column_limits", column_limits)
        self.headers = _headers(headers, self.col_count[0])
        self.type = _one_of("type", type, _TYPES)
        if type == "polars" and not tables.has_polars():
            raise DeclarationError(f'{name}: type="polars" needs polars. Install it: pip install polars.')
        self.datatype = datatypes_of(datatype, value)
        self._finds_datatypes = datatype == "auto"
        self.latex_delimiters = checked_delimiters(name, latex_delimiters)
        self.height = checked_height(name, "height", height)
        self.line_breaks = line_breaks
        self.column_widths = [_width(each) for each in column_widths or ()]
        self.show_row_numbers = show_row_numbers
        self.max_chars = max_chars
        self.show_search = _one_of("show_search", show_search, _SEARCHES)
        self.pinned_columns = pinned_columns
        self.static_columns = _numbers("static_columns", static_columns)
        super().__init__(value, buttons=buttons, **options)

    def props(self) -> dict[str, Any]:
        """With "auto" where it was declared: the page looks at each table that it gets."""
        shown = super().props()
        return {**shown, "datatype": "auto"} if self._finds_datatypes else shown

    def copy_with(self, changes: dict[str, Any]) -> Block:
        """Of headers and a count of columns that do not go together, the one that is changed is right."""
        return super().copy_with(counts.changed(changes, self.headers, self.col_count))

    def preprocess(self, payload: Any) -> Any:
        """The sent table as `type` says. Raises Error for what is none, or beyond the limits."""
        headers, rows = (self.headers, []) if payload is None else arguments.sent(self, payload)
        count = 0 if rows == [[]] else len(rows)
        width = max([len(headers or ()), *map(len, rows)], default=0)
        found = outside("rows", count, self.row_limits) or outside("columns", width, self.column_limits)
        if payload is not None and found:
            raise refusal(self, found)
        return arguments.made(self, self.type, headers, rows)

    @gives_copies
    def postprocess(self, value: Any) -> dict[str, Any]:
        """Headers, rows and what a Styler says besides. Raises Error for what is no table."""
        if value is None:
            return self._empty()
        try:
            table = csv_files.read(value) if csv_files.is_path(value) else tables.table_of(value)
        except tables.NotATable as error:
            raise refusal(self, str(error)) from error
        if table.metadata is not None and self.interactive and not isinstance(value, dict):
            warn(
                "A Styler is shown as a plain table where visitors may edit it. Declare the Dataframe with "
                "interactive=False.",
            )
        rows = table.rows
        if not rows:
            rows = [[]]
        width = max(map(len, rows[:1]), default=0)
        headers = self.headers if table.headers is None else table.headers
        if rows != [[]]:
            headers = [*headers[:width], *[str(number) for number in range(len(headers) + 1, width + 1)]]
        if "image" in self.datatype:
            csv_files.publish_pictures(rows, self.datatype)
        return {"headers": headers, "data": rows, "metadata": table.metadata}

    def initial_value(self) -> Any:
        """As `postprocess(self.value)`; pictures are stored once for all pages."""
        return file_data.initial(self, super().initial_value) if "image" in self.datatype else super().initial_value()

    def api_info(self) -> dict[str, Any]:
        """JSON schema of the wire value."""
        return _SCHEMA

    def example_value(self) -> Any:
        """A small table."""
        return {"headers": ["a", "b"], "data": [["foo", "bar"]]}

    def _empty(self) -> dict[str, Any]:
        """What an empty table starts with."""
        width = len(self.headers)
        kinds = [self.datatype] * width if isinstance(self.datatype, str) else [*self.datatype, *["str"] * width]
        row = [empty_cell(kind) for kind in kinds[:width]]
        return {
            "headers": self.headers,
            "data": [list(row) for _ in range(self.row_count[0])] or [[]],
            "metadata": None,
        }


class Numpy(Dataframe):
    """A Dataframe whose function gets an array of numpy."""

    is_template = True
    defaults = {"type": "numpy"}


class Matrix(Dataframe):
    """A Dataframe whose function gets a list of rows."""

    is_template = True
    defaults = {"type": "array"}


class List(Dataframe):
    """A Dataframe of one column, whose function gets a list of rows."""

    is_template = True
    defaults = {"type": "array", "col_count": 1}


DataFrame = Dataframe


def _name(component: Dataframe) -> str:
    return component.__class__.__name__


def _headers(given: Any, count: int) -> list[str]:
    if given is None:
        return [str(number) for number in range(1, count + 1)]
    if isinstance(given, str) or len(given) != count:
        raise DeclarationError(
            f"Dataframe: col_count says {count} columns, but headers has {given!r}. Give as many headers as columns."
        )
    return list(given)


def _one_of(option: str, value: Any, allowed: tuple[str, ...]) -> Any:
    if value not in allowed:
        raise DeclarationError(f"Dataframe: {option}={value!r} is unknown. Use one of {', '.join(map(repr, allowed))}.")
    return value


def _numbers(option: str, given: list[int] | None) -> list[int]:
    for each in given or ():
        if isinstance(each, bool) or not isinstance(each, int) or each < 0:
            raise DeclarationError(f"Dataframe: {option} is a list of column numbers from 0, not {given!r}.")
    return list(given or ())


def _width(given: Any) -> str:
    text = f"{given}px" if isinstance(given, (int, float)) and not isinstance(given, bool) else str(given)
    text = f"{text}px" if text.isdecimal() else text
    if not _WIDTH.match(text):
        raise DeclarationError(f'Dataframe: column_widths has {given!r}; a width is pixels, "20%" or "auto".')
    return text
