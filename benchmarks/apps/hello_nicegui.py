"""The smallest page with NiceGUI: python hello_nicegui.py PORT."""

from __future__ import annotations

import sys

from nicegui import ui


@ui.page("/")
def hello() -> None:
    """A name, a button and a greeting; the script that clicks finds them by their ids."""
    with ui.element("div").props("id=in"):
        name = ui.input("Name")

    def greet() -> None:
        answer.value = f"Hello {name.value}!"

    with ui.element("div").props("id=btn"):
        ui.button("Greet", on_click=greet)
    with ui.element("div").props("id=out"):
        answer = ui.input("Greeting")


ui.run(host="127.0.0.1", port=int(sys.argv[1]), title="Hello", reload=False, show=False)
