"""Streaming.

A generator's values appear one after another, as a chat bot's words do.
"""

import asyncio

import blocks_app as gr

STORY = (
    "Once upon a time a small function learned to speak. It did not wait until its whole answer was ready: "
    "it gave every word as soon as it had one, and whoever listened could read along."
)


async def tell(pace):
    told = ""
    for word in STORY.split():
        told += f"{word} "
        yield told.strip()
        await asyncio.sleep(pace / 1000)


with gr.Blocks(title="Streaming") as demo:
    gr.Markdown("# Streaming")
    pace = gr.Slider(0, 200, value=40, step=10, label="Milliseconds per word")
    story = gr.Textbox(label="Story", lines=4)
    gr.Button("Tell me", variant="primary").click(tell, pace, story)

if __name__ == "__main__":
    demo.launch()
