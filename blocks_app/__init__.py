"""Blocks on Django: declare an interactive web app in Python and run it as part of a Django site.

import blocks_app as gr

with gr.Blocks() as demo:
    name = gr.Textbox(label="Name")
    greeting = gr.Textbox(label="Greeting")
    gr.Button("Greet").click(lambda name: f"Hello {name}!", name, greeting)

demo.launch()
"""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from blocks_app import themes
from blocks_app.blocks import Blocks, close_all
from blocks_app.components import *  # noqa: F403 - one list of components, in components/__init__.py
from blocks_app.components import __all__ as _components
from blocks_app.components.form_component import FormComponent
from blocks_app.exceptions import Error
from blocks_app.files.file_data import FileData
from blocks_app.files.static_paths import set_static_paths
from blocks_app.i18n import I18n
from blocks_app.layouts import *  # noqa: F403 - one list of layouts, in layouts/__init__.py
from blocks_app.layouts import __all__ as _layouts
from blocks_app.listeners.event_data import (
    CopyData,
    DeletedFileData,
    DownloadData,
    EditData,
    EventData,
    KeyUpData,
    LikeData,
    RetryData,
    SelectData,
    UndoData,
)
from blocks_app.listeners.events import Events, on
from blocks_app.listeners.oauth import OAuthProfile, OAuthToken
from blocks_app.listeners.validation import validate
from blocks_app.media.sample_paths import get_audio, get_file, get_image, get_model3d, get_video
from blocks_app.page.theming import Theme
from blocks_app.rendering.render import render
from blocks_app.running.notifications import Info, Success, Warning
from blocks_app.running.progress import Progress
from blocks_app.running.request import Request
from blocks_app.running.updates import skip, update
from blocks_app.tree.component import Component
from blocks_app.web.mounting import mount_gradio_app

if TYPE_CHECKING:
    from blocks_app import mcp
    from blocks_app.caching.memo import Cache, cache
    from blocks_app.components.api import api
    from blocks_app.components.by_name import component
    from blocks_app.examples.examples import Examples
    from blocks_app.extras.notebooks import load_ipython_extension
    from blocks_app.extras.openapi_app import load_openapi
    from blocks_app.extras.server_app import Server
    from blocks_app.files.file_size import FileSize
    from blocks_app.flagging.callback import FlaggingCallback
    from blocks_app.flagging.csv_logger import CSVLogger, SimpleCSVLogger
    from blocks_app.flagging.database_logger import DatabaseLogger
    from blocks_app.forms.form_app import from_form
    from blocks_app.forms.model_app import from_model
    from blocks_app.interfaces.chat_interface import ChatInterface
    from blocks_app.interfaces.interface import Interface
    from blocks_app.interfaces.load_chat import load_chat
    from blocks_app.interfaces.tabbed_interface import TabbedInterface
    from blocks_app.listeners import validators
    from blocks_app.listeners.header import Header
    from blocks_app.remote.load import load

__version__ = "0.1.0"
NO_RELOAD = True
IS_WASM = False

#: Names that few apps use, and the modules that are loaded when one is; they stand in `__all__` too.
_LATER = {
    "CSVLogger": "blocks_app.flagging.csv_logger",
    "Cache": "blocks_app.caching.memo",
    "ChatInterface": "blocks_app.interfaces.chat_interface",
    "DatabaseLogger": "blocks_app.flagging.database_logger",
    "Examples": "blocks_app.examples.examples",
    "FileSize": "blocks_app.files.file_size",
    "FlaggingCallback": "blocks_app.flagging.callback",
    "Header": "blocks_app.listeners.header",
    "Interface": "blocks_app.interfaces.interface",
    "Server": "blocks_app.extras.server_app",
    "SimpleCSVLogger": "blocks_app.flagging.csv_logger",
    "TabbedInterface": "blocks_app.interfaces.tabbed_interface",
    "api": "blocks_app.components.api",
    "cache": "blocks_app.caching.memo",
    "component": "blocks_app.components.by_name",
    "from_form": "blocks_app.forms.form_app",
    "from_model": "blocks_app.forms.model_app",
    "load": "blocks_app.remote.load",
    "load_chat": "blocks_app.interfaces.load_chat",
    "load_ipython_extension": "blocks_app.extras.notebooks",
    "load_openapi": "blocks_app.extras.openapi_app",
    "mcp": "blocks_app.mcp",
    "validators": "blocks_app.listeners.validators",
}

__all__ = [
    "IS_WASM",
    "NO_RELOAD",
    "Blocks",
    "CSVLogger",
    "Cache",
    "ChatInterface",
    "Component",
    "CopyData",
    "DatabaseLogger",
    "DeletedFileData",
    "DownloadData",
    "EditData",
    "Error",
    "EventData",
    "Events",
    "Examples",
    "FileData",
    "FlaggingCallback",
    "FileSize",
    "FormComponent",
    "Header",
    "I18n",
    "Info",
    "Interface",
    "KeyUpData",
    "LikeData",
    "OAuthProfile",
    "OAuthToken",
    "Progress",
    "Request",
    "RetryData",
    "SelectData",
    "Server",
    "SimpleCSVLogger",
    "Success",
    "TabbedInterface",
    "Theme",
    "UndoData",
    "Warning",
    "__version__",
    "cache",
    "api",
    "close_all",
    "from_form",
    "from_model",
    "load",
    "load_chat",
    "component",
    "load_ipython_extension",
    "load_openapi",
    "mcp",
    "mount_gradio_app",
    "on",
    "render",
    "get_audio",
    "get_file",
    "get_image",
    "get_model3d",
    "get_video",
    "set_static_paths",
    "skip",
    "themes",
    "update",
    "validate",
    "validators",
    *_components,
    *_layouts,
]

if not TYPE_CHECKING:  # a checker would take every name for one of ours

    def __getattr__(name: str) -> object:
        """A name that is loaded when it is first used; else say what was meant."""
        import importlib

        if name in _LATER:
            module = importlib.import_module(_LATER[name])
            globals()[name] = found = getattr(module, name, module)  # `mcp` and `validators` are modules
            return found
        if name.startswith("_") or sys._getframe(1).f_globals.get("__name__") == "importlib._bootstrap":
            raise AttributeError(f"module 'blocks_app' has no attribute {name!r}")  # a module of ours may have the name
        raise importlib.import_module("blocks_app.extras.missing_names").missing(name, __all__)
