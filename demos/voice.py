"""A voice and what becomes of it.

Record yourself, or give a file; trim it with the scissors. The function gets the samples as an array and gives others
back.
"""

import numpy as np

import blocks_app as gr


def change(sound, how):
    if sound is None:
        raise gr.Error("Record something first.")
    rate, samples = sound
    if how == "Backwards":
        samples = samples[::-1]
    elif how == "Robot":
        wave = np.sin(np.arange(len(samples)) * 2 * np.pi * 60 / rate)
        samples = (samples.T * wave).T.astype("int16")
    else:
        rate = int(rate * 1.5)
    return (rate, samples), f"{len(samples) / rate:.1f} seconds, {rate} samples a second"


with gr.Blocks(title="A voice and what becomes of it") as demo:
    gr.Markdown("# A voice and what becomes of it")
    with gr.Row():
        before = gr.Audio(label="Before", max_length=60)
        after = gr.Audio(label="After", interactive=False)
    how = gr.Radio(["Backwards", "Robot", "Mouse"], label="Change", value="Backwards")
    told = gr.Textbox(label="Made", interactive=False)
    gr.Button("Change it", variant="primary").click(change, [before, how], [after, told])

if __name__ == "__main__":
    demo.launch()
