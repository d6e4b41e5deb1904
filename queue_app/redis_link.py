"""Redis, where several processes share one queue: connections of one event loop, and scripts that are sent once.

The driver is an extra (`pip install '.[celery]'`) and is loaded by whoever makes a link.
"""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import TYPE_CHECKING, Any

from queue_app.redis_pipe import RedisPipe

if TYPE_CHECKING:
    from redis import Redis
    from redis.asyncio import Redis as AsyncRedis

#: Seconds after which a command counts as unanswered.
PATIENCE = 5.0
#: The same, where the loop waits for it: a Redis that writes its file to a busy disk may answer late.
_PATIENCE_NOW = 3.0


class RedisScript:
    """A script that a server is sent once, and then knows by the name that it gives it."""

    def __init__(self, path: Path) -> None:
        self.text = path.read_text(encoding="utf-8")


class RedisLink:
    """The connections of one event loop to one Redis."""

    def __init__(self, url: str) -> None:
        """Connect on first use; `url` as `BLOCKS_REDIS_URL` says it."""
        from redis import Redis
        from redis.asyncio import Redis as AsyncRedis
        from redis.exceptions import ConnectionError, NoScriptError, OutOfMemoryError, ReadOnlyError, TimeoutError

        self.url = url
        self.client: AsyncRedis = AsyncRedis.from_url(url, socket_timeout=PATIENCE, socket_connect_timeout=PATIENCE)
        #: For what operators ask, and what has to be known before an endpoint may go on; a short wait on the loop.
        self.direct: Redis = Redis.from_url(url, socket_timeout=_PATIENCE_NOW, socket_connect_timeout=1.0)
        #: What is raised while it does not answer, or takes nothing.
        self.away = (ConnectionError, TimeoutError, OSError, OutOfMemoryError, ReadOnlyError)
        self.pipe = RedisPipe(self.client, PATIENCE)
        self._unknown = NoScriptError
        self._names: dict[RedisScript, str] = {}

    async def run(self, script: RedisScript, *arguments: Any) -> Any:
        """Run a script, all of it or nothing."""
        name = self._names.get(script)
        while True:
            if name is None:
                name = self._names[script] = text_of(await self.pipe.ask("SCRIPT", "LOAD", script.text))
            try:
                return await self.pipe.ask("EVALSHA", name, 0, *arguments)
            except self._unknown:  # the server was restarted
                name = None

    def run_now(self, script: RedisScript, *arguments: Any) -> Any:
        """The same, and wait here."""
        name = self._names.get(script)
        while True:
            if name is None:
                name = self._names[script] = self.direct.script_load(script.text)
            try:
                return self.direct.evalsha(name, 0, *arguments)
            except self._unknown:
                name = None

    async def close(self) -> None:
        """End the connections."""
        await self.pipe.close()
        await self.client.aclose()
        self.direct.close()


def text_of(value: bytes | str) -> str:
    """What Redis has given, as text."""
    return value if isinstance(value, str) else value.decode()


def is_ending() -> bool:
    """Whether the running task was cancelled."""
    task = asyncio.current_task()
    return task is not None and task.cancelling() > 0
