"""What the paths ask of a browser, whichever protocol it speaks."""

from __future__ import annotations

import time
from abc import ABC, abstractmethod
from pathlib import Path
from typing import Any

PATIENCE = 20.0
#: WebDriver's names of keys, which both protocols use.
KEYS = {"Enter": "\ue007", "Escape": "\ue00c", "Tab": "\ue004", "Down": "\ue015", "Right": "\ue014", "Home": "\ue011"}

#: What can be seen under the selector, the text being that of `named`, if that is given.
FIND = """
  const shown = [...document.querySelectorAll(arguments[0])].find((each) =>
    (each.type === "file" || each.checkVisibility()) &&
    (arguments[1] == null || [each.ariaLabel, each.innerText.trim()].includes(arguments[1])));
"""
#: Whether that stands still and is not covered; what a page still draws would else move it away from the pointer.
STILL = """
  if (!shown) return false;
  const place = () => { const { x, y, width, height } = shown.getBoundingClientRect(); return [x, y, width, height]; };
  shown.scrollIntoView({ block: "center", behavior: "instant" });
  const [x, y, width, height] = place();
  return new Promise((done) => setTimeout(() => {
    const hit = document.elementFromPoint(x + width / 2, y + height / 2);
    done(`${place()}` === `${[x, y, width, height]}` && shown.isConnected && shown.contains(hit));
  }, 60));
"""


class Tab(ABC):
    """The one page of a browser."""

    @abstractmethod
    def open(self, url: str) -> None:
        """Load an address, also the one that is shown."""

    @abstractmethod
    def run(self, script: str, *args: Any) -> Any:
        """What the body of a function returns, given `arguments`; a promise is waited for."""

    @abstractmethod
    def point(self, css: str, named: str | None) -> None:
        """Press the middle of an element that is there with the pointer."""

    @abstractmethod
    def press(self, text: str) -> None:
        """Press keys, wherever the focus is."""

    @abstractmethod
    def give_file(self, css: str, path: Path) -> None:
        """Give a file to an input that is there."""

    @abstractmethod
    def complaints(self) -> list[str]:
        """What was logged as an error since the last time somebody asked, as far as the protocol tells."""

    @abstractmethod
    def close(self) -> None:
        """End the browser."""

    def click(self, css: str, named: str | None = None) -> None:
        """Wait for an element that can be pressed, and press it."""
        self.until(FIND + STILL, True, css, named)
        self.point(css, named)

    def choose_file(self, css: str, path: Path) -> None:
        """Wait for an input of files, and give it one."""
        self.until(FIND + "return shown != null", True, css)
        self.give_file(css, path)

    def type(self, css: str, text: str) -> None:
        """Click into a field and press keys."""
        self.click(css)
        self.press(text)

    def focus(self, css: str) -> None:
        """Put the focus somewhere, as Tab would."""
        self.until("const it = document.querySelector(arguments[0]); it?.focus(); return it != null", True, css)

    def until(self, script: str, wanted: Any, *args: Any) -> None:
        """Wait until a script returns what is wanted."""
        deadline = time.monotonic() + PATIENCE
        while (last := self.run(script, *args)) != wanted:
            assert time.monotonic() < deadline, f"{script} {args}: {last!r}, not {wanted!r}"
            time.sleep(0.03)

    def shows(self, css: str, text: str) -> None:
        """Wait until the first element of the selector that can be seen shows a text, as its value or in it."""
        self.until(
            "const it = [...document.querySelectorAll(arguments[0])].find((each) => each.checkVisibility());"
            "return it ? (it.value ?? it.innerText).trim() : null",
            text,
            css,
        )

    def count(self, css: str, wanted: int) -> None:
        """Wait until so many elements match."""
        self.until("return document.querySelectorAll(arguments[0]).length", wanted, css)
