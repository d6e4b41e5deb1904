"""Kept conversations.

With `save_history` conversations stay, listed at the side: in this browser, and for who has logged in to a Django site
in its database, where they go on on any other device.
"""

import blocks_app as gr

WORDS = {"hello": "Hello! What shall we remember?", "thanks": "You are welcome."}


def answer(message, history):
    facts = [each["content"][0]["text"] for each in history if each["role"] == "user"]
    if message.rstrip("?!. ").lower() in ("what do you know", "what do you remember"):
        return "\n".join(f"1. {fact}" for fact in facts) or "Nothing yet."
    return WORDS.get(message.rstrip("!. ").lower(), f"I keep that in mind: *{message}*")


demo = gr.ChatInterface(
    answer,
    title="Memory",
    save_history=True,
    examples=["Hello", "The spare key is under the pot", "What do you know?"],
)

if __name__ == "__main__":
    demo.launch()
