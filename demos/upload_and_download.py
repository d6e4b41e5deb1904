"""Buttons for files.

An UploadButton takes files without showing them; a DownloadButton hands out what the function made.
"""

import tempfile
from pathlib import Path

import blocks_app as gr


def shout(path):
    loud = Path(tempfile.mkdtemp()) / f"loud-{Path(path).name}"
    loud.write_text(Path(path).read_text(errors="replace").upper())
    return f"{loud.name} is ready.", gr.DownloadButton("Download it", value=str(loud), interactive=True)


with gr.Blocks(title="Buttons for files") as demo:
    gr.Markdown("# Buttons for files")
    with gr.Row():
        upload = gr.UploadButton("Upload a text", file_types=["text"], variant="primary")
        download = gr.DownloadButton("Nothing to download yet", interactive=False)
    state = gr.Textbox(label="State")
    upload.upload(shout, upload, [state, download])

if __name__ == "__main__":
    demo.launch()
