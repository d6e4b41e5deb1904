"""Loaded.

An app of another server as one of this: start `python demos/hello.py`, then this one. Its components and its function
are there; here they are shown, and asked.
"""

import os

import blocks_app as gr

THERE = "http://127.0.0.1:7860/hello/"  # the gallery's own, where that is served; LOADED_APP names another

with gr.Blocks(title="Loaded") as demo:
    gr.Markdown("# Greetings from elsewhere")

    @gr.render(triggers=[demo.load])
    def show():
        address = os.environ.get("LOADED_APP", THERE)
        try:
            gr.load(address)
        except (ValueError, ImportError) as error:
            gr.Markdown(f"`{address}` cannot be loaded now. {error}")


if __name__ == "__main__":
    demo.launch(server_port=7861)
