"""LinePlot, BarPlot and ScatterPlot."""

from typing import Any

_plots = ("LinePlot", "BarPlot", "ScatterPlot")
_values: dict[str, Any] = {
    "x_bin": 5,
    "x_lim": [0, 10],
    "y_lim": [0, None],
    "color_map": {"a": "red"},
    "colors_in_legend": ["a"],
    "sort": ["a"],
    "tooltip": "all",
    "buttons": ["csv"],
    "y_aggregate": "mean",
    "interactive": True,
}
TRY = {f"{name}.{option}": value for name in _plots for option, value in _values.items()}
ODD_SCHEMAS = dict.fromkeys(_plots, "it takes anything")
_other = {
    "tooltip": '"axis", as in 6.31: plots say what is under the pointer',
    "x_label_angle": "0, as in 6.31: labels stand upright and give way to each other",
    "y_label_angle": "0, as in 6.31",
    "interactive": "a wheel over a plot scrolls the page unless the app wants otherwise, as in 6.31",
}
OTHER_DEFAULTS = {f"{name}.{option}": why for name in _plots for option, why in _other.items()}

#: As in 6.31, whose value they have: a table, which the page draws. In 4.36 it was a chart of Altair, and a plot.
OTHER_WIRE_NAMES = dict.fromkeys(_plots, "nativeplot")
