"""Image in, image out.

Upload, paste or take a picture; the function gets it as a numpy array and gives one back.
"""

import blocks_app as gr


def change(image, how):
    if image is None:
        raise gr.Error("Choose a picture first.")
    if how == "Negative":
        return 255 - image
    if how == "Mirror":
        return image[:, ::-1]
    return image.mean(axis=2).astype("uint8")


with gr.Blocks(title="Image in, image out") as demo:
    gr.Markdown("# Image in, image out")
    with gr.Row():
        before = gr.Image(label="Before")
        after = gr.Image(label="After", interactive=False)
    how = gr.Radio(["Negative", "Mirror", "Grey"], label="Change", value="Negative")
    gr.Button("Change it", variant="primary").click(change, [before, how], after)

if __name__ == "__main__":
    demo.launch()
