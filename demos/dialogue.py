"""Dialogue.

Who says what, line by line; a colon offers sounds to put in. The function gets one text and gives lines back.
"""

import blocks_app as gr


def shout(text):
    lines = [line.removeprefix("[").split("] ", 1) for line in text.split("\n") if line]
    return [{"speaker": speaker, "text": words.upper()} for speaker, words in lines]


with gr.Blocks(title="Dialogue") as demo:
    gr.Markdown("# Dialogue")
    script = gr.Dialogue(
        [
            {"speaker": "Ada", "text": "Shall we compute?"},
            {"speaker": "Charles", "text": "(sighs) By steam, if we must."},
        ],
        label="Script",
        speakers=["Ada", "Charles"],
        tags=["(laughs)", "(sighs)", "(pause)"],
        submit_btn="Shout",
    )
    spoken = gr.Dialogue(label="Spoken", speakers=["Ada", "Charles"], buttons=["copy"])
    script.submit(shout, script, spoken)

if __name__ == "__main__":
    demo.launch()
