"""Progress.

A slow function shows how far it is, step by step, and tells what it is doing.
"""

import time

import blocks_app as gr


def bake(loaves, progress=gr.Progress()):
    progress(0, desc="Heating the oven")
    time.sleep(0.5)
    done = []
    for number in progress.tqdm(range(1, int(loaves) + 1), desc="Baking", unit="loaves"):
        time.sleep(0.3)
        done.append(f"Loaf {number}")
    gr.Info("The bread is ready.")
    return "\n".join(done)


with gr.Blocks(title="Progress") as demo:
    gr.Markdown("# Progress")
    loaves = gr.Slider(1, 12, value=5, step=1, label="Loaves")
    tray = gr.Textbox(label="Tray", lines=5)
    gr.Button("Bake", variant="primary").click(bake, loaves, tray)

if __name__ == "__main__":
    demo.launch()
