"""JSON as quickly as this environment has it."""

from __future__ import annotations

import json
from typing import Any

try:
    from orjson import dumps, loads
except ImportError:
    loads = json.loads

    def dumps(value: Any) -> bytes:
        """Without spaces, as orjson writes it."""
        return json.dumps(value, separators=(",", ":")).encode()


__all__ = ["dumps", "loads"]
