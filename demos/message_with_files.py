"""Text with files.

One field for a message and what belongs to it: files are chosen, dropped, pasted or recorded.
"""

from pathlib import Path

import blocks_app as gr


def describe(message):
    files = [f"- `{Path(file).name}`, {Path(file).stat().st_size:,} bytes" for file in message["files"]]
    text = message["text"].strip() or "*no text*"
    return "\n".join([f"**{text}**", "", *files]), None


with gr.Blocks(title="Text with files") as demo:
    gr.Markdown("# Text with files")
    answer = gr.Markdown("Write something, or give a file.")
    message = gr.MultimodalTextbox(
        label="Message", placeholder="Write, drop or paste…", file_count="multiple", sources=["upload", "microphone"]
    )
    message.submit(describe, message, [answer, message])

if __name__ == "__main__":
    demo.launch()
