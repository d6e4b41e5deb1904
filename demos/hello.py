"""Hello.

Type a name and press Run: the smallest app, a function with one input and one output.
"""

import blocks_app as gr


def update(name):
    return f"Welcome to Gradio, {name}!"


with gr.Blocks(title="Hello") as demo:
    gr.Markdown("Start typing below and then click **Run** to see the output.")
    with gr.Row():
        inp = gr.Textbox(placeholder="What is your name?", label="Name")
        out = gr.Textbox(label="Greeting")
    btn = gr.Button("Run")
    btn.click(fn=update, inputs=inp, outputs=out)

if __name__ == "__main__":
    demo.launch()
