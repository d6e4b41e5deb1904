"""Who visits the app in whose handler this code runs. Nothing is imported for it."""

from __future__ import annotations

import sys
from typing import Any


def ip_token() -> str | None:
    """The `x-ip-token` of the request that is being handled; None outside of handlers."""
    for request in (_of_blocks(), _of_gradio()):
        headers = getattr(request, "headers", None)
        if headers is not None:
            token = headers.get("x-ip-token")
            if token:
                return str(token)
    return None


def _of_blocks() -> Any:
    module: Any = sys.modules.get("blocks_app.running.request")
    current = getattr(module, "current", None)
    return current.get(None) if current is not None else None


def _of_gradio() -> Any:
    module: Any = sys.modules.get("gradio.context")
    local = getattr(module, "LocalContext", None)
    request = getattr(local, "request", None)
    return request.get(None) if request is not None else None
