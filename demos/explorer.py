"""File explorer.

Chooses among files of the server: here the source of these demos. Folders are read when they are opened.
"""

from pathlib import Path

import blocks_app as gr


def lengths(paths):
    return {Path(path).name: len(Path(path).read_text().splitlines()) for path in paths or [] if Path(path).is_file()}


with gr.Blocks(title="File explorer") as demo:
    gr.Markdown("# File explorer")
    with gr.Row():
        files = gr.FileExplorer(
            "**/*.py", root_dir=Path(__file__).parent, ignore_glob="__pycache__", label="Demos", min_width=300
        )
        lines = gr.JSON(label="Lines", min_width=300)
    files.change(lengths, files, lines)

if __name__ == "__main__":
    demo.launch()
