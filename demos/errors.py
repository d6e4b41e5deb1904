"""Errors and notices.

What a function tells the visitor when something is wrong, and what it keeps to itself.
"""

import blocks_app as gr


def divide(a, b):
    if b == 0:
        raise gr.Error("Nothing can be divided by zero.")
    if b < 0:
        gr.Warning("Dividing by a negative number.")
    gr.Info("Divided.")
    return a / b


def break_down():
    raise RuntimeError("This text is for the log, not for the visitor.")


with gr.Blocks(title="Errors and notices") as demo:
    gr.Markdown("# Errors and notices")
    with gr.Row():
        a = gr.Number(6, label="A")
        b = gr.Number(0, label="B")
    result = gr.Number(label="A / B", interactive=False)
    gr.Button("Divide", variant="primary").click(divide, [a, b], result)
    gr.Button("Break down").click(break_down, None, result)

if __name__ == "__main__":
    demo.launch()
