"""What serves pages, so far as pages ask for it. Another app does it; that its name is `queue_app` stands here alone.

It is loaded by name when a page first asks, since a script imports this app alone.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any, Protocol, cast

if TYPE_CHECKING:
    from blocks_app.launch_options import Launched

HOST = "queue_app.hosting"


class Host(Protocol):
    """What `gr.Blocks` hands on; each function says there what it takes."""

    def launch(self, blocks: Any, *args: Any, **options: Any) -> Launched:
        """Serve a page alone, in this process."""

    def close(self, blocks: Any, verbose: bool = True) -> None:
        """Stop serving it."""

    def close_all(self, verbose: bool = True) -> None:
        """Stop serving every page that was launched."""

    def block_thread(self, blocks: Any) -> None:
        """Wait until the program is interrupted."""

    def integrate(self, blocks: Any, **trackers: Any) -> None:
        """Leave its address with experiment trackers."""

    def protect(self, blocks: Any, auth: Any, **options: Any) -> None:
        """Say who may use it wherever it is mounted."""

    def serve_with(self, blocks: Any, **options: Any) -> None:
        """Say how it is served wherever it is mounted."""

    def mount_gradio_app(self, app: Any, blocks: Any, path: str, **options: Any) -> Any:
        """Serve it inside another ASGI application."""

    def conversations(self, owner: str, mount: str) -> Any:
        """The kept conversations of a visitor who has logged in, with one app; None where a site keeps none."""

    async def shown(self, mount: Any, session_hash: str, identity: Any, scope: Any) -> str:
        """What functions have shown on a page of this visitor, as JSON by block; counts as one event."""


def host() -> Host:
    """The app that serves pages."""
    return cast("Host", importlib.import_module(HOST))
