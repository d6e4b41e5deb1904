"""File upload.

Files go to the server in pieces; the function sees paths, and gives a new file back for download.
"""

import tempfile
from pathlib import Path

import blocks_app as gr


def measure(files):
    if not files:
        raise gr.Error("Choose at least one file.")
    sizes = {Path(file).name: Path(file).stat().st_size for file in files}
    report = Path(tempfile.mkdtemp()) / "report.txt"
    report.write_text("\n".join(f"{name}: {size} bytes" for name, size in sizes.items()) + "\n")
    return sizes, str(report)


with gr.Blocks(title="File upload") as demo:
    gr.Markdown("# File upload")
    files = gr.File(label="Files", file_count="multiple")
    with gr.Row():
        sizes = gr.JSON(label="Sizes")
        report = gr.File(label="Report")
    gr.Button("Measure", variant="primary").click(measure, files, [sizes, report])

if __name__ == "__main__":
    demo.launch()
