"""`launch()` and what ends it, by the name that programs know; the work is done in `server/`."""

from __future__ import annotations

from blocks_app.launch_options import Launched
from queue_app.server.launching import block_thread, close, close_all, launch

__all__ = ["Launched", "block_thread", "close", "close_all", "launch"]
