"""Samples.

A Dataset shows samples of what a function takes; a click hands one over.
"""

import blocks_app as gr

SUMS = [[a, b] for a in range(1, 5) for b in (10, 20, 30, 40)]

with gr.Blocks(title="Samples") as demo:
    gr.Markdown("# Samples")
    sums = gr.Dataset(components=["number", "number"], headers=["First", "Second"], samples=SUMS, label="Sums")
    with gr.Row():
        first, second, total = gr.Number(label="a"), gr.Number(label="b"), gr.Number(label="a + b")
    sums.click(lambda pair: [*pair, sum(pair)], sums, [first, second, total])

if __name__ == "__main__":
    demo.launch()
