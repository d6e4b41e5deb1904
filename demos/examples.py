"""Examples.

A click on an example fills the inputs, and shows the answer that was kept of the first time.
"""

import time

import blocks_app as gr

FORMS = {"Haiku": (5, 7, 5), "Tanka": (5, 7, 5, 7, 7)}


def compose(about, form):
    poem = ""
    for length in FORMS[form]:
        for syllable in range(length):
            time.sleep(0.02)
            poem += about[syllable % max(1, len(about))]
            yield poem
        poem += "\n"


with gr.Blocks(title="Examples") as demo:
    gr.Markdown("# Examples")
    with gr.Row():
        about, form = gr.Textbox(label="About"), gr.Radio([*FORMS], label="Form")
    poem = gr.Textbox(label="Poem", lines=5)
    gr.Button("Compose", variant="primary").click(compose, [about, form], poem)
    rows = [["rain", "Haiku"], ["moon", "Tanka"], ["sea", "Haiku"]]
    gr.Examples(rows, [about, form], poem, compose, cache_examples="lazy", label="Poems")

if __name__ == "__main__":
    demo.launch()
