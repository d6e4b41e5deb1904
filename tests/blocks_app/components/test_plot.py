"""Plot: figures of four libraries as text, and what draws them."""

from __future__ import annotations

import base64
import io
import json
from types import SimpleNamespace

import altair
import matplotlib.figure
import matplotlib.pyplot as plt
import PIL.Image
import plotly.graph_objects
import pytest
from bokeh.plotting import figure as bokeh_figure

import blocks_app as gr
from blocks_app.components.plot import PlotData
from blocks_app.page import libraries

PICTURE = "data:image/png;base64,iVBORw0KGgo="


def picture_of(wire) -> PIL.Image.Image:
    assert wire["type"] == "matplotlib"
    return PIL.Image.open(io.BytesIO(base64.b64decode(wire["plot"].partition(",")[2])))


@pytest.fixture(autouse=True)
def _no_window():
    plt.switch_backend("agg")
    yield
    plt.close("all")


@pytest.mark.parametrize(("format", "head"), [("webp", "image/webp"), ("PNG", "image/png"), ("svg", "image/svg+xml")])
def test_a_figure_of_matplotlib_is_a_picture(format: str, head: str) -> None:
    figure = matplotlib.figure.Figure()
    figure.add_subplot().plot([1, 3, 2])
    wire = gr.Plot(format=format).postprocess(figure)
    assert wire["plot"].startswith(f"data:{head};base64,")
    assert format == "svg" or picture_of(wire).size == (640, 480)


def test_a_figure_that_was_shown_is_closed() -> None:
    figure, axes = plt.subplots()
    assert gr.Plot().postprocess(figure) is not None
    assert plt.get_fignums() == []
    axes.plot([1, 2])  # a generator may go on with it
    assert gr.Plot().postprocess(figure) is not None


def test_of_the_figures_of_pyplot_only_the_current_one_stays() -> None:
    for _ in range(5):
        plt.figure()
        plt.plot([1, 2])
        assert gr.Plot().postprocess(plt)["type"] == "matplotlib"
        assert len(plt.get_fignums()) == 1
    assert len(plt.gca().lines) == 1


def test_axes_are_shown_with_their_figure() -> None:
    axes = matplotlib.figure.Figure(figsize=(2, 1), dpi=50).add_subplot()
    assert picture_of(gr.Plot().postprocess(axes)).size == (100, 50)


def test_a_figure_with_too_many_pixels_is_refused(settings) -> None:
    settings.BLOCKS_MAX_IMAGE_PIXELS = 1000
    with pytest.raises(gr.Error, match="640 × 480 pixels is too large: at most 1000"):
        gr.Plot().postprocess(matplotlib.figure.Figure())


def test_figures_of_other_libraries_are_their_json() -> None:
    plotly_wire = gr.Plot().postprocess(plotly.graph_objects.Figure(plotly.graph_objects.Bar(y=[1, 2])))
    assert plotly_wire["type"] == "plotly"
    assert json.loads(plotly_wire["plot"])["data"][0]["type"] == "bar"
    chart = altair.Chart(altair.Data(values=[{"a": 1}])).mark_point().encode(x="a:Q")
    assert gr.Plot().postprocess(chart) == {"type": "altair", "plot": chart.to_json()}
    figure = bokeh_figure()
    figure.line([1, 2], [3, 4])
    bokeh_wire = gr.Plot().postprocess(figure)
    assert bokeh_wire["type"] == "bokeh"
    assert set(json.loads(bokeh_wire["plot"])) >= {"target_id", "root_id", "doc"}


@pytest.mark.parametrize("value", ["x", 3, json, [1], SimpleNamespace(to_json=str), plotly.graph_objects.Figure])
def test_what_is_no_figure_is_refused(value: object) -> None:
    with pytest.raises(gr.Error, match=r'Plot "P": a figure of matplotlib, Plotly, Altair or Bokeh is needed, not a'):
        gr.Plot(label="P").postprocess(value)


def test_a_function_may_give_back_what_it_got() -> None:
    plot = gr.Plot()
    got = plot.preprocess({"type": "matplotlib", "plot": PICTURE})
    assert got == PlotData("matplotlib", PICTURE)
    assert plot.postprocess(got) == {"type": "matplotlib", "plot": PICTURE}
    assert plot.preprocess(None) is plot.postprocess(None) is None


@pytest.mark.parametrize(
    "sent",
    [
        "x",
        {},
        {"type": "html", "plot": "<b>"},
        {"type": "plotly", "plot": "alert(1)"},
        {"type": "plotly", "plot": "[]"},
        {"type": ["plotly"], "plot": "{}"},
        {"type": "matplotlib", "plot": "javascript:alert(1)"},
        {"type": "matplotlib", "plot": "https://example.org/a.png"},
        {"type": "matplotlib", "plot": "data:image/png;base64,<script>"},
    ],
)
def test_what_is_sent_and_no_figure_is_refused(sent: object) -> None:
    with pytest.raises(gr.Error, match='an object with a "type" and a "plot" is needed'):
        gr.Plot().preprocess(sent)


def test_a_format_that_browsers_do_not_show_is_refused() -> None:
    with pytest.raises(ValueError, match="format='pdf' is no picture that browsers show"):
        gr.Plot(format="pdf")


def test_a_package_that_is_not_installed_has_no_address(monkeypatch) -> None:
    monkeypatch.setattr(libraries, "folder_of", lambda package: None)
    assert libraries.addresses() == {}
    assert libraries.version_of("no-such-package") is None
