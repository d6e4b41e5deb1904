"""The smallest page with Panel: python hello_panel.py PORT."""

from __future__ import annotations

import sys
from typing import Any

import panel as pn


def hello() -> Any:
    """A name, a button and a greeting; the script that clicks finds them by their classes."""
    name = pn.widgets.TextInput(name="Name", css_classes=["bench-in"])
    button = pn.widgets.Button(name="Greet", css_classes=["bench-btn"])
    answer = pn.widgets.TextInput(name="Greeting", css_classes=["bench-out"])

    def greet(_event: Any) -> None:
        answer.value = f"Hello {name.value}!"

    button.on_click(greet)
    return pn.Column(name, button, answer)


pn.extension()
pn.serve({"/": hello}, address="127.0.0.1", port=int(sys.argv[1]), title="Hello", show=False)
