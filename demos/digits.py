"""A drawn digit.

Draw a digit from 0 to 9, as large as the sheet allows. It is compared with 1,797 that people have written, which
scikit-learn brings along (`pip install -r demos/requirements-models.txt`).
"""

import functools

import numpy as np

import blocks_app as gr

SIDE, GRID = 240, 32


@functools.cache
def knower():
    """Taught when the first drawing comes."""
    from sklearn.datasets import load_digits
    from sklearn.neighbors import KNeighborsClassifier

    return KNeighborsClassifier(7, weights="distance").fit(*load_digits(return_X_y=True))


def small(ink):
    """The drawing as the known digits are: fitted into 32 x 32 pixels, of which each 4 x 4 are counted."""
    rows, columns = np.flatnonzero(ink.any(axis=1)), np.flatnonzero(ink.any(axis=0))
    ink = ink[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]
    missing = max(0, len(ink) * 3 // 4 - ink.shape[1])  # a 1 stays narrow
    ink = np.pad(ink, ((0, 0), (missing // 2, missing - missing // 2)))
    down, across = ((np.arange(GRID) + 0.5) * length / GRID for length in ink.shape)
    return ink[np.ix_(down.astype(int), across.astype(int))].reshape(8, 4, 8, 4).sum(axis=(1, 3)).ravel()


def recognise(drawing):
    ink = drawing["composite"][:, :, :3].min(axis=2) < 128 if drawing["composite"] is not None else np.zeros((1, 1))
    if not ink.any():
        return None
    return {str(digit): share for digit, share in enumerate(knower().predict_proba([small(ink)])[0])}


with gr.Blocks(title="A drawn digit") as demo:
    gr.Markdown("# A drawn digit")
    with gr.Row():
        brush = gr.Brush(11, ["#000000"])
        sheet = gr.Sketchpad(label="Sheet", canvas_size=(SIDE, SIDE), brush=brush, layers=False, min_width=320)
        digit = gr.Label(label="It is a", num_top_classes=3)
    sheet.change(recognise, sheet, digit, show_progress="hidden")

if __name__ == "__main__":
    demo.launch()
