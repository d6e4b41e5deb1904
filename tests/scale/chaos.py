"""Visitors of a site whose processes are killed at random: each event ends once, and runs once, or as it asks for."""

from __future__ import annotations

import asyncio
import random
import time
from collections import Counter
from dataclasses import dataclass, field

from queue_app.engines.shared_queue import AGAIN
from queue_app.sessions.state_keeping import StateAway
from tests.chaos.visitors import Received, answer
from tests.scale import LONG, RAN, RETRIES, STEPS
from tests.scale.arrangement import WEB, WORKERS, Arrangement
from tests.scale.tabs import RemoteVisitor

#: Redis has its append-only file.
VICTIMS = (*WEB, *WORKERS, *WORKERS, "redis", "proxy")


@dataclass
class Outcome:
    """What has become of all events, and what was done to the site meanwhile."""

    events: int = 0
    ends: Counter[str] = field(default_factory=Counter)
    killed: Counter[str] = field(default_factory=Counter)
    again: int = 0
    wrong: list[str] = field(default_factory=list)
    reconnected: int = 0
    seconds: float = 0.0

    def __str__(self) -> str:
        ends, killed = (
            ", ".join(f"{many} {what}" for what, many in sorted(each.items())) for each in (self.ends, self.killed)
        )
        return (
            f"{self.events} events in {self.seconds:.0f} s: {ends}; killed: {killed}; "
            f"{self.again} events run again as they ask for; {self.reconnected} reconnects"
        )


class Rage:
    """Some visitors, and somebody who kills the processes that serve them.

    Half of the visitors are there from the start; each kill brings some of the others, so that none is for nothing.
    """

    def __init__(self, site: Arrangement, *, sessions: int, events: int, kills: int, seed: int, pause: float) -> None:
        self.site, self.kills, self.pause = site, kills, pause
        self.luck, self.outcome = random.Random(seed), Outcome()
        self.visitors: list[RemoteVisitor] = []
        for number in range(sessions):
            visitor = RemoteVisitor(None, f"tab{seed}x{number}", events, seed * 1000 + number)  # type: ignore[arg-type]
            visitor.url = f"{site.url}chaos/"
            self.visitors.append(visitor)
        self._killed = asyncio.Semaphore(0)

    async def run(self, patience: float) -> Outcome:
        """Until each event has ended, or for so many seconds."""
        began, outcome, first = time.monotonic(), self.outcome, (len(self.visitors) + 1) // 2
        later = self.visitors[first:]
        try:
            async with asyncio.timeout(patience), asyncio.TaskGroup() as all_of_them:
                all_of_them.create_task(self._kill(len(later)))
                for visitor in self.visitors[:first]:
                    all_of_them.create_task(self._live(visitor))
                for visitor in later:
                    await self._killed.acquire()
                    all_of_them.create_task(self._live(visitor))
        except TimeoutError:
            outcome.wrong += [
                f"{visitor.name}: {event} {each.kind} {each.number} has no end"
                for visitor in self.visitors
                for event, each in visitor.received.items()
                if not each.ends
            ]
        ran = Counter((self.site.folder / RAN).read_text().splitlines())
        for visitor in self.visitors:
            outcome.reconnected += visitor.broken
            for event_id, each in visitor.received.items():
                outcome.events += 1
                _judge(each, ran[f"{visitor.name} {each.number}"], f"{visitor.name}: {event_id}", outcome)
        outcome.seconds = time.monotonic() - began
        return outcome

    async def _live(self, visitor: RemoteVisitor) -> None:
        try:
            await visitor.live()
        except AssertionError as error:  # what it was told makes no sense
            self.outcome.wrong.append(f"{visitor.name}: {error}")

    async def _kill(self, later: int) -> None:
        """Kill one, now and then two at once, and let each kill bring its share of those who come later."""
        luck, came = self.luck, 0
        for number in range(1, self.kills + 1):
            await asyncio.sleep(self.pause * luck.uniform(0.5, 1.5))
            first, second = luck.choice(VICTIMS), luck.choice(VICTIMS)
            victims = {first, second} if luck.random() < 0.25 else {first}
            self.outcome.killed.update(victim.rstrip("12") for victim in sorted(victims))
            await asyncio.to_thread(self.site.kill, *sorted(victims))
            while came < later * number // self.kills:
                came += 1
                self._killed.release()
            await asyncio.sleep(self.pause * luck.uniform(0.0, 0.5))
            await asyncio.to_thread(self.site.start, *sorted(victims))


async def rage(
    site: Arrangement, *, sessions: int, events: int, kills: int, seed: int, pause: float = 1.0, patience: float = 600.0
) -> Outcome:
    """So many visitors with so many events each, and so many kills while they are at it."""
    return await Rage(site, sessions=sessions, events=events, kills=kills, seed=seed, pause=pause).run(patience)


def _judge(each: Received, runs: int, name: str, outcome: Outcome) -> None:
    """The visitor was told one end, and it is true of a function that ran once, or again as it asks for."""
    if len(each.ends) != 1:
        outcome.wrong.append(f"{name} {each.kind} {each.number} has {len(each.ends)} ends: {each.ends}")
        return
    end, how = each.ends[0], "failed"
    said = end["output"].get("error") or ""
    if end["success"]:
        how = "cancelled" if each.cancelled else "done"
    elif "has died" in said:
        how = "died"
    elif said == str(StateAway.__doc__) and each.kind == "stateful":
        how = "without their State"  # its Redis was away when they were to begin
    outcome.ends[how] += 1
    outcome.again += runs > 1
    most = 1 + RETRIES if each.kind == "again" else 1
    least = {"done": 1, "failed": 1}.get(how, 0)
    allowed = least <= runs <= (0 if how == "without their State" else most)
    if how == "done":
        allowed &= end["output"]["data"][0] == _answer(each.kind, each.number)
        allowed &= each.last in (None, end["output"]["data"])
        words = {f"{word} {each.number}" for word in ("first", "second", "third") if each.kind == "toasts"}
        allowed &= each.all_toasts - {AGAIN} == words
    elif how == "failed":
        allowed &= each.kind in ("crash", "exit") and (each.kind == "exit" or said == f"crash {each.number}")
    if not allowed:
        outcome.wrong.append(f"{name} {each.kind} {each.number}: {how}, ran {runs} times, {each}")


def _answer(kind: str, number: int) -> str:
    return f"{kind} {number} {STEPS - 1}" if kind in LONG else answer(kind, number)
