"""Plots.

Data drawn by the page: select some days above to see their customers below. A figure of matplotlib beside it.
"""

import datetime
import random

import matplotlib.figure

import blocks_app as gr

random.seed(7)
START = datetime.datetime(2026, 1, 1, tzinfo=datetime.UTC)
SALES = [
    {"day": START + datetime.timedelta(days=day), "sales": 100 + day + random.randint(-20, 20), "shop": shop}
    for day in range(60)
    for shop in ("Berlin", "Rome")
]


def within(selected: gr.SelectData):
    first, last = (datetime.datetime.fromtimestamp(second, datetime.UTC) for second in selected.index)
    return [row for row in SALES if first <= row["day"] <= last]


def spread(shop):
    figure = matplotlib.figure.Figure(figsize=(5, 3), layout="constrained")
    axes = figure.add_subplot()
    axes.hist([row["sales"] for row in SALES if row["shop"] == shop], bins=12)
    axes.set_xlabel("sales a day")
    return figure


with gr.Blocks(title="Plots") as demo:
    gr.Markdown("# Plots")
    days = gr.LinePlot(SALES, "day", "sales", color="shop", label="Sales", buttons=["fullscreen", "export", "csv"])
    with gr.Row():
        with gr.Column(min_width=320):
            sums = gr.BarPlot(SALES, "shop", "sales", color="shop", y_aggregate="mean", label="Mean of these days")
        with gr.Column(min_width=320):
            weeks = gr.BarPlot(SALES, "day", "sales", color="shop", x_bin="7d", label="Week by week")
    with gr.Row():
        shop = gr.Radio(["Berlin", "Rome"], value="Berlin", label="Shop")
        figure = gr.Plot(spread("Berlin"), label="How much they differ")
    days.select(within, None, sums)
    days.double_click(lambda: SALES, None, sums)
    shop.change(spread, shop, figure)

if __name__ == "__main__":
    demo.launch()
