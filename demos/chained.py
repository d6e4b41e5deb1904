"""Chained events.

One click runs three functions after each other; the last runs whether or not the second succeeded.
"""

import blocks_app as gr


def count_words(text):
    return len(text.split())


def judge(words):
    if words == 0:
        raise gr.Error("Write something first.")
    return "A short note." if words < 10 else "A long read."


def stamp(log, words):
    return f"{log}\n{words} words" if log else f"{words} words"


with gr.Blocks(title="Chained events") as demo:
    gr.Markdown("# Chained events")
    text = gr.Textbox(label="Text", lines=3, value="Three small words")
    with gr.Row():
        words = gr.Number(label="Words", interactive=False)
        verdict = gr.Textbox(label="Verdict")
    history = gr.Textbox(label="History", lines=3, interactive=False)
    counted = gr.Button("Count and judge", variant="primary").click(count_words, text, words)
    judged = counted.then(judge, words, verdict)
    judged.then(stamp, [history, words], history)
    judged.failure(lambda: "No verdict", None, verdict)

if __name__ == "__main__":
    demo.launch()
