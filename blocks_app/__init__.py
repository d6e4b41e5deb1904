"""Blocks on Django: declare an interactive web app in Python and run it as part of a Django site.

import blocks_app as gr

with gr.Blocks() as demo:
    name = gr.Textbox(label="Name")
    greeting = gr.Textbox(label="Greeting")
    gr.Button("Greet").click(lambda name: f"Hello {name}!", name, greeting)

demo.launch()
"""

from __future__ import annotations

from blocks_app import themes
from blocks_app.blocks import Blocks, close_all
from blocks_app.component import Component, FormComponent
from blocks_app.components import *  # noqa: F403 - one list of components, in components/__init__.py
from blocks_app.components import __all__ as _components
from blocks_app.events import DeletedFileData, EventData, Events, KeyUpData, LikeData, SelectData, on
from blocks_app.exceptions import Error
from blocks_app.files import FileData
from blocks_app.inplace import set_static_paths
from blocks_app.layouts import *  # noqa: F403 - one list of layouts, in layouts/__init__.py
from blocks_app.layouts import __all__ as _layouts
from blocks_app.mounting import mount_gradio_app
from blocks_app.progress import Progress
from blocks_app.render import render
from blocks_app.reporting import Info, Success, Warning
from blocks_app.request import Request
from blocks_app.theming import Theme
from blocks_app.updates import skip, update
from blocks_app.validating import validate

__version__ = "0.1.0"
NO_RELOAD = True
IS_WASM = False

__all__ = [
    "IS_WASM",
    "NO_RELOAD",
    "Blocks",
    "Component",
    "DeletedFileData",
    "Error",
    "EventData",
    "Events",
    "FileData",
    "FormComponent",
    "Info",
    "KeyUpData",
    "LikeData",
    "Progress",
    "Request",
    "SelectData",
    "Success",
    "Theme",
    "Warning",
    "__version__",
    "close_all",
    "mount_gradio_app",
    "on",
    "render",
    "set_static_paths",
    "skip",
    "themes",
    "update",
    "validate",
    *_components,
    *_layouts,
]
