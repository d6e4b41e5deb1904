"""The site that faults are tried on: the pages of the engines' contract, and the one of chaos."""

from __future__ import annotations

import os
from collections import Counter
from pathlib import Path

from django.urls import path

from tests.chaos.visitors import app
from tests.engine_contract.apps import PAGE
from tests.scale import RAN


class InFile(Counter[tuple[str | None, int]]):
    """Counts in a file that all processes of the site write to."""

    def __setitem__(self, key: tuple[str | None, int], _: int) -> None:
        with (Path(os.environ["GRADIO_TEMP_DIR"]).parent / RAN).open("a") as file:
            file.write(f"{key[0]} {key[1]}\n")


CHAOS = app(InFile())
CHAOS.declared_in = "tests.scale.chaos"
urlpatterns = [path("contract/", PAGE.urls), path("chaos/", CHAOS.urls)]
