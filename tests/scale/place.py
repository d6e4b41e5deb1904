"""Where apps are served that tell in a folder what they do, and whoever visits them there."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from tests.scale.visitor import PATIENCE, Operator, Visitor

APP = "den/app/"


@dataclass
class Place:
    """The address, and the folder in which functions tell and ask."""

    url: str
    folder: Path

    def visitor(self, app: str = APP, **headers: str) -> Visitor:
        """Somebody at one of the apps."""
        return Visitor(self.url, app, **headers)

    def operator(self) -> Operator:
        """Somebody who may do everything in the admin."""
        return Operator(self.url)

    def notes(self) -> list[str]:
        """What functions have told so far."""
        file = self.folder / "notes"
        return file.read_text().splitlines() if file.exists() else []

    def noted(self, line: str) -> None:
        """Wait until a function has told this."""
        self.until(lambda: line in self.notes(), line)

    def until(self, condition: Callable[[], object], what: str = "") -> None:
        """Wait until something is true."""
        end = time.monotonic() + PATIENCE
        while not condition():
            assert time.monotonic() < end, f"never: {what} {self.notes()}"
            time.sleep(0.02)  # other processes: nothing here to wait on

    def go(self, *names: str) -> None:
        """Let functions go on."""
        for name in names:
            (self.folder / f"{name}.go").touch()
