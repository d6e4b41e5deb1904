"""Chat in one line.

A function and nothing else: `gr.ChatInterface` makes the page. The answer comes word by word; Stop ends it, and what
was said can be changed, asked again and taken back.
"""

import asyncio

import blocks_app as gr

PROVERBS = {
    "tea": "Better to be deprived of food for three days than of tea for one.",
    "rain": "After rain comes sunshine; after sunshine, more rain.",
    "time": "The best time to plant a tree was twenty years ago. The second best time is now.",
}


async def answer(message, history, speed, polite):
    turn = sum(each["role"] == "user" for each in history) + 1
    known = next(
        (text for word, text in PROVERBS.items() if word in message.lower()), f"Of *{message}* I know nothing."
    )
    words = f"{'If I may say so: ' if polite else ''}{known}\n\nThat was question {turn}.".split(" ")
    for count in range(1, len(words) + 1):
        yield " ".join(words[:count])
        await asyncio.sleep(0.2 / speed)


demo = gr.ChatInterface(
    answer,
    title="Proverbs",
    description="Ask about tea, rain or time.",
    editable=True,
    flagging_mode="manual",
    examples=[["Say something about tea"], ["What of the rain?"], ["Is it time?"]],
    additional_inputs=[gr.Slider(1, 20, 4, label="Speed"), gr.Checkbox(label="Polite")],
    additional_inputs_accordion=gr.Accordion("Manner", open=False),
)

if __name__ == "__main__":
    demo.launch()
