"""Place in the queue.

One cook, many guests: everybody sees their place and how long it will take.
"""

import time

import blocks_app as gr


def cook(dish):
    time.sleep(2)
    return f"{dish} is served."


with gr.Blocks(title="Place in the queue") as demo:
    gr.Markdown("# Place in the queue")
    gr.Markdown("Open this page in several tabs and order in each: one order is cooked at a time.")
    dish = gr.Textbox("Soup", label="Dish")
    served = gr.Textbox(label="Served")
    gr.Button("Order", variant="primary").click(cook, dish, served, trigger_mode="multiple")

demo.queue(max_size=20)

if __name__ == "__main__":
    demo.launch()
