"""The site that faults are tried on: the pages of the engines' contract, and the one of chaos."""

from __future__ import annotations

import os
import time
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

from django.urls import path

import blocks_app as gr
from tests.chaos.visitors import app
from tests.engine_contract.apps import PAGE
from tests.scale import LONG, RAN, RETRIES, STEPS


class InFile(Counter[tuple[str | None, int]]):
    """Counts in a file that all processes of the site write to."""

    def __setitem__(self, key: tuple[str | None, int], _: int) -> None:
        with (Path(os.environ["GRADIO_TEMP_DIR"]).parent / RAN).open("a") as file:
            file.write(f"{key[0]} {key[1]}\n")


def lasting(kind: str) -> Callable[[int, gr.Request], Iterator[str]]:
    """A function that takes long enough for somebody to be killed meanwhile."""

    def run(number: int, request: gr.Request) -> Iterator[str]:
        RUNS[request.session_hash, number] += 1
        for step in range(STEPS):
            time.sleep(0.04)
            yield f"{kind} {number} {step}"

    return run


RUNS = InFile()
CHAOS = app(RUNS)
with CHAOS:
    number, out = gr.Number(precision=0), gr.Textbox()
    for kind, retries in zip(LONG, (0, RETRIES), strict=True):
        gr.Button().click(lasting(kind), number, out, retries=retries, concurrency_limit=8, api_name=kind)
CHAOS.declared_in = "tests.scale.chaos"
urlpatterns = [path("contract/", PAGE.urls), path("chaos/", CHAOS.urls)]
