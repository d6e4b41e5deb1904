"""Chat.

A program that answers letter by letter. Answers can be copied, liked, asked for again and taken back, and
what you wrote can be changed.
"""

import asyncio

import blocks_app as gr

FACTS = {
    "tea": "Tea is best with water **just below** boiling: about 90 °C for black, 75 °C for green leaves.",
    "primes": "A way to list them:\n\n```python\n[n for n in range(2, 50) if all(n % d for d in range(2, n))]\n```",
    "table": "| Planet | Moons |\n| --- | ---: |\n| Earth | 1 |\n| Mars | 2 |",
}
EXAMPLES = [{"text": f"Tell me about {name}"} for name in FACTS]


def ask(message, history):
    return "", [*(history or []), {"role": "user", "content": message}]


async def answer(history):
    if not history:
        return
    asked = history[-1]["content"][0]["text"]
    words = next((fact for name, fact in FACTS.items() if name in asked.lower()), f"You said: *{asked}*")
    history.append({"role": "assistant", "content": ""})
    for letter in words:
        history[-1]["content"] += letter
        yield history
        await asyncio.sleep(0.004)


def retry(history, event: gr.RetryData):
    return history[: event.index + 1]


def undo(history, event: gr.UndoData):
    return history[: event.index], event.value


def edit(history, event: gr.EditData):
    return history[: event.index + 1]


def choose(event: gr.SelectData):
    return [{"role": "user", "content": event.value["text"]}]


def like(event: gr.LikeData):
    gr.Info("Thank you." if event.liked else "Sorry to hear that.")


with gr.Blocks(title="Chat") as demo:
    chat = gr.Chatbot(
        label="Chat",
        height=420,
        buttons=["copy", "copy_all"],
        editable="user",
        placeholder="**Ask me something**",
        examples=EXAMPLES,
    )
    message = gr.Textbox(placeholder="Write a message", label="Message", show_label=False, submit_btn=True)
    message.submit(ask, [message, chat], [message, chat]).then(answer, chat, chat)
    chat.example_select(choose, None, chat).then(answer, chat, chat)
    chat.retry(retry, chat, chat).then(answer, chat, chat)
    chat.edit(edit, chat, chat).then(answer, chat, chat)
    chat.undo(undo, chat, [chat, message])
    chat.like(like)

if __name__ == "__main__":
    demo.launch()
