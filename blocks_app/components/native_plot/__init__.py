"""LinePlot, BarPlot and ScatterPlot: data that the page draws itself.

Interface: the names of this package.
"""

from blocks_app.components.native_plot.native_plot import BarPlot, LinePlot, NativePlot, ScatterPlot

__all__ = ["BarPlot", "LinePlot", "NativePlot", "ScatterPlot"]
