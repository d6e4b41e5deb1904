"""One app with every kind of function; what ends in order says so in a file."""

from __future__ import annotations

import asyncio
import os
import time
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

from django.urls import path

import blocks_app as gr


def note(text: str) -> None:
    with Path(os.environ["NOTES"]).open("a") as notes:
        notes.write(f"{text}\n")


def quick(text: str) -> str:
    return text


def short(text: str) -> str:
    time.sleep(0.7)
    return f"{text} at last"


def never(text: str) -> str:
    time.sleep(1000)
    return text


def count(text: str) -> Iterator[str]:
    try:
        for number in range(100_000):
            time.sleep(0.02)
            yield f"{text} {number}"
    finally:
        note("generator closed")


async def count_async(text: str) -> AsyncIterator[str]:
    try:
        for number in range(100_000):
            await asyncio.sleep(0.02)
            yield f"{text} {number}"
    finally:
        await asyncio.sleep(0)
        note("async generator closed")


async def wait(text: str) -> str:
    try:
        print("waiting", flush=True)
        await asyncio.sleep(1000)
    finally:
        note("async function cancelled")
    return text


FUNCTIONS = (quick, short, never, count, count_async, wait)

with gr.Blocks() as demo:
    text, out = gr.Textbox(), gr.Textbox()
    for function in FUNCTIONS:
        limit = 2 if function is wait else 1  # one for the page, one for the program
        gr.Button().click(function, text, out, api_name=function.__name__, concurrency_limit=limit)
    demo.load(lambda: "tick", None, out, every=0.1, api_name="tick")

urlpatterns = [path("app/", demo.urls)]

if __name__ == "__main__":
    demo.launch(server_port=0, app_kwargs={"BLOCKS_SHUTDOWN_GRACE": 1.5})
    print("after launch")
