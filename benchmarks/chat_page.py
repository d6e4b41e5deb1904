"""A growing answer in Chromium: `python -m benchmarks.chat_page --messages 1000 --tokens 500`.

A conversation of so many messages opens, then tokens come, 100 a second, into its last message: words, an answer in
Markdown with all that it knows, one long block of code, one long list. For each: how long it takes until the
conversation is drawn after its data has come, the longest tasks of the page's thread while tokens come, and where nodes
changed.
"""

from __future__ import annotations

import argparse
import asyncio
import json
from collections.abc import AsyncIterator, Iterator
from itertools import cycle, islice
from typing import Any

from playwright.sync_api import Page, sync_playwright

import blocks_app as gr
from benchmarks import chromium

PARAGRAPH = "The quick brown fox **jumps** over the `lazy` dog, and [goes on](https://example.org) until evening. "
MARKDOWN = (
    f"\n\n## A part\n\n{PARAGRAPH * 3}\n\n- one\n- two *and* more\n\n| a | b |\n| --- | --- |\n| 1 | 2 |\n\n"
    "```python\nfor number in range(10):\n    print(number)\n```\n\nFormulas such as $$x^2$$ stand in the text. "
)
ANSWERS = {
    "words": PARAGRAPH,
    "markdown": MARKDOWN,
    "code": "for number in range(10):\n    print(number, 'and more')  # a remark\n",
    "list": "- an item with **some** words in it\n",
}
BEFORE = {"code": "```python\n"}

WATCH = """() => {
  const changed = window.changed = {}, groups = [...document.querySelectorAll("gr-chat-group")];
  new MutationObserver((all) => {
    for (const {target} of all) {
      const at = groups.indexOf((target.nodeType === 1 ? target : target.parentElement)?.closest("gr-chat-group"));
      const place = at < 0 ? "elsewhere" : at === groups.length - 1 ? "last message" : "messages before";
      changed[place] = (changed[place] ?? 0) + 1;
    }
  }).observe(document.querySelector("gr-chatbot"), {subtree: true, childList: true, characterData: true});
}"""
OPENED = """() => {
  const chat = document.querySelector("gr-chatbot");
  const receive = chat.receive.bind(chat);
  chat.receive = (value) => {
    const began = performance.now();
    receive(value);
    if (window.opened === undefined) {
      window.opened = null;
      chat.updateComplete.then(() => requestAnimationFrame(() => setTimeout(
        () => { window.opened = performance.now() - began; })));
    }
  };
}"""
ENDED = "() => [...document.querySelectorAll('gr-chat-group')].at(-1).textContent.includes('The end.')"


def pieces(kind: str, tokens: int) -> Iterator[str]:
    """So many tokens of some letters each."""
    text = ANSWERS[kind]
    endless = cycle(text[at : at + 8] for at in range(0, len(text), 8))
    yield from islice(endless, tokens)


def app(messages: int, tokens: int, rate: int) -> gr.Blocks:
    """The page that is measured."""

    def begin(kind: str) -> list[dict[str, str]]:
        history = [
            {"role": ("user", "assistant")[at % 2], "content": f"Message **{at}**. {PARAGRAPH * 2}"}
            for at in range(messages)
        ]
        history[-1]["content"] = BEFORE.get(kind, "")
        return history

    async def answer(kind: str, history: list[dict[str, Any]]) -> AsyncIterator[list[dict[str, Any]]]:
        loop = asyncio.get_running_loop()
        began = loop.time()
        text = BEFORE.get(kind, "")
        for number, piece in enumerate(pieces(kind, tokens)):
            text += piece
            history[-1]["content"] = text
            yield history
            await asyncio.sleep(max(0, began + number / rate - loop.time()))
        history[-1]["content"] = text + ("\n```\n\nThe end." if kind == "code" else "\n\nThe end.")
        yield history

    with gr.Blocks() as demo:
        chat = gr.Chatbot(height=500)
        kind, go = gr.Textbox(label="Kind"), gr.Textbox(label="Go")
        kind.submit(begin, kind, chat)
        go.submit(answer, [kind, chat], chat)
    return demo


class Tasks:
    """What the page's main thread does: tasks by the processor time that each took, whatever else the machine does."""

    def __init__(self, page: Page) -> None:
        self._session = page.context.new_cdp_session(page)
        self._events: list[dict[str, Any]] = []
        self._session.on("Tracing.dataCollected", lambda found: self._events.extend(found["value"]))
        self._session.send("Tracing.start", {"categories": "toplevel,devtools.timeline"})

    def milliseconds(self, page: Page) -> list[float]:
        """Of each task until now, the longest first."""
        done: list[Any] = []
        self._session.on("Tracing.tracingComplete", lambda told: done.append(told))
        self._session.send("Tracing.end")
        while not done:
            page.wait_for_timeout(50)
        main = {(each["pid"], each["tid"]) for each in self._events if _names_main_thread(each)}
        tasks = [each for each in self._events if each["name"] == "ThreadControllerImpl::RunTask" and "tdur" in each]
        return sorted((each["tdur"] / 1000 for each in tasks if (each["pid"], each["tid"]) in main), reverse=True)


def _names_main_thread(event: dict[str, Any]) -> bool:
    return event["name"] == "thread_name" and event["args"]["name"] == "CrRendererMain"


def measured(page: Page, url: str, kind: str, messages: int, limit: float) -> dict[str, Any]:
    """One answer: what the browser has seen."""
    page.goto(url)
    page.wait_for_selector("gr-chatbot")
    page.evaluate(OPENED)
    field = page.get_by_label("Kind")
    field.fill(kind)
    field.press("Enter")
    page.wait_for_function("() => window.opened > 0")
    page.wait_for_function(f"() => document.querySelectorAll('gr-chat-group').length >= {messages}")
    page.evaluate(WATCH)
    tasks = Tasks(page)
    page.get_by_label("Go").fill("on")
    page.get_by_label("Go").press("Enter")
    page.wait_for_function(ENDED, timeout=limit * 1000, polling=200)
    longest = tasks.milliseconds(page)
    return {
        "kind": kind,
        "opened, ms": round(page.evaluate("() => opened")),
        "longest tasks, ms": [round(each, 1) for each in longest[:5]],
        "over 50 ms": sum(each > 50 for each in longest),
        "all, ms": round(sum(longest)),
        "changed nodes": page.evaluate("() => changed"),
    }


def main() -> None:
    """Prints one line of JSON for each kind of answer."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--messages", type=int, default=1000)
    options.add_argument("--tokens", type=int, default=500)
    options.add_argument("--rate", type=int, default=100, help="tokens in a second")
    options.add_argument("--kinds", default=",".join(ANSWERS))
    given = options.parse_args()
    _, url, _ = app(given.messages, given.tokens, given.rate).launch(prevent_thread_lock=True, quiet=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium.find())
        page = browser.new_context(bypass_csp=True).new_page()
        for kind in given.kinds.split(","):
            found = measured(page, url, kind, given.messages, 60 + 3 * given.tokens / given.rate)
            print(json.dumps({**found, "messages": given.messages, "tokens": given.tokens}), flush=True)
        browser.close()


if __name__ == "__main__":
    main()
