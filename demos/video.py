"""A film and what it says.

Upload a film or record one, and cut it; the function reads its header and shows it again with subtitles.
"""

from pathlib import Path

import blocks_app as gr


def describe(film, words):
    if film is None:
        raise gr.Error("Choose or record a film first.")
    subtitles = Path(film).with_suffix(".srt")
    subtitles.write_text(f"1\n00:00:00,000 --> 00:10:00,000\n{words}\n")
    return (film, subtitles), f"`{Path(film).name}` has {Path(film).stat().st_size:,} bytes."


with gr.Blocks(title="A film and what it says") as demo:
    gr.Markdown("# A film and what it says")
    with gr.Row():
        film = gr.Video(label="Film", max_length=60)
        shown = gr.Video(label="With subtitles", interactive=False)
    facts = gr.Markdown()
    words = gr.Textbox("Once upon a time", label="Words")
    gr.Button("Show it", variant="primary").click(describe, [film, words], [shown, facts])

if __name__ == "__main__":
    demo.launch()
