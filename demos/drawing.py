"""Drawing.

Draw on an empty sheet and see where the ink is. Or paint over parts of a picture, which are then hidden.
"""

import numpy as np

import blocks_app as gr

HEIGHT, WIDTH, BLOCK = 240, 400, 16


def landscape():
    """Hills under an evening sky."""
    rows, columns = np.mgrid[:HEIGHT, :WIDTH]
    picture = np.empty((HEIGHT, WIDTH, 3), np.uint8)
    picture[:] = np.linspace((70, 90, 160), (250, 190, 120), HEIGHT)[:, None]
    picture[np.hypot(rows - 110, columns - 290) < 28] = (255, 240, 190)
    for top, wave, color in ((150, 60, (90, 110, 90)), (180, 35, (60, 85, 70)), (210, 50, (35, 60, 50))):
        picture[rows > top + 14 * np.sin(columns / wave + top)] = color
    return picture


def measure(drawing):
    ink = drawing["composite"][:, :, :3].min(axis=2) < 128 if drawing["composite"] is not None else np.zeros((1, 1))
    if not ink.any():
        return "The sheet is empty."
    (top, bottom), (left, right) = (np.flatnonzero(ink.any(axis=axis))[[0, -1]] for axis in (1, 0))
    return f"{ink.mean():.1%} ink, {right - left + 1} pixels wide and {bottom - top + 1} high."


def hide(drawing):
    """Coarse blocks in the place of what was painted over."""
    if drawing["background"] is None:
        raise gr.Error("Choose a picture first.")
    picture = drawing["background"][:, :, :3].copy()
    painted = np.any([layer[:, :, 3] > 0 for layer in drawing["layers"]], axis=0)
    coarse = picture[BLOCK // 2 :: BLOCK, BLOCK // 2 :: BLOCK].repeat(BLOCK, axis=0).repeat(BLOCK, axis=1)
    coarse = np.pad(coarse, ((0, BLOCK), (0, BLOCK), (0, 0)), "edge")[: picture.shape[0], : picture.shape[1]]
    picture[painted] = coarse[painted]
    return picture


with gr.Blocks(title="Drawing") as demo:
    gr.Markdown("# Drawing")
    with gr.Row():
        with gr.Column():
            sheet = gr.Sketchpad(label="Sheet", canvas_size=(400, 240), layers=False)
            ink = gr.Textbox(label="Ink")
            sheet.change(measure, sheet, ink)
        with gr.Column():
            editor = gr.ImageEditor(
                landscape(), label="Picture", brush=gr.Brush(12, [("#7c3aed", 0.6)], color_mode="fixed"), format="png"
            )
            button = gr.Button("Hide what is painted over", variant="primary")
            hidden = gr.Image(label="Hidden", format="png", interactive=False)
            button.click(hide, editor, hidden)

if __name__ == "__main__":
    demo.launch()
