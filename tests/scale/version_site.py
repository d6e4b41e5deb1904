"""An app in as many versions as the environment has: two of them run beside each other."""

from __future__ import annotations

import os
import time
from pathlib import Path

from django.urls import path

import blocks_app as gr

VERSION, PATIENCE = os.environ.get("VERSION", "first"), 60.0
FOLDER = Path(os.environ["VERSION_FOLDER"])


def note(line: str) -> None:
    with (FOLDER / "notes").open("a") as notes:
        notes.write(f"{line}\n")


def hold(name: str) -> str:
    """Says which version it is, and waits until the test lets it go on."""
    note(f"{VERSION} holds {name}")
    until = time.monotonic() + PATIENCE
    while not (FOLDER / f"{name}.go").exists() and time.monotonic() < until:
        time.sleep(0.01)
    return f"{name} of the {VERSION}"


with gr.Blocks(title=VERSION) as demo:
    text, out = gr.Textbox(), gr.Textbox()
    gr.Button().click(hold, text, out, api_name="hold")
    demo.worker_ready(lambda: note(f"ready {VERSION} {os.getpid()} {os.environ.get('BLOCKS_ROLE')}"))
demo.declared_in = "tests.scale.versions"

urlpatterns = [path("app/", demo.urls)]
