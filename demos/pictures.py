"""A gallery, and before and after.

Choose a picture, or add your own: the slider compares it with what a filter makes of it.
"""

import numpy as np
from PIL import Image, ImageFilter

import blocks_app as gr

FILTERS = {"Edges": ImageFilter.FIND_EDGES, "Blur": ImageFilter.GaussianBlur(6), "Relief": ImageFilter.EMBOSS}


def waves(hue):
    y, x = np.mgrid[:240, :320] / 40
    height = np.sin(x + hue) + np.sin(y * 1.3 - hue) + np.sin(2 * np.hypot(x - 4, y - 3))
    return np.stack([np.sin(height + hue + part) / 2 + 0.5 for part in (0, 2, 4)], axis=2)


def compare(pictures, kind, chosen: gr.SelectData):
    path, caption = pictures[chosen.index]
    before = Image.open(path).convert("RGB")
    return (before, before.filter(FILTERS[kind])), f"{caption or 'Your own picture'}, {before.width} x {before.height}"


with gr.Blocks(title="A gallery") as demo:
    gr.Markdown("# A gallery, and before and after")
    pictures = gr.Gallery(
        [(waves(hue), f"Waves {hue + 1}") for hue in range(6)],
        label="Pictures",
        columns=[2, 3],
        allow_preview=False,
        interactive=True,
    )
    kind = gr.Radio(list(FILTERS), label="Filter", value="Edges")
    both = gr.ImageSlider(label="Before and after", interactive=False)
    about = gr.Textbox(label="Chosen")
    pictures.select(compare, [pictures, kind], [both, about])

if __name__ == "__main__":
    demo.launch()
