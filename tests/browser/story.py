"""A streaming app whose words the test decides, and a page that has begun to read."""

from __future__ import annotations

import queue
from collections.abc import Iterator
from typing import Any

from playwright.sync_api import Page, expect

import blocks_app as gr


class Story:
    """A streaming app whose next words the test decides: `tell("word")`, and None for the end."""

    def __init__(self) -> None:
        self.words: queue.Queue[str | None] = queue.Queue()
        self.runs = 0
        self.closed = False
        with gr.Blocks() as self.demo:
            out = gr.Textbox(label="Out")
            start = gr.Button("Start").click(self.run, None, out)
            gr.Button("Stop").click(None, cancels=[start])

    def run(self) -> Iterator[str]:
        self.runs += 1
        text = ""
        try:
            while (word := self.words.get(timeout=60)) is not None:
                text += word
                yield text
        finally:
            self.closed = True

    def tell(self, *words: str | None) -> None:
        for word in words:
            self.words.put(word)


def out(page: Page) -> Any:
    return expect(page.get_by_label("Out"))


def begin(page: Page, url: str, story: Story) -> None:
    page.goto(url)
    page.get_by_role("button", name="Start").click()
    story.tell("one ")
    out(page).to_have_value("one ")
