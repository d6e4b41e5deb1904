"""What a site's asgi.py imports: `from queue_app.transport.routing import get_asgi_application`."""

from __future__ import annotations

from queue_app.transport.routing import BlocksASGI, get_asgi_application

__all__ = ["BlocksASGI", "get_asgi_application"]
