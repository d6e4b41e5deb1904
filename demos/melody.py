"""A melody, heard while it is made.

The generator yields one note after the other, each as an array. They play without gaps from the first one on; in the
end there is one sound, which can be played from anywhere and downloaded.
"""

import time

import numpy as np

import blocks_app as gr

RATE = 16000
NOTES = {"C": 261.63, "D": 293.66, "E": 329.63, "F": 349.23, "G": 392.0, "A": 440.0, "B": 493.88}


def compose(text, length):
    for name in text.upper().split():
        if name not in NOTES:
            raise gr.Error(f"{name} is no note. Use {', '.join(NOTES)}.")
        seconds = np.arange(int(RATE * length)) / RATE
        yield RATE, 0.4 * np.sin(2 * np.pi * NOTES[name] * seconds) * np.minimum(1, (length - seconds) * 20)
        time.sleep(length / 4)  # as if it were hard


with gr.Blocks(title="A melody, heard while it is made") as demo:
    gr.Markdown("# A melody, heard while it is made")
    notes = gr.Textbox("C D E C C D E C E F G", label="Notes")
    length = gr.Slider(0.1, 1, 0.4, step=0.1, label="Seconds of each")
    melody = gr.Audio(label="Melody", streaming=True, autoplay=True, interactive=False)
    gr.Button("Play it", variant="primary").click(compose, [notes, length], melody)

if __name__ == "__main__":
    demo.launch()
