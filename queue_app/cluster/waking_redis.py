"""Publishing and subscribing with Redis, where a site names one in `BLOCKS_REDIS_URL`."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from queue_app.cluster.waking import CHANNEL, Waker

WAIT = 1.0  # seconds that the bus waits for Redis when it tells


class RedisWaker(Waker):
    """Wakes by a channel of Redis. Sites that share one wake each other, which costs a look."""

    def __init__(self, url: str, wake: Callable[[], None], name: Callable[[], str]) -> None:
        super().__init__(wake, name)
        from redis import Redis

        self._teller: Any = Redis.from_url(url, socket_timeout=WAIT, socket_connect_timeout=WAIT)
        self._listener: Any = Redis.from_url(url, socket_connect_timeout=WAIT, socket_keepalive=True)

    def publish(self, words: list[str]) -> None:
        """Tell all who have subscribed."""
        for word in words:
            self._teller.publish(CHANNEL, word)

    def open(self) -> RedisLine:
        """Subscribe."""
        return RedisLine(self._listener.pubsub())

    def close(self) -> None:
        """Listen no more, and close all connections."""
        super().close()
        self._teller.close()
        self._listener.close()


class RedisLine:
    """A subscription."""

    def __init__(self, subscription: Any) -> None:
        self._subscription = subscription
        try:
            subscription.subscribe(CHANNEL)
        except BaseException:
            subscription.close()
            raise

    def read(self, seconds: float) -> list[str] | None:
        """The next word. The driver connects again by itself, and is told then that it has subscribed."""
        message = self._subscription.get_message(timeout=seconds)
        if message is None:
            return None
        return [message["data"].decode()] if message["type"] == "message" else [""]

    def interrupt(self) -> None:
        """Break the connection under the thread that reads."""
        if (connection := self._subscription.connection) is not None:
            connection.disconnect()

    def close(self) -> None:
        """End the subscription."""
        self._subscription.close()
