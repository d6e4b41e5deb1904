"""Plot: figures of matplotlib, Plotly, Altair and Bokeh.

Interface: the names of this package.
"""

from blocks_app.components.plot.figures import PlotData
from blocks_app.components.plot.plot import Plot

__all__ = ["Plot", "PlotData"]
