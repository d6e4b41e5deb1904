"""Tabs and accordions.

A page in parts: tabs, an accordion, columns that wrap on a phone, and a panel that appears when it is wanted.
"""

import blocks_app as gr

with gr.Blocks(title="Tabs and accordions") as demo:
    gr.Markdown("# Tabs and accordions")
    with gr.Tabs() as tabs:
        with gr.Tab("Order", id="order"):
            with gr.Row():
                with gr.Column(scale=2):
                    dish = gr.Radio(["Soup", "Pasta", "Cake"], label="Dish", value="Soup")
                    portions = gr.Number(1, label="Portions", minimum=1, precision=0)
                with gr.Column(scale=1, variant="panel"):
                    with gr.Accordion("More wishes", open=False):
                        spice = gr.Slider(0, 5, value=1, step=1, label="Spice")
                        gift = gr.Checkbox(label="It is a gift")
                    with gr.Group(visible=False) as card:
                        message = gr.Textbox(label="Card")
            order = gr.Button("Order", variant="primary")
        with gr.Tab("Receipt", id="receipt"):
            receipt = gr.Markdown("No order yet.")
    gift.change(lambda wanted: gr.Group(visible=wanted), gift, card)

    def take(dish, portions, spice, gift, message):
        lines = [f"## {portions} × {dish}", f"Spice: {spice} of 5"]
        if gift:
            lines.append(f"> {message}")
        return "\n\n".join(lines), gr.Tabs(selected="receipt")

    order.click(take, [dish, portions, spice, gift, message], [receipt, tabs])

if __name__ == "__main__":
    demo.launch()
