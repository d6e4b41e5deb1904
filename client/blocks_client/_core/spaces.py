"""Spaces: from `owner/name` to the address where one runs, by the hub's HTTP API. No network here."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

from blocks_client._core.http import Flow, Request, Send, Sleep, refusal, sent
from blocks_client._exceptions import (
    SpaceError,
    SpaceFailedError,
    SpaceNotFoundError,
    SpacePausedError,
    TransportError,
)

_STARTING = frozenset(("BUILDING", "RUNNING_BUILDING", "RUNNING_APP_STARTING", "APP_STARTING", "SLEEPING", "STOPPED"))
_READY = frozenset(("RUNNING", "RUNNING_BUILDING", "RUNNING_APP_STARTING"))
#: Seconds to wait for a Space that is starting, and between looks at it (the hub has no way to be told).
START_LIMIT, BETWEEN = 600.0, 2.0


def endpoint() -> str:
    """The hub's address: `HF_ENDPOINT`, or the public one."""
    return (os.environ.get("HF_ENDPOINT") or "https://huggingface.co").rstrip("/")


def saved_token() -> str | None:
    """The token of the environment, or the one saved by the hub's own tools."""
    for name in ("HF_TOKEN", "HUGGING_FACE_HUB_TOKEN"):
        if os.environ.get(name, "").strip():
            return os.environ[name].strip()
    home = os.environ.get("HF_HOME") or str(Path.home() / ".cache" / "huggingface")
    path = Path(os.environ.get("HF_TOKEN_PATH") or Path(home) / "token")
    try:
        return path.read_text().strip() or None
    except (OSError, ValueError):
        return None


def host_of(space: str, token: str | None, user_agent: str) -> Flow[str]:
    """The address of a Space that runs; waits while it starts.

    Raises SpaceNotFoundError, SpacePausedError, SpaceFailedError, SpaceError.
    """
    if space.count("/") != 1 or not all(space.split("/")) or any(sign in space for sign in " ?#%\\:"):
        raise SpaceError(f"{space!r} is neither a URL (http://…) nor the name of a Space (owner/name).")
    about = yield from _asked(f"/api/spaces/{space}", space, token, user_agent)
    host = about.get("host")
    if not isinstance(host, str) or not host.startswith(("http://", "https://")):
        raise SpaceFailedError(f"The hub names no host for the Space {space}. It may never have been started.")
    waited = 0.0
    woken = False
    while True:
        runtime = yield from _asked(f"/api/spaces/{space}/runtime", space, token, user_agent)
        stage = str(runtime.get("stage"))
        if stage in _READY:
            return host
        if stage == "PAUSED":
            raise SpacePausedError(
                f"The Space {space} is paused. Its owner can start it at {endpoint()}/spaces/{space}."
            )
        if stage not in _STARTING:
            reason = f": {runtime['errorMessage']}" if runtime.get("errorMessage") else ""
            raise SpaceFailedError(f"The Space {space} does not run, its stage is {stage}{reason}.")
        if waited >= START_LIMIT:
            raise SpaceFailedError(f"The Space {space} is still in the stage {stage} after {waited:g} s.")
        if stage in ("SLEEPING", "STOPPED") and not woken:
            woken = True
            yield from _visit(host, user_agent)
        yield Sleep(BETWEEN)
        waited += BETWEEN


def _visit(host: str, user_agent: str) -> Flow[None]:
    """A visit wakes a Space that sleeps; what it answers does not matter."""
    try:
        yield from sent(Send(Request("GET", host, {"user-agent": user_agent}, trusted=False)))
    except TransportError:
        pass


def _asked(path: str, space: str, token: str | None, user_agent: str) -> Flow[dict[str, Any]]:
    headers = {"user-agent": user_agent}
    if token:
        headers["authorization"] = f"Bearer {token}"
    answer = yield from sent(Send(Request("GET", endpoint() + path, headers, trusted=False)))
    if answer.status in (401, 403, 404):
        needed = "the token that was given does not open it" if token else "it is private: give `token=`"
        raise SpaceNotFoundError(f"There is no Space {space} at {endpoint()}, or {needed}.")
    if answer.status >= 300:
        raise refusal(answer, f"Looking for the Space {space}")
    found = answer.json()
    if not isinstance(found, dict):
        raise SpaceError(f"The hub's answer about the Space {space} makes no sense: {str(found)[:80]!r}")
    return found
