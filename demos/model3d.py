"""A model to turn.

Drag it, or press the arrow keys; the function writes an OBJ file with as many sides as you like.
"""

import math
import tempfile
from pathlib import Path

import blocks_app as gr


def prism(sides, height):
    corners = [(math.cos(2 * math.pi * i / sides), math.sin(2 * math.pi * i / sides)) for i in range(sides)]
    lines = [f"v {x:.4f} {y} {z:.4f}" for y in (0, height) for x, z in corners]
    lines += [f"f {i + 1} {sides + i + 1} {sides + (i + 1) % sides + 1} {(i + 1) % sides + 1}" for i in range(sides)]
    lines.append("f " + " ".join(str(i + 1) for i in range(sides)))
    lines.append("f " + " ".join(str(2 * sides - i) for i in range(sides)))
    path = Path(tempfile.mkdtemp()) / f"prism-{sides}.obj"
    path.write_text("\n".join(lines))
    return path


with gr.Blocks(title="A model to turn") as demo:
    gr.Markdown("# A model to turn")
    with gr.Row():
        with gr.Column(scale=1):
            sides = gr.Slider(3, 24, 6, step=1, label="Sides")
            height = gr.Slider(0.2, 3, 1, step=0.1, label="Height")
            make = gr.Button("Make it", variant="primary")
        model = gr.Model3D(label="Prism", camera_position=(60, 60, None), interactive=False, scale=2)
    make.click(prism, [sides, height], model)
    demo.load(prism, [sides, height], model)

if __name__ == "__main__":
    demo.launch()
