"""Reading a picture.

A page, a sign or a screenshot: the lines of text in it, and where they stand. The model that reads comes with a package
(`pip install -r demos/requirements-models.txt`) and works on this machine.
"""

import functools
import threading

import blocks_app as gr

reading = threading.Lock()


@functools.cache
def reader():
    """Loaded when the first picture comes."""
    from rapidocr_onnxruntime import RapidOCR

    return RapidOCR(det_limit_side_len=480, use_cls=False)


def read(picture):
    if picture is None:
        raise gr.Error("Choose a picture first.")
    with reading:
        lines, _ = reader()(picture)
    lines = lines or []
    boxes = [(corners(place), text) for place, text, _ in lines]
    return (picture, boxes), "\n".join(text for _, text, _ in lines) or "There is no text in it."


def corners(place):
    """Left, top, right and bottom of a line that may be askew."""
    across, down = zip(*place, strict=True)
    return min(across), min(down), max(across), max(down)


with gr.Blocks(title="Reading a picture") as demo:
    gr.Markdown("# Reading a picture")
    with gr.Row():
        picture = gr.Image(label="Picture")
        found = gr.AnnotatedImage(label="Found", show_legend=False)
    text = gr.Textbox(label="Text", lines=3, interactive=False)
    gr.Button("Read", variant="primary").click(read, picture, [found, text])

if __name__ == "__main__":
    demo.launch()
