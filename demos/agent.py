"""Agent.

A conversation with thoughts that open and close, components in its messages, and answers to choose from.
"""

import asyncio

import blocks_app as gr

ASK = gr.ChatMessage("What would you like to know?", options=[{"value": "weather"}, {"value": "menu", "label": "Menu"}])


async def work(history, event: gr.SelectData):
    history = [*history, {"role": "user", "content": event.value}]
    thought = gr.ChatMessage("", metadata={"title": "🔎 Looking it up", "id": 1, "status": "pending"})
    for step in ("Asking the station… ", "comparing with yesterday… ", "done."):
        thought.content += step
        yield [*history, thought]
        await asyncio.sleep(0.3)
    thought.metadata = {**thought.metadata, "status": "done", "duration": 0.9, "log": "2 sources"}
    check = gr.ChatMessage("Both sources agree.", metadata={"title": "Checked", "parent_id": 1})
    if event.value == "weather":
        told = [
            "Most likely it will be like this:",
            gr.Label({"sun": 0.7, "clouds": 0.2, "rain": 0.1}, label="Tomorrow"),
        ]
    else:
        told = ["Today there is:", gr.JSON({"soup": 4, "noodles": 8}, label="Menu")]
    yield [*history, thought, check, gr.ChatMessage(told), ASK]


with gr.Blocks(title="Agent") as demo:
    gr.Markdown("# An agent that thinks aloud")
    chat = gr.Chatbot([ASK], label="Agent", layout="panel", type=None, height=480)
    chat.option_select(work, chat, chat)

if __name__ == "__main__":
    demo.launch()
