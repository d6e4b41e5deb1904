"""Pages of functions that tell in a folder what they do, whichever process they run in."""

from __future__ import annotations

import asyncio
import os
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import blocks_app as gr

PATIENCE = 20.0


def note(folder: str, line: str) -> None:
    with (Path(folder) / "notes").open("a") as notes:
        notes.write(f"{line}\n")


def wait(folder: str, name: str) -> None:
    until = time.monotonic() + PATIENCE
    while not (Path(folder) / f"{name}.go").exists() and time.monotonic() < until:
        time.sleep(0.005)


def work(folder: str, name: str) -> str:
    """Begins, waits until it may end, unless its name says that it is quick, and ends."""
    note(folder, f"begin {name}")
    if not name.startswith("quick"):
        wait(folder, name)
    note(folder, f"end {name}")
    return name.upper()


def stay(folder: str, name: str) -> str:
    """Says in which process it is, and waits until it may end."""
    note(folder, f"process {os.getpid()} {name}")
    wait(folder, name)
    return name.upper()


ready: list[str] = []


def prepared(folder: str, name: str) -> str:
    return " ".join(ready)


def other(folder: str, name: str) -> str:
    return work(folder, name)


def free(folder: str, name: str) -> str:
    return work(folder, name)


def left(folder: str, name: str) -> str:
    return work(folder, name)


def right(folder: str, name: str) -> str:
    return work(folder, name)


def together(folders: list[str], names: list[str]) -> list[list[str]]:
    work(folders[0], names[0])
    note(folders[0], " ".join(names))
    return [[name.upper() for name in names]]


def spell(folder: str, name: str) -> Iterator[str]:
    """Yields a text that grows by a letter at a time."""
    for end in range(1, len(name) + 1):
        yield name[:end]
    note(folder, "spelled")


def hold_open(folder: str, name: str) -> Iterator[str]:
    """Yields once, and then again when it may."""
    try:
        yield name
        wait(folder, name)
        yield name.upper()
    finally:
        note(folder, f"closed {name}")


def persist(folder: str, name: str) -> Iterator[str]:
    """Says in which process it is, and spells its name, of which the second half comes when it may."""
    name = name.strip()
    note(folder, f"process {os.getpid()} {name}")
    for end in range(1, len(name) + 1):
        if 2 * end > len(name):
            wait(folder, name)
        yield name[:end]


def refuse(folder: str, name: str) -> str:
    note(folder, f"refused {name}")
    raise gr.Error(f"not {name}")


def tell(folder: str, name: str, progress: gr.Progress = gr.Progress()) -> str:
    gr.Info("one")
    progress(0.5, desc="half")
    wait(folder, name)
    gr.Warning("two")
    return name


async def sleeper(folder: str, name: str) -> str:
    note(folder, f"begin {name}")
    try:
        await asyncio.sleep(PATIENCE)
    except asyncio.CancelledError:
        note(folder, f"cancelled {name}")
        raise
    return name


def watcher(folder: str, name: str, request: gr.Request) -> str:
    """A plain function that looks whether anybody still wants its answer."""
    note(folder, f"begin {name}")
    until = time.monotonic() + PATIENCE
    while not request.cancelled and time.monotonic() < until:
        time.sleep(0.005)
    note(folder, f"unwanted {name}")
    return name


def introduce(folder: str, name: str, request: gr.Request) -> str:
    return f"{request.username} {request.user} {bool(request.headers['x-folder'])} {request.session_hash}"


def count(folder: str, name: str, before: int) -> tuple[str, int]:
    return str(before + 1), before + 1


def check(folder: str, name: str) -> object:
    return gr.validate(name != "bad", "not this one")


def tick(folder: str, name: str) -> str:
    note(folder, f"tick {name}")
    return name


def leave(request: gr.Request) -> None:
    note(request.headers["x-folder"], f"left {request.username} {request.session_hash}")


def page(**queue: object) -> gr.Blocks:
    with gr.Blocks() as demo:
        inputs, out, number, go = [gr.Textbox(), gr.Textbox()], gr.Textbox(), gr.State(0), gr.Button()
        go.click(work, inputs, out, api_name="work")
        go.click(work, inputs, out, api_name="work again")
        go.click(other, inputs, out, api_name="two at once", concurrency_limit=2)
        go.click(free, inputs, out, api_name="free", concurrency_limit=None)
        go.click(left, inputs, out, api_name="left", concurrency_id="pool", concurrency_limit=1)
        go.click(right, inputs, out, api_name="right", concurrency_id="pool")
        go.click(together, inputs, out, api_name="together", batch=True, max_batch_size=3)
        go.click(spell, inputs, out, api_name="spell")
        go.click(hold_open, inputs, out, api_name="hold open")
        go.click(refuse, inputs, out, api_name="refuse")
        go.click(tell, inputs, out, api_name="tell")
        go.click(sleeper, inputs, out, api_name="sleeper")
        go.click(watcher, inputs, out, api_name="watcher")
        go.click(introduce, inputs, out, api_name="introduce")
        go.click(count, [*inputs, number], [out, number], api_name="count")
        go.click(prepared, inputs, out, api_name="prepared")
        go.click(stay, inputs, out, api_name="stay")
        go.click(tick, inputs, out, api_name="tick", every=0.02)
        go.click(free, inputs, out, api_name="checked", validator=check)
        go.click(free, inputs, out, api_name="short", time_limit=0.2)
        go.click(persist, inputs, out, api_name="persist", retries=1)
        go.click(stay, inputs, out, api_name="stay in the pool", concurrency_id="pool")
        demo.unload(leave)
        demo.worker_ready(lambda: ready.append("loaded"))

        @gr.render(inputs=inputs)
        def part(folder: str, name: str) -> None:
            gr.Button().click(lambda text: f"{name} {text}", inputs[1], out)
            gr.Button().click(spell, inputs, out)

    return demo.queue(**queue)  # type: ignore[arg-type]


def permitted() -> gr.Blocks:
    with gr.Blocks() as demo:
        inputs = [gr.Textbox(), gr.Textbox()]

        @gr.render(inputs=inputs)
        def part(folder: str, name: str) -> None:
            text = gr.Textbox()
            text.submit(str.upper, text, text, permission=lambda user: user.username == "ann", queue=False)

    return demo


def linked() -> gr.Blocks:
    """A page with a button that makes links to it as it is."""
    with gr.Blocks() as demo:
        inputs, out, number = [gr.Textbox(), gr.Textbox()], gr.Textbox(), gr.State(0)
        gr.DeepLinkButton()
        gr.Button().click(hold_open, inputs, out, api_name="hold open")
        gr.Button().click(count, [*inputs, number], [out, number], api_name="count")
    return demo


def forgetful() -> gr.Blocks:
    """A page with parts, a value that is forgotten after an hour, and a function that runs when somebody has left."""
    with gr.Blocks() as demo:
        folder, words, out = gr.Textbox(), gr.Textbox(), gr.Textbox()

        @gr.render(inputs=[folder, words])
        def part(folder: str, words: str) -> None:
            for word in (words or "").split():
                box = gr.Textbox(label=f"About {word}", key=word)
                gr.Button(f"Say {word}").click(lambda text, word=word: f"{word} {text}", box, out)

        kept = gr.State([], time_to_live=3600, delete_callback=lambda value: note(value[0], f"forgotten {value[1]}"))

        @gr.Button("Count").click(inputs=[folder, kept], outputs=[kept, out])
        def count(folder: str, kept: list[Any]) -> tuple[list[Any], str]:
            total = kept[1] + 1 if kept else 1
            return [folder, total], str(total)

        demo.unload(leave)
    return demo


#: Each has a key of its own, the same in all processes.
PAGE, SMALL, PERMITTED, LINKED, FORGETFUL = page(), page(max_size=2), permitted(), linked(), forgetful()
OTHERS = {"small": SMALL, "permitted": PERMITTED, "linked": LINKED, "forgetful": FORGETFUL}
for name, each in {"page": PAGE, **OTHERS}.items():
    each.declared_in = f"tests.engine_contract.{name}"
