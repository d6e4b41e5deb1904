"""Apps used as a person would, without a browser or a socket: `PageUser`; see `page_user` for what it can do.

For tests of users and our own; nothing else needs it.

Interface: `page_user`.
"""

from __future__ import annotations

from queue_app.testing.page_user import AsyncPageUser, PageUser, Toast

__all__ = ["AsyncPageUser", "PageUser", "Toast"]
