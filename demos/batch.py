"""Batch.

Clicks that wait at the same time are answered by one call of the function, as a model would do.
"""

import time

import blocks_app as gr


def shout(texts):
    time.sleep(1)
    return [[f"{text.upper()}! (with {len(texts) - 1} others)" for text in texts]]


with gr.Blocks(title="Batch") as demo:
    gr.Markdown("# Batch")
    gr.Markdown("Press the three buttons quickly: the first runs alone, the others wait and run **together**.")
    for name in ("one", "two", "three"):
        with gr.Row():
            word = gr.Textbox(name, label=f"Word {name}")
            answer = gr.Textbox(label=f"Answer {name}")
            gr.Button(f"Shout {name}").click(shout, word, answer, batch=True, max_batch_size=8)

if __name__ == "__main__":
    demo.launch()
