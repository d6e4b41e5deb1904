"""A mirror that draws.

The camera's pictures go to a function, ten a second, and come back changed. The next one is taken when the function is
done with the one before, so nothing waits in a queue; what was shown is deleted after half a minute.
"""

import numpy as np

import blocks_app as gr


def draw(picture, how, count):
    if how == "Edges":
        gray = picture.mean(axis=2)
        steps = np.abs(np.diff(gray, axis=0))[:, 1:] + np.abs(np.diff(gray, axis=1))[1:]
        picture = 255 - np.clip(steps * 6, 0, 255).astype(np.uint8)
    elif how == "Poster":
        picture = picture // 64 * 85
    else:
        picture = picture[:, ::-1]
    return picture, count + 1, f"{count + 1} pictures"


with gr.Blocks(title="A mirror that draws", delete_cache=(10, 30)) as demo:
    gr.Markdown("# A mirror that draws")
    with gr.Row():
        camera = gr.Image(
            label="Camera",
            sources=["webcam"],
            streaming=True,
            webcam_options={"constraints": {"width": 640, "height": 480}},
        )
        shown = gr.Image(label="Drawn", format="jpeg", interactive=False)
    how = gr.Radio(["Edges", "Poster", "The other way round"], label="Drawn as", value="Edges")
    count, told = gr.State(0), gr.Textbox(label="So far", interactive=False)
    camera.stream(draw, [camera, how, count], [shown, count, told], stream_every=0.1, time_limit=120)

if __name__ == "__main__":
    demo.launch()
