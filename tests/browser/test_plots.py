"""Plots in a real browser, under the strict policy: `new_page` fails what asks another host or violates the policy."""

from __future__ import annotations

import json
import re
from pathlib import Path

import altair
import matplotlib.figure
import plotly.graph_objects
import pytest
from bokeh.layouts import column
from bokeh.models import Div
from bokeh.plotting import figure as bokeh_figure
from playwright.sync_api import Page, expect

import blocks_app as gr

WAYS = [
    {"viewport": {"width": 1100, "height": 800}, "color_scheme": "light"},
    {"viewport": {"width": 390, "height": 800}, "color_scheme": "dark"},
]


def figures() -> dict[str, object]:
    picture = matplotlib.figure.Figure()
    picture.add_subplot().plot([1, 3, 2])
    scatter = plotly.graph_objects.Figure(plotly.graph_objects.Scattergl(x=[1, 2, 3], y=[3, 1, 2], mode="markers"))
    chart = altair.Chart(altair.Data(values=[{"a": 1, "b": 2}, {"a": 2, "b": 1}])).mark_point()
    return {
        "matplotlib": picture,
        "plotly": scatter,
        "altair": chart.encode(x="a:Q", y="b:Q", tooltip=["a:Q"]),
    }


@pytest.mark.parametrize("way", WAYS, ids=["wide", "phone and dark"])
def test_figures_are_drawn(serve, new_page, axe, way) -> None:
    with gr.Blocks() as demo:
        for name, figure in figures().items():
            gr.Plot(figure, label=f"By {name}", elem_id=name)
        gr.Plot(label="None yet")
    page: Page = new_page(**way)
    page.goto(serve(demo))
    expect(page.get_by_role("img", name="By matplotlib")).to_be_visible()
    expect(page.locator("#plotly .js-plotly-plot .point")).to_have_count(3)
    expect(page.locator("#altair .mark-symbol path")).to_have_count(2)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), "it scrolls sideways"
    axe(page)


def test_bokeh_draws_its_figures_and_runs_nothing_of_theirs(serve, page: Page, complaints) -> None:
    line = bokeh_figure(height=200)
    line.line([1, 2, 3], [3, 1, 2])
    with gr.Blocks() as demo:
        gr.Plot(column(Div(text="<b>Bold</b><img src='data:,' onerror='window.ran = 1'>"), line), label="By Bokeh")
    page.goto(serve(demo))
    expect(page.get_by_test_id("bokeh").get_by_text("Bold")).to_be_visible()
    expect(page.get_by_test_id("bokeh").locator("canvas").first).to_be_visible()
    assert page.evaluate("window.ran") is None
    complaints.forgive("inline event handler")  # told as the markup is read to take such handlers out


def test_figures_fit_the_tab_that_was_hidden(serve, page: Page) -> None:
    wide = altair.Chart(altair.Data(values=[{"a": 1}]), width="container").mark_point().encode(x="a:Q")
    with gr.Blocks() as demo:
        with gr.Tab("First"):
            gr.Markdown("Look at the other.")
        with gr.Tab("Other"):
            gr.Plot(plotly.graph_objects.Figure(plotly.graph_objects.Bar(y=[1])), elem_id="plotly")
            gr.Plot(wide, elem_id="altair")
            gr.BarPlot({"a": ["x"], "b": [1]}, "a", "b", elem_id="bars")
    page.goto(serve(demo))
    page.get_by_role("tab", name="Other").click()
    for name in ("plotly", "altair", "bars"):
        page.wait_for_function(
            "id => { const drawn = document.querySelector(`#${id} :is(.marks, .main-svg)`); return drawn && Math.abs("
            "drawn.getBoundingClientRect().width - document.getElementById(id).clientWidth) < 60 }",
            arg=name,
        )


def test_a_figure_is_drawn_anew_and_follows_the_theme(serve, page: Page) -> None:
    def bars(count: float):
        return plotly.graph_objects.Figure(plotly.graph_objects.Bar(y=[1] * int(count)))

    with gr.Blocks() as demo:
        count = gr.Number(2, label="Bars")
        plot = gr.Plot(bars(2))
        changed = gr.Textbox(label="Changed")
        count.submit(bars, count, plot)
        plot.change(lambda plot: json.loads(plot.plot)["data"][0]["type"], plot, changed)
    page.goto(serve(demo))
    expect(page.locator(".barlayer .point")).to_have_count(2)
    page.get_by_label("number input for Bars").or_(page.get_by_label("Bars")).first.fill("4")
    page.keyboard.press("Enter")
    expect(page.locator(".barlayer .point")).to_have_count(4)
    expect(page.get_by_label("Changed")).to_have_value("bar")
    color = "getComputedStyle(document.querySelector('.xtick text')).fill"
    before = page.evaluate(color)
    page.evaluate("document.body.classList.add('dark')")
    # Asked from outside: the page's policy forbids what wait_for_function does with an expression.
    for _ in range(200):
        if page.evaluate(color) != before:
            break
        page.wait_for_timeout(50)
    assert page.evaluate(color) != before


SALES = {"day": [f"2024-01-0{day}" for day in range(1, 9)], "n": list(range(8)), "sum": [1, 3, 2, 5, 4, 6, 8, 7]}


def drag(page: Page, over: str) -> None:
    box = page.locator(over).bounding_box()
    assert box is not None
    page.mouse.move(box["x"] + box["width"] * 0.4, box["y"] + box["height"] * 0.5)
    page.mouse.down()
    page.mouse.move(box["x"] + box["width"] * 0.7, box["y"] + box["height"] * 0.6, steps=3)
    page.mouse.up()


def test_a_region_is_selected_by_keyboard_given_up_and_taken_over_from_the_mouse(serve, page: Page, axe) -> None:
    with gr.Blocks() as demo:
        gr.Markdown("# Sales")
        plot = gr.LinePlot(SALES, "n", "sum", label="Sales")
        region = gr.Textbox(label="Region")
        plot.select(ends_of, None, region)
        plot.double_click(lambda: "all", None, region)
    page.goto(serve(demo))
    start = page.get_by_role("slider", name="Region start")
    start.focus()
    page.keyboard.press("PageUp")
    expect(page.get_by_label("Region", exact=True)).to_have_value("0.7 to 7")
    expect(start).to_have_attribute("aria-valuetext", "0.7")
    axe(page)
    page.get_by_role("button", name="Whole plot").press("Enter")
    expect(page.get_by_label("Region", exact=True)).to_have_value("all")
    drag(page, ".plot-drawing")
    expect(start).to_have_value(re.compile("^[1-6][0-9]$"))
    expect(page.get_by_role("slider", name="Region end")).to_have_value(re.compile("^[2-9][0-9]$"))
    drawn = int(start.input_value())
    start.press("ArrowRight")
    expect(start).to_have_value(str(drawn + 1))


def ends_of(selected: gr.SelectData) -> str:
    return "{:g} to {:g}".format(*selected.index)


def region_of(selected: gr.SelectData) -> str:
    first, last = selected.index
    return f"{0 < first < last < 7} {selected.selected}"


def test_data_are_drawn_selected_and_saved(serve, new_page, axe) -> None:
    with gr.Blocks() as demo:
        gr.Markdown("# Sales")
        plot = gr.LinePlot(SALES, "n", "sum", label="Sales", overlay_point=True, buttons=["csv"], elem_id="it")
        region, twice = gr.Textbox(label="Region"), gr.Textbox(label="Twice")
        plot.select(region_of, None, region)
        plot.double_click(lambda: "yes", None, twice)
        gr.BarPlot(SALES, "day", "sum", vertical=False, label="Lying", elem_id="bars")
        many = {"x": list(range(100_000)), "y": [number % 977 for number in range(100_000)]}
        gr.ScatterPlot(many, "x", "y", label="Many", elem_id="many")
    page: Page = new_page(viewport={"width": 390, "height": 900}, color_scheme="dark")
    page.goto(serve(demo))
    points = page.locator("#it .mark-symbol.role-mark path")
    expect(points).to_have_count(8)
    expect(page.locator("#bars .mark-rect.role-mark path")).to_have_count(8)
    expect(page.locator("#many canvas")).to_be_visible()
    expect(page.get_by_role("img", name="Many: Scatter plot of y by x, 100000 rows")).to_be_visible()
    points.nth(3).hover()
    expect(page.locator("#it .vega-hint")).to_have_text(re.compile("n: 3sum: 5"))
    drag(page, "#it .plot-drawing")
    expect(page.get_by_label("Region", exact=True)).to_have_value("True True")
    page.locator("#it .plot-drawing").dblclick()
    expect(page.get_by_label("Twice")).to_have_value("yes")
    with page.expect_download() as saved:
        page.get_by_role("button", name="Download data as CSV").click()
    assert Path(saved.value.path()).read_text("utf-8-sig").startswith("day,n,sum\n2024-01-01,0,1\n")
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), "it scrolls sideways"
    axe(page)
