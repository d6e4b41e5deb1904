"""ASGI's words as types, for every package that stands between a server and an endpoint."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

Scope = dict[str, Any]
Receive = Callable[[], Awaitable[dict[str, Any]]]
Send = Callable[[dict[str, Any]], Awaitable[None]]
Application = Callable[[Scope, Any, Any], Awaitable[None]]

#: The close code after which a page connects anew. Daphne sends none of the codes below 3000.
GOING_AWAY = 4001
