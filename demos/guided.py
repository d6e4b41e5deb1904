"""Guided tour.

Steps that are gone through in their order, settings in a sidebar, and cards that can be put into another order.
"""

import blocks_app as gr

with gr.Blocks(title="Guided tour") as demo:
    gr.Markdown("# Plan a trip")
    with gr.Sidebar("Settings"):
        gr.Markdown("## Settings")
        currency = gr.Radio(["€", "$", "¥"], value="€", label="Currency")
        daily = gr.Slider(10, 200, value=60, step=10, label="Each day")
    with gr.Walkthrough() as way:
        with gr.Step("Where"):
            place = gr.Dropdown(["Kyoto", "Lima", "Paris"], value="Lima", label="Place")
            on_to_days = gr.Button("Next", variant="primary")
        with gr.Step("How long"):
            days = gr.Number(3, label="Days", minimum=1, precision=0)
            on_to_sum = gr.Button("Add it up", variant="primary")
        with gr.Step("Summary", id="summary"):
            total = gr.Markdown()
    gr.Markdown("## What matters most?")
    with gr.Draggable(orientation="row"):
        for wish in ("Food", "Museums", "Rest"):
            with gr.Group():
                gr.Markdown(f"### {wish}", container=True)

    on_to_days.click(lambda: gr.Walkthrough(selected=1), None, way)

    def add_up(place, days, daily, currency):
        return f"## {days} days in {place}: {currency}{days * daily}", gr.Walkthrough(selected="summary")

    on_to_sum.click(add_up, [place, days, daily, currency], [total, way])

if __name__ == "__main__":
    demo.launch()
