"""Cancel.

A long count can be stopped; the generator's own clean-up still runs.
"""

import time

import blocks_app as gr

stopped = []


def count(limit):
    try:
        for number in range(1, int(limit) + 1):
            yield number
            time.sleep(0.2)
    finally:
        stopped.append(number)


with gr.Blocks(title="Cancel") as demo:
    gr.Markdown("# Cancel")
    limit = gr.Number(100, label="Count to", precision=0)
    now = gr.Number(label="Now", interactive=False)
    with gr.Row():
        start = gr.Button("Start", variant="primary")
        stop = gr.Button("Stop", variant="stop")
    note = gr.Textbox(label="Clean-up")
    counting = start.click(count, limit, now)
    stop.click(None, cancels=[counting])
    gr.Button("Was it cleaned up?").click(
        lambda: f"Stopped at {stopped[-1]}" if stopped else "Nothing was stopped yet", None, note
    )

if __name__ == "__main__":
    demo.launch()
