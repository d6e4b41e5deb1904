"""Visitors of a site whose processes are killed at random: each event ends once, and runs at most once."""

from __future__ import annotations

import asyncio
import random
import time
from collections import Counter
from dataclasses import dataclass, field

from tests.chaos.visitors import Received, answer
from tests.scale import RAN
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
    wrong: list[str] = field(default_factory=list)
    reconnected: int = 0
    seconds: float = 0.0

    def __str__(self) -> str:
        ends, killed = (
            ", ".join(f"{many} {what}" for what, many in sorted(each.items())) for each in (self.ends, self.killed)
        )
        return f"{self.events} events in {self.seconds:.0f} s: {ends}; killed: {killed}; {self.reconnected} reconnects"


async def rage(
    site: Arrangement, *, sessions: int, events: int, kills: int, seed: int, pause: float = 1.0, patience: float = 600.0
) -> Outcome:
    """So many visitors with so many events each, and so many kills while they are at it."""
    luck, outcome, began = random.Random(seed), Outcome(), time.monotonic()
    visitors = []
    for number in range(sessions):
        visitor = RemoteVisitor(None, f"tab{seed}x{number}", events, seed * 1000 + number)  # type: ignore[arg-type]
        visitor.url, visitor.reasons = f"{site.url}chaos/", []
        visitors.append(visitor)
    killing = asyncio.create_task(_kill(site, luck, kills, pause, outcome))
    try:
        async with asyncio.timeout(patience):
            await asyncio.gather(killing, *[visitor.live() for visitor in visitors])
    except TimeoutError:
        outcome.wrong += [
            f"{visitor.name}: {event} {each.kind} {each.number} has no end"
            for visitor in visitors
            for event, each in visitor.received.items()
            if not each.ends
        ]
    ran = Counter((site.folder / RAN).read_text().splitlines())
    for visitor in visitors:
        outcome.reconnected += visitor.broken
        for event_id, each in visitor.received.items():
            outcome.events += 1
            _judge(each, ran[f"{visitor.name} {each.number}"], f"{visitor.name}: {event_id}", outcome)
    outcome.seconds = time.monotonic() - began
    return outcome


async def _kill(site: Arrangement, luck: random.Random, kills: int, pause: float, outcome: Outcome) -> None:
    for _ in range(kills):
        await asyncio.sleep(pause * luck.uniform(0.5, 1.5))
        victim = luck.choice(VICTIMS)
        outcome.killed[victim.rstrip("12")] += 1
        await asyncio.to_thread(site.kill, victim)
        await asyncio.sleep(pause * luck.uniform(0.0, 0.5))
        await asyncio.to_thread(site.start, victim)


def _judge(each: Received, runs: int, name: str, outcome: Outcome) -> None:
    """The visitor was told one end, and it is true of a function that ran once."""
    if len(each.ends) != 1:
        outcome.wrong.append(f"{name} {each.kind} {each.number} has {len(each.ends)} ends: {each.ends}")
        return
    end = each.ends[0]
    said = end["output"].get("error") or ""
    died = "has died" in said
    how = (
        "died" if died else "cancelled" if each.cancelled and end["success"] else "done" if end["success"] else "failed"
    )
    outcome.ends[how] += 1
    allowed = runs <= 1 if how in ("died", "cancelled") else runs == 1
    if how == "done":
        allowed &= end["output"]["data"][0] == answer(each.kind, each.number)
        allowed &= each.last in (None, end["output"]["data"])
        words = {f"{word} {each.number}" for word in ("first", "second", "third") if each.kind == "toasts"}
        allowed &= each.all_toasts == words
    elif how == "failed":
        allowed &= each.kind in ("crash", "exit") and (each.kind == "exit" or said == f"crash {each.number}")
    if not allowed:
        outcome.wrong.append(f"{name} {each.kind} {each.number}: {how}, ran {runs} times, {each}")
