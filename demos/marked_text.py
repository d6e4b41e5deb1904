"""Marked text.

Words of a text with their kind, which a visitor can correct by selecting a part of it, and a score for each sentence.
"""

import re

import blocks_app as gr

KINDS = {
    "place": {"paris", "kyoto", "lima", "berlin"},
    "food": {"soup", "noodles", "bread", "cake"},
}
GOOD, BAD = {"good", "great", "warm", "lovely"}, {"cold", "late", "bad", "stale"}


def find(text):
    entities = [
        {"entity": kind, "start": word.start(), "end": word.end()}
        for word in re.finditer(r"\w+", text)
        for kind, words in KINDS.items()
        if word.group().lower() in words
    ]
    return {"text": text, "entities": entities}, [
        part for sentence in text.splitlines() for part in ((sentence, score(sentence)), ("\n", None))
    ]


def score(sentence):
    words = set(re.findall(r"\w+", sentence.lower()))
    return max(-1, min(1, (len(words & GOOD) - len(words & BAD)) / 2))


def count(parts):
    marked = [part["class_or_confidence"] for part in parts or [] if part["class_or_confidence"]]
    return {kind: marked.count(kind) / len(marked) for kind in marked}


TEXT = "The soup in Lima was lovely and warm.\nIn Paris they served stale bread, and late.\nKyoto has noodles."

with gr.Blocks(title="Marked text") as demo:
    gr.Markdown("# Marked text")
    text = gr.Textbox(TEXT, label="Text", lines=3)
    run = gr.Button("Find", variant="primary")
    with gr.Row():
        with gr.Column():
            colors = {"place": "#0e7490"}
            kinds = gr.HighlightedText(label="Kinds", show_legend=True, interactive=True, color_map=colors)
        with gr.Column():
            moods = gr.HighlightedText(label="Moods", show_legend=True)
    shares = gr.Label(label="Shares")
    gr.on([demo.load, run.click], find, text, [kinds, moods])
    kinds.change(count, kinds, shares)
    chosen = gr.Textbox(label="Chosen")

    def tell(event: gr.SelectData):
        return f"{event.value[0].strip()} ({event.value[1]})"

    moods.select(tell, None, chosen)

if __name__ == "__main__":
    demo.launch()
