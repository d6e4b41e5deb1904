"""The one app that the paths go through."""

from __future__ import annotations

import queue
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import blocks_app as gr

#: What the streaming function says next; None ends it.
words: queue.Queue[str | None] = queue.Queue()


def tell() -> Iterator[str]:
    """Say each word when the test wants it."""
    text = ""
    while (word := words.get(timeout=60)) is not None:
        text += word
        yield text


def read(path: str) -> tuple[str, str]:
    """What a file holds, and the file."""
    return Path(path).read_text(), path


def fail() -> None:
    """Tell the visitor why not."""
    raise gr.Error("Not today.")


def app() -> gr.Blocks:
    """Each part has ids of its own, so that a path is read without looking here."""
    with gr.Blocks(title="Paths") as demo:
        with gr.Row():
            name, greeting = gr.Textbox(label="Name", elem_id="name"), gr.Textbox(label="Greeting", elem_id="greeting")
            gr.Button("Greet").click(lambda text: f"Hello, {text}!", name, greeting)
        story = gr.Textbox(label="Story", elem_id="story", buttons=["copy"])
        gr.Button("Start").click(tell, None, story)
        gr.Button("Fail").click(fail)
        with gr.Row():
            upload, content = gr.File(label="File", elem_id="upload"), gr.Textbox(label="Content", elem_id="content")
            upload.upload(read, upload, [content, gr.File(label="Back", elem_id="back")])
            picture, size = gr.Image(label="Picture", elem_id="picture"), gr.Textbox(label="Size", elem_id="size")
            picture.upload(lambda pixels: f"{pixels.shape[1]} x {pixels.shape[0]}", picture, size)
        with gr.Row():
            fruit = gr.Dropdown(["apple", "banana", "cherry"], label="Fruit", elem_id="fruit")
            picked = gr.Textbox(label="Picked", elem_id="picked")
            fruit.change(str, fruit, picked)
            size_of = gr.Radio(["small", "large"], label="Size of it", elem_id="radio")
            how_many = gr.Slider(0, 10, value=3, step=1, label="How many", elem_id="slider")
            both = gr.Textbox(label="Both", elem_id="both")
            gr.on([size_of.change, how_many.change], lambda *given: f"{given}", [size_of, how_many], both)
        with gr.Tabs(elem_id="tabs"):
            with gr.Tab("First"):
                gr.Markdown("In the *first*", elem_id="in-first")
            with gr.Tab("Second"):
                gr.Markdown("In the second: $$a^2$$", elem_id="in-second")
        wanted = gr.Textbox(label="Parts", elem_id="wanted")

        @gr.render(inputs=wanted)
        def parts(text: str) -> None:
            for word in text.split():
                box = gr.Textbox(label=word, key=word, elem_id=f"part-{word}")
                box.change(lambda given, word=word: f"{word}: {given}", box, greeting)

        chat = gr.Chatbot(label="Chat", elem_id="chat")
        said = gr.Textbox(label="Say", elem_id="say")
        said.submit(answer, [said, chat], [said, chat])
        table = gr.Dataframe([["ann", 1], ["bob", 2]], headers=["who", "n"], interactive=True, elem_id="table")
        total = gr.Textbox(label="Total", elem_id="total")
        table.input(lambda rows: str(rows["n"].astype(int).sum()), table, total)
        code = gr.Code(language="python", label="Code", elem_id="code")
        gr.Button("Run it").click(lambda text: text.upper(), code, total)
    return demo


def answer(text: str, history: list[Any]) -> tuple[str, list[Any]]:
    """A turn of the conversation."""
    return "", [*history, {"role": "user", "content": text}, {"role": "assistant", "content": f"**{text}**, you say"}]
