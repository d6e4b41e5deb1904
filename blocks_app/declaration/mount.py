"""Mount: one page at one place, with the options of `launch()` that say how it is served there."""

from __future__ import annotations

import secrets
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from blocks_app.declaration.guard import AccessGuard, Everybody
from blocks_app.protocol import APP_ID_BITS

if TYPE_CHECKING:
    from blocks_app.declaration.declared_page import DeclaredPage


@dataclass
class MountOptions:
    """How a page is served; the arguments of `launch()` that a mount knows too."""

    #: Whether visitors are told the text of every exception; None leaves it to the site (BLOCKS_SHOW_ERROR).
    show_error: bool | None = None
    show_api: bool = True
    root_path: str | None = None
    favicon_path: str | None = None
    max_file_size: int | None = None
    max_threads: int = 40
    allowed_paths: list[str] = field(default_factory=list)
    blocked_paths: list[str] = field(default_factory=list)
    state_session_capacity: int = 10_000
    #: Hosts of whose pictures, sounds and films the page may load, see `blocks_app.files.remote_media`.
    allowed_origins: tuple[str, ...] = ()
    #: Whether the app can be installed, with a notice when the device is offline.
    pwa: bool = False
    #: Whether a public link to a launched app is wanted; crawlers are told to stay away.
    shared: bool = False
    #: Whether agents are served by MCP; None leaves it to the site (BLOCKS_MCP_SERVER).
    mcp_server: bool | None = None

    @property
    def shows_errors(self) -> bool:
        """Whether visitors are told the text of every exception."""
        if self.show_error is None:
            from blocks_app import conf  # Django's settings, which declaring a page does not need

            return conf.show_error()
        return self.show_error

    @property
    def has_mcp(self) -> bool:
        """Whether agents are served by MCP."""
        if self.mcp_server is None:
            from blocks_app import conf  # as above

            return conf.mcp_server()
        return self.mcp_server


@dataclass(eq=False)
class Mount:
    """One page at one place."""

    key: str
    blocks: DeclaredPage
    options: MountOptions = field(default_factory=MountOptions)
    #: Random per process start; a browser that reconnects sees whether it talks to the same page.
    app_id: int = field(default_factory=lambda: secrets.randbits(APP_ID_BITS))
    #: Who may use it.
    guard: AccessGuard = field(default_factory=Everybody)
    #: What others keep for a mount: the queue its engine.
    attachments: dict[str, Any] = field(default_factory=dict)
