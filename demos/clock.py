"""Clock.

A value that the page asks for again every second, and the moment at which it was opened.
"""

import datetime

import blocks_app as gr


def now():
    return datetime.datetime.now().strftime("%H:%M:%S")


with gr.Blocks(title="Clock") as demo:
    gr.Markdown("# Clock")
    gr.Textbox(now, label="Now", every=1)
    opened = gr.Textbox(label="Opened at")
    demo.load(now, None, opened)

if __name__ == "__main__":
    demo.launch()
