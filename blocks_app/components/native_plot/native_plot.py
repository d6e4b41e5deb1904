"""LinePlot, BarPlot and ScatterPlot: a table drawn by the page, with regions to select."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar, Literal, TypedDict, Unpack

from blocks_app.components.button import Button
from blocks_app.components.framed import FramedComponent
from blocks_app.components.native_plot import frames
from blocks_app.components.native_plot.checks import checked_axes
from blocks_app.components.validation import refusal, shown
from blocks_app.exceptions import DeclarationError
from blocks_app.listeners.events import Events
from blocks_app.options import FrameOptions
from blocks_app.tree.component import gives_copies

Position = Literal["left", "right", "top", "bottom", "top-left", "top-right", "bottom-left", "bottom-right", "none"]


class NativePlotOptions(FrameOptions, total=False):
    """What a plot of data takes besides."""

    color: str | None
    """Column that tells the colour: words make one colour each, numbers a scale."""
    title: str | None
    """Stands above the drawing."""
    x_title: str | None
    """Title of the x axis; the column's name unless given."""
    y_title: str | None
    """Title of the y axis; the column's name unless given."""
    color_title: str | None
    """Title of the legend of colours; the column's name unless given."""
    color_legend_title: str | None
    """The same as `color_title`."""
    color_legend_position: Position | None
    """Where the legend of colours stands: a side, a corner within the drawing, or "none"."""
    x_bin: str | float | None
    """Width of the groups that x values are gathered in: a number, or for times such as "15m": s, m, h, d."""
    y_aggregate: Literal["sum", "mean", "median", "min", "max", "count"] | None
    """How the y values of a group become one; their sum unless given, where values are gathered."""
    color_map: dict[str, str] | None
    """Colours of css by value of the column `color`."""
    colors_in_legend: list[str] | None
    """The values of `color` that the legend shows; all unless given."""
    x_lim: Sequence[float | None] | None
    """Least and greatest x that is shown; None leaves one end to the data. Times as seconds since 1970."""
    y_lim: Sequence[float | None] | None
    """Least and greatest y that is shown; None leaves one end to the data."""
    x_label_angle: float | None
    """Degrees by which the labels of the x axis are turned, clockwise."""
    y_label_angle: float | None
    """Degrees by which the labels of the y axis are turned, clockwise."""
    x_axis_format: str | None
    """How numbers and times on the x axis are written, as d3 says it: "~s", "%Y"."""
    y_axis_format: str | None
    """How numbers on the y axis are written, as d3 says it: ".1%"."""
    x_axis_labels_visible: bool | Literal["hidden"]
    """Whether the x axis has labels; "hidden" leaves their room empty."""
    caption: str | None
    """A sentence below the drawing."""
    sort: Literal["x", "y", "-x", "-y"] | list[str] | None
    """Order of words on the x axis: by themselves, by y, or a list; "-" turns it around. As in the data unless so."""
    tooltip: Literal["axis", "none", "all"] | list[str] | str | None
    """What a mark says under the pointer: the columns of the axes, nothing, all columns, or these besides the axes."""
    height: int | str | None
    """Height of the drawing, in pixels or as css writes it."""
    width: int | str | None
    """Width of the drawing; that of its place unless given."""
    interactive: bool | None
    """Whether wheel and drag move the drawing; not unless given, and never where a region can be selected."""
    show_actions_button: bool
    """Whether "export" stands in the corner."""
    buttons: Sequence[Literal["fullscreen", "export", "csv"] | Button] | None
    """What stands in the corner: "fullscreen", "export" (a picture), "csv" (the data), and gr.Buttons."""


#: Every option of its own, with what holds unless it is given.
_OWN: dict[str, Any] = {
    **dict.fromkeys(set(NativePlotOptions.__annotations__) - set(FrameOptions.__annotations__) - {"buttons"}),
    "x_label_angle": 0,
    "y_label_angle": 0,
    "x_axis_labels_visible": True,
    "tooltip": "axis",
    "show_actions_button": False,
}


class PlotTable(TypedDict):
    """The wire value: a table, and what is drawn of it."""

    columns: list[str]
    data: list[list[Any]]
    datatypes: dict[str, frames.Datatype]
    mark: str


class NativePlot(FramedComponent):
    """What LinePlot, BarPlot and ScatterPlot have in common."""

    wire_name = "nativeplot"
    change = Events.change
    select = Events.select
    double_click = Events.double_click
    clear = Events.clear
    heavy = True
    corner_names = ("fullscreen", "export", "csv")
    mark: ClassVar[str] = "native"

    def __init__(
        self, value: Any = None, x: str | None = None, y: str | None = None, **options: Unpack[NativePlotOptions]
    ) -> None:
        """Declare a plot of data.

        Args:
            value: a DataFrame, a dict of columns, a list of dicts, or a function that makes one.
            x: column along the x axis: numbers, times or words.
            y: column along the y axis: numbers.
            options: see NativePlotOptions.
        """
        rest: dict[str, Any] = dict(options)
        own = {name: rest.pop(name, default) for name, default in _OWN.items()}
        self.x = x
        self.y = y
        vars(self).update(own)
        checked_axes(type(self).__name__, own)
        if rest.get("buttons") is None and options.get("show_actions_button"):
            rest["buttons"] = ["export"]
        if rest.get("label") is None and rest.get("show_label") is None:
            rest["show_label"] = False
        super().__init__(value, **rest)
        self.interactive = own["interactive"]
        self.show_actions_button = "export" in self.buttons

    def preprocess(self, payload: Any) -> Any:
        """The table as it was sent.

        Raises:
            Error: what was sent is no table.
        """
        if payload is not None and (not isinstance(payload, Mapping) or frames.table(payload) is None):
            raise refusal(self, f"a table with columns and rows is needed, not {shown(payload)}.")
        return payload

    @gives_copies
    def postprocess(self, value: Any) -> PlotTable | None:
        """The table as the page draws it, its times as milliseconds.

        Raises:
            Error: a value that is no table, or has not the columns that are drawn.
        """
        if value is None:
            return None
        found = frames.table(value)
        if found is None:
            kind = type(value).__name__
            raise refusal(self, f"a DataFrame, a dict of equal columns or a list of dicts is needed, not a {kind}.")
        if not self.x or not self.y:
            raise refusal(self, "which columns are drawn? Name them with x= and y=.")
        for name in self._columns():
            if name not in found["columns"] and found["columns"]:
                known = ", ".join(found["columns"][:20])
                raise refusal(self, f'there is no column "{name}" in the data, which has {known}.')
        return {"columns": found["columns"], "data": found["data"], "datatypes": found["datatypes"], "mark": self.mark}

    def api_info(self) -> dict[str, Any]:
        return {"type": {}, "description": "any valid json"}

    def example_value(self) -> Any:
        if not self.x or not self.y:
            return None
        columns = {str(name): ["a", "b", "c"] for name in self._columns()}
        return {**columns, self.x: [1, 2, 3], self.y: [4, 5, 6]}

    def example_payload(self) -> Any:
        return None

    def _columns(self) -> list[Any]:
        names = ("x", "y", "color", "stroke_dash", "size", "shape", "group")
        return [name for name in (getattr(self, each, None) for each in names) if name]


class LinePlot(NativePlot):
    """A line through the rows of a table, or one for each colour.

    Regions of the x axis can be selected: `select` gives them as `SelectData.index`, times in seconds.
    """

    wire_name = NativePlot.wire_name
    api_type_name = "lineplot"
    mark = "line"

    def __init__(
        self,
        value: Any = None,
        x: str | None = None,
        y: str | None = None,
        *,
        stroke_dash: str | None = None,
        stroke_dash_legend_title: str | None = None,
        stroke_dash_legend_position: Position | None = None,
        overlay_point: bool | None = None,
        **options: Unpack[NativePlotOptions],
    ) -> None:
        """Declare a line plot.

        Args:
            value: a DataFrame, a dict of columns, a list of dicts, or a function that makes one.
            x: column that the line runs along: numbers, times or words.
            y: column that says how high it runs: numbers.
            stroke_dash: column that tells how the line is dashed.
            stroke_dash_legend_title: title of its legend; the column's name unless given.
            stroke_dash_legend_position: where its legend stands, as `color_legend_position`.
            overlay_point: whether each row is a point on the line.
            options: see NativePlotOptions.
        """
        self.stroke_dash = stroke_dash
        self.stroke_dash_legend_title = stroke_dash_legend_title
        self.stroke_dash_legend_position = stroke_dash_legend_position
        self.overlay_point = overlay_point
        super().__init__(value, x, y, **options)


class BarPlot(NativePlot):
    """A bar for each x, beside each other or, by colour, on each other.

    Regions of the x axis can be selected: `select` gives them as `SelectData.index`, times in seconds.
    """

    wire_name = NativePlot.wire_name
    api_type_name = "barplot"
    mark = "bar"

    def __init__(
        self,
        value: Any = None,
        x: str | None = None,
        y: str | None = None,
        *,
        vertical: bool = True,
        group: str | None = None,
        group_title: str | None = None,
        **options: Unpack[NativePlotOptions],
    ) -> None:
        """Declare a bar plot.

        Args:
            value: a DataFrame, a dict of columns, a list of dicts, or a function that makes one.
            x: column that has a bar for each value: words, numbers or times.
            y: column that tells how long the bars are: numbers.
            vertical: False draws the bars from left to right.
            group: column that splits the drawing into several side by side.
            group_title: stands above these; the column's name unless given, "" for none.
            options: see NativePlotOptions.
        """
        if group is not None and not isinstance(group, str):
            raise DeclarationError(f"BarPlot: group is the name of a column, not {group!r}.")
        self.vertical = vertical
        self.group = group
        self.group_title = group_title
        super().__init__(value, x, y, **options)


class ScatterPlot(NativePlot):
    """A point for each row of a table.

    Regions of the x axis can be selected: `select` gives them as `SelectData.index`, times in seconds.
    """

    wire_name = NativePlot.wire_name
    api_type_name = "scatterplot"
    mark = "point"

    def __init__(
        self,
        value: Any = None,
        x: str | None = None,
        y: str | None = None,
        *,
        size: str | None = None,
        size_legend_title: str | None = None,
        size_legend_position: Position | None = None,
        shape: str | None = None,
        shape_legend_title: str | None = None,
        shape_legend_position: Position | None = None,
        **options: Unpack[NativePlotOptions],
    ) -> None:
        """Declare a scatter plot.

        Args:
            value: a DataFrame, a dict of columns, a list of dicts, or a function that makes one.
            x: column that says how far right a point is: numbers, times or words.
            y: column that says how high a point is: numbers, times or words.
            size: column that tells how large the points are.
            size_legend_title: title of its legend; the column's name unless given.
            size_legend_position: where its legend stands, as `color_legend_position`.
            shape: column of words that tells the shape of the points.
            shape_legend_title: title of its legend; the column's name unless given.
            shape_legend_position: where its legend stands, as `color_legend_position`.
            options: see NativePlotOptions.
        """
        self.size = size
        self.size_legend_title = size_legend_title
        self.size_legend_position = size_legend_position
        self.shape = shape
        self.shape_legend_title = shape_legend_title
        self.shape_legend_position = shape_legend_position
        super().__init__(value, x, y, **options)
