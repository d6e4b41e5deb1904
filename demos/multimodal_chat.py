"""Chat with files.

Messages with files, and answers that are more than text: a thought that folds away, a picture, a plain list of what
came, and answers to choose from.
"""

from pathlib import Path

from PIL import Image, ImageOps

import blocks_app as gr


def answer(message, history):
    files = [Path(path) for path in message["files"]]
    pictures = [path for path in files if path.suffix.lower() in (".png", ".jpg", ".jpeg", ".webp")]
    yield gr.ChatMessage(f"{len(files)} files came.", metadata={"title": "Looking", "status": "pending"})
    thought = gr.ChatMessage(
        f"{len(files)} files came, {len(pictures)} of them pictures.", metadata={"title": "Looked"}
    )
    if pictures:
        with Image.open(pictures[0]) as picture:
            turned = ImageOps.mirror(picture.convert("RGB"))
        yield [thought, "In the mirror:", gr.Image(turned, label=pictures[0].name, show_label=False)]
    elif files:
        yield [thought, "\n".join(f"* `{path.name}`: {path.stat().st_size} bytes" for path in files)]
    elif message["text"] == "Nothing":
        yield "As you like."
    else:
        options = [{"value": "A picture, please", "label": "A picture"}, {"value": "Nothing"}]
        yield gr.ChatMessage("You may send a file with your message. What would you like?", options=options)


demo = gr.ChatInterface(
    answer,
    multimodal=True,
    title="Mirror",
    textbox=gr.MultimodalTextbox(
        label="Message",
        placeholder="Write, and add a picture",
        file_count="multiple",
        submit_btn=True,
        stop_btn=True,
        sources=["upload", "microphone"],
    ),
    examples=[{"text": "Turn this", "files": [gr.get_image("harbour.jpg")]}, {"text": "Hello"}],
    example_labels=["Turn a picture", "Say hello"],
)

if __name__ == "__main__":
    demo.launch()
