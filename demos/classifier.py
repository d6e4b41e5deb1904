"""Classifier.

A label with confidences, and the numbers behind it as JSON.
"""

import blocks_app as gr

MOODS = {
    "cheerful": {"sun", "happy", "love", "great", "thanks", "fun"},
    "gloomy": {"rain", "sad", "lost", "tired", "alone", "cold"},
    "angry": {"hate", "never", "stupid", "worst", "broken"},
}


def classify(text):
    words = set(text.lower().split())
    hits = {mood: 1 + 4 * len(words & signs) for mood, signs in MOODS.items()}
    total = sum(hits.values())
    return {mood: number / total for mood, number in hits.items()}, {"words": sorted(words), "points": hits}


with gr.Blocks(title="Classifier") as demo:
    gr.Markdown("# Classifier")
    text = gr.Textbox("thanks for the great fun in the rain", label="Text", lines=2)
    mood = gr.Label(label="Mood", num_top_classes=3)
    details = gr.JSON(label="Details")
    text.change(classify, text, [mood, details])
    gr.Button("Classify", variant="primary").click(classify, text, [mood, details])
    gr.ClearButton([text, mood, details])

if __name__ == "__main__":
    demo.launch()
