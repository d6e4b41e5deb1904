"""Notebooks: whether the program runs in one, and how the app is shown below the cell."""

from __future__ import annotations

import os
import sys
from html import escape
from importlib import import_module
from typing import Any

#: Who may show the app in a frame besides itself: a notebook on this machine, in a browser or in an editor.
ANCESTORS = "http://localhost:* http://127.0.0.1:* https://localhost:* https://127.0.0.1:* vscode-webview:"
_FEATURES = "autoplay; camera; microphone; clipboard-read; clipboard-write"


def in_notebook() -> bool:
    """Whether IPython runs here with a kernel, which is what notebooks have."""
    return getattr(_shell(), "kernel", None) is not None


def is_remote() -> bool:
    """Whether this is a notebook of Colab, Kaggle or SageMaker, whose user cannot reach this machine's own address."""
    hosted = "google.colab" in sys.modules or any(
        name in os.environ for name in ("KAGGLE_KERNEL_RUN_TYPE", "SM_CURRENT_INSTANCE_TYPE", "SAGEMAKER_APP_TYPE")
    )
    return hosted and in_notebook()


def shows(inline: bool | None) -> bool:
    """Whether launch() shows the app: as `inline` says, where there is IPython; None means in notebooks."""
    return in_notebook() if inline is None else inline and _shell() is not None


def show(url: str, width: int | str, height: int) -> None:
    """Put a frame with the app below the cell that runs."""
    ipython: Any = import_module("IPython.display")  # there is a shell, so there is IPython
    ipython.display(ipython.HTML(f"<div>{frame(url, width, height, allow=_FEATURES)}</div>"))


def frame(url: str, width: int | str, height: int, **attributes: str) -> str:
    """The HTML of a frame that shows `url`."""
    sized = {"src": url, "width": width, "height": height, "frameborder": 0, **attributes}
    written = " ".join(f'{name}="{escape(str(value))}"' for name, value in sized.items())
    return f"<iframe {written}></iframe>"


def _shell() -> Any:
    ipython = sys.modules.get("IPython")
    return ipython.get_ipython() if ipython is not None else None
