"""Sessions that several processes share: whose they are stands in Redis, who is connected where does, too.

A process asks Redis for a session that it does not know yet, once, and waits for the answer: what follows needs it, and
most sessions stay where their page is. From then on it knows the owner. What a process puts away because nobody needs
it here stays in Redis as long as sessions live.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from queue_app import conf
from queue_app.delivery.redis_outboxes import Handles, RedisOutboxStore
from queue_app.exceptions import NotYours
from queue_app.redis_link import RedisScript, text_of
from queue_app.sessions.directory import LiveSession, MemorySessionDirectory
from queue_app.sessions.session_directory import SessionView
from queue_app.tasks import TaskGroup

if TYPE_CHECKING:
    import asyncio

    from queue_app.sessions.presence import PresenceRegistry, VisitorInfo

_CLAIM = RedisScript(Path(__file__).with_name("claim.lua"))
_FORGOTTEN = "forgotten "


class RedisSessionDirectory(MemorySessionDirectory):
    """See SessionDirectory and MemorySessionDirectory."""

    lingers = True

    def __init__(
        self,
        loop: asyncio.AbstractEventLoop,
        abandon: Callable[[LiveSession, bool], None],
        presence: PresenceRegistry,
        outboxes: RedisOutboxStore,
        **options: Any,
    ) -> None:
        """Share sessions by the Redis that has the outboxes; see MemorySessionDirectory for the rest."""
        super().__init__(loop, abandon, presence, Handles(outboxes), **options)
        self.shared = outboxes
        self._kept = int(options.get("lifetime", conf.session_lifetime())) + 1
        self._claimed: set[str] = set()
        self._tasks = TaskGroup("sessions in Redis")
        outboxes.announced.append(self._announced)

    def claim(self, hash: str, identity_key: str | None) -> SessionView:
        """See SessionDirectory. A connection comes, perhaps from another process: what is known here may be old."""
        self._claim(hash, identity_key)
        return super().claim(hash, identity_key)

    def own(self, hash: str, identity_key: str | None) -> LiveSession:
        """The session itself of this visitor; see SessionDirectory.claim."""
        session = self.look(hash)
        if hash not in self._claimed or session is None or session.identity_key is None:
            self._claim(hash, identity_key)
        return super().own(hash, identity_key)

    def _claim(self, hash: str, identity_key: str | None) -> LiveSession:
        session = self.get(hash)
        found, number, opened = self._ask(hash, json.dumps([time.time_ns() >> 10, identity_key]))
        assert found is not None
        session.life, owner = found
        if owner != identity_key:
            raise NotYours
        session.identity_key = owner
        self.shared.channel(hash).know(number, opened)
        self._claimed.add(hash)
        return session

    def find(self, hash: str, identity_key: str | None) -> SessionView | None:
        """See SessionDirectory. As all processes know it."""
        view = self._view(hash)
        if view is None or view.identity_key not in (None, identity_key):
            return None
        here = super().find(hash, identity_key)
        return view if here is None else replace(view, unread=here.unread, connections=here.connections)

    def seen(self, hash: str) -> SessionView | None:
        """Any session that lives, whoever has it; who is connected to other processes counts once for each."""
        view = self._view(hash)
        if view is None:
            return None
        here = self.presence.count(hash)
        elsewhere = int(self.shared.link.direct.scard(f"{self.shared.prefix}here:{hash}")) - bool(here)
        return replace(view, connections=here + max(0, elsewhere))

    def _view(self, hash: str) -> SessionView | None:
        """As Redis knows it."""
        found, number, opened = self._ask(hash, "")
        return None if found is None else SessionView(hash, found[1], found[0], number, 0, tuple(opened), 0)

    def pending(self, hash: str) -> list[str]:
        """See SessionDirectory. As all processes know it."""
        return list(self._ask(hash, "")[2])

    def attending(self, session: LiveSession, visitor: VisitorInfo | None) -> Any:
        """A connection of a session was opened; see SessionDirectory.attend."""
        if not session.connections:
            self.shared.channel(session.hash).attend(True)
        return super().attending(session, visitor)

    def forget(self, hash: str) -> None:
        """See SessionDirectory."""
        super().forget(hash)
        self.shared.drop(hash)
        self._claimed.discard(hash)
        prefix, direct = self.shared.prefix, self.shared.link.direct
        direct.delete(f"{prefix}owner:{hash}")
        direct.publish(f"{prefix}all", f"{_FORGOTTEN}{hash}")

    def put_away(self, hash: str) -> None:
        """It is not needed in this process any more; another one may go on with it."""
        self.shared.put_away(hash)
        super().forget(hash)
        self._claimed.discard(hash)

    async def is_alone(self, hash: str) -> bool:
        """Whether nobody is connected to another process for this session."""
        prefix, client = self.shared.prefix, self.shared.link.client
        there = await client.smembers(f"{prefix}here:{hash}")
        others = {text_of(each) for each in there} - {self.shared.process}
        return not others or not await client.exists(*(f"{prefix}alive:{each}" for each in others))

    def close(self) -> None:
        """End all timers."""
        super().close()
        self.shared.announced.remove(self._announced)

    def _left(self, session: LiveSession) -> None:
        self.shared.channel(session.hash).attend(False)
        super()._left(session)

    def _grace_over(self, name: str) -> None:
        self._when_alone(name, super()._grace_over)

    def _endless_over(self, name: str) -> None:
        self._when_alone(name, super()._endless_over)

    def _when_alone(self, name: str, act: Callable[[str], None]) -> None:
        async def look() -> None:
            session = self.look(name)
            if session is not None and not session.connections and await self.is_alone(name):
                act(name)

        self._tasks.start(look())

    def _ask(self, hash: str, mine: str) -> tuple[list[Any] | None, int, dict[str, int]]:
        """Life and owner, the last number, and the open events with their first numbers; claimed where nobody has."""
        link = self.shared.link
        owner, number, opened = link.run_now(_CLAIM, self.shared.prefix, hash, mine, self._kept)
        flat = [text_of(each) for each in opened]
        firsts = {event: int(figures.partition(":")[0]) for event, figures in zip(flat[::2], flat[1::2])}
        ordered = dict(sorted(firsts.items(), key=lambda each: each[1]))
        return (json.loads(owner) if owner else None), int(number or 0), ordered

    def _announced(self, text: str) -> None:
        name = text.removeprefix(_FORGOTTEN)
        if name != text and name in self._claimed and self.look(name) is not None:
            self.put_away(name)


class CopiedSessions(MemorySessionDirectory):
    """The sessions whose State is here as a copy. Whose they are was asked by whoever has submitted."""

    def own(self, hash: str, identity_key: str | None) -> LiveSession:
        """The session of this visitor; one of another was forgotten elsewhere."""
        known = self.look(hash)
        if known is not None and known.identity_key not in (None, identity_key):
            self.forget(hash)
        return super().own(hash, identity_key)

    def _free_answers(self, session: LiveSession | None) -> None:
        """Who reads is not known here."""
