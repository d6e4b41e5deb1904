"""What every scheduler does, in this process or for all processes of a site: the same steps, put to each."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterable
from typing import Any, Protocol

import pytest

from queue_app.exceptions import QueueDraining, QueueFull
from queue_app.execution.job import JobSpec
from queue_app.ids import new_id
from queue_app.redis_link import RedisLink
from queue_app.scheduling.redis_scheduler import Admitted, Lease, RedisScheduler
from queue_app.scheduling.scheduler import Declared, QueueEntry, Scheduler


class Admission(Protocol):
    """A scheduler as these tests use it: events have names, works are lists of them."""

    #: What runs, in the order in which it was started.
    works: list[list[str]]

    async def declare(self, *declared: Declared, **options: Any) -> None: ...

    async def submit(self, *names: str, fn: int = 0, user: str = "", alone: bool = False) -> None: ...

    async def end(self, *names: str) -> None:
        """The work that holds these ends."""

    async def cancel(self, name: str) -> bool: ...

    async def change(self, fn: int, action: str, limit: int | None = None) -> None: ...


def job(name: str, fn: int, user: str) -> JobSpec:
    return JobSpec(name, "app", fn, [], f"tab of {user or name}", identity_key=user)


class Here(Admission):
    def __init__(self) -> None:
        self.works, self._entries, self._running = [], dict[str, QueueEntry](), list[list[QueueEntry]]()

    async def declare(self, *declared: Declared, **options: Any) -> None:
        self.scheduler = Scheduler(declared, **options)

    async def submit(self, *names: str, fn: int = 0, user: str = "", alone: bool = False) -> None:
        for name in names:
            self._entries[name] = self.scheduler.join(QueueEntry(job(name, fn, user), alone))
            self._take()

    async def end(self, *names: str) -> None:
        [work] = [each for each in self._running if {entry.job.event_id for entry in each} == {*names}]
        self._running.remove(work)
        self.scheduler.release(work[0].group, work)
        self._take()

    async def cancel(self, name: str) -> bool:
        return self.scheduler.cancel(self._entries[name])

    async def change(self, fn: int, action: str, limit: int | None = None) -> None:
        group = self.scheduler.group_of(fn)
        if action == "limit":
            self.scheduler.set_limit(group.key, limit)
        elif action in ("drain", "reopen"):
            group.draining = action == "drain"
        else:
            self.scheduler.pause(group, action == "pause")
        self._take()

    def _take(self) -> None:
        while (work := self.scheduler.take()) is not None:
            self._running.append(work)
            self.works.append([each.job.event_id for each in work])


class Shared(Admission):
    def __init__(self, link: RedisLink) -> None:
        self.works, self._sent, self._leases = [], list[str](), dict[frozenset[str], Lease]()
        self.scheduler = RedisScheduler(link, f"{new_id()}:", lambda work, queue: self._sent.append(work))

    async def declare(self, *declared: Declared, **options: Any) -> None:
        self.scheduler.declare(declared, **options)

    async def submit(self, *names: str, fn: int = 0, user: str = "", alone: bool = False) -> None:
        for name in names:
            made = job(name, fn, user)
            await self.scheduler.join(Admitted(made, name, made.channel, "", alone=alone))
            await self._claim()

    async def end(self, *names: str) -> None:
        await self.scheduler.release(self._leases.pop(frozenset(names)), 0.1)
        await self._claim()

    async def cancel(self, name: str) -> bool:
        return (await self.scheduler.cancel(name))[0] == "waiting"

    async def change(self, fn: int, action: str, limit: int | None = None) -> None:
        self.scheduler.change(fn, action, limit)
        await self._claim()

    async def _claim(self) -> None:
        sent, self._sent[:] = list(self._sent), []
        for work in sent:
            lease = await self.scheduler.claim(work, "worker")
            assert lease is not None
            self._leases[frozenset(lease.specs)] = lease
            self.works.append(list(lease.specs))


@pytest.fixture(params=["here", "redis"])
async def admission(request: pytest.FixtureRequest) -> AsyncIterator[Admission]:
    if request.param == "here":
        yield Here()
        return
    link = RedisLink(request.getfixturevalue("redis_url"))
    yield Shared(link)
    await link.close()


async def ended(admission: Admission, *works: Iterable[str]) -> list[list[str]]:
    """End these works, one after the other; what runs then, and has been started by it."""
    before = len(admission.works)
    for work in works:
        await admission.end(*work)
    return admission.works[before:]


async def test_events_start_in_order_as_many_as_the_limit_says(admission: Admission) -> None:
    await admission.declare(Declared(0, "f", limit=2))
    await admission.submit("a", "b", "c", "d")
    assert admission.works == [["a"], ["b"]]
    assert await ended(admission, ["b"], ["a"]) == [["c"], ["d"]]


async def test_groups_do_not_block_each_other_and_share_a_limit_by_their_key(admission: Admission) -> None:
    await admission.declare(Declared(0, "pool", limit=1), Declared(1, "pool"), Declared(2, "other"))
    await admission.submit("a")
    await admission.submit("b", fn=1)
    await admission.submit("c", fn=2)
    assert admission.works == [["a"], ["c"]]
    assert await ended(admission, ["a"]) == [["b"]]


async def test_a_newcomer_waits_for_one_event_of_each_other_user(admission: Admission) -> None:
    await admission.declare(Declared(0, "f"))
    await admission.submit("a1", "a2", "a3", "a4", user="ann")
    await admission.submit("b1", "b2", user="bob")
    order = [["a1"]]
    for _ in range(5):
        order += await ended(admission, order[-1])
    assert order == [["a1"], ["a2"], ["b1"], ["a3"], ["b2"], ["a4"]]


async def test_higher_priorities_start_first(admission: Admission) -> None:
    await admission.declare(Declared(0, "f"), Declared(1, "f", priority=5), Declared(2, "f", priority=-3))
    await admission.submit("running")
    await admission.submit("low", fn=2)
    await admission.submit("normal")
    await admission.submit("high", fn=1)
    assert await ended(admission, ["running"], ["high"], ["normal"]) == [["high"], ["normal"], ["low"]]


async def test_the_last_quarter_of_the_threads_is_for_groups_that_have_nothing(admission: Admission) -> None:
    await admission.declare(Declared(0, "many", limit=None), Declared(1, "few"), max_threads=8)
    await admission.submit(*(f"a{number}" for number in range(20)))
    assert len(admission.works) == 7
    await admission.submit("b", fn=1)
    assert admission.works[-1] == ["b"]


async def test_batches_take_events_of_their_own_and_alone_ones_stay_alone(admission: Admission) -> None:
    await admission.declare(Declared(0, "f", batch=3), Declared(1, "f"))
    await admission.submit("first", fn=1)
    await admission.submit("a", "b", "c", "d")
    await admission.submit("single", alone=True)
    await admission.submit("other", fn=1)
    batch = await ended(admission, ["first"])
    assert len(batch) == 1 and len(batch[0]) == 3
    started = [sorted(batch[0])]
    for _ in range(3):
        started += [sorted(each) for each in await ended(admission, started[-1])]
    assert sorted(each for work in started for each in work) == ["a", "b", "c", "d", "other", "single"]
    assert ["single"] in started and ["other"] in started


async def test_a_batch_of_a_function_that_asks_who_is_there_is_of_one_user(admission: Admission) -> None:
    await admission.declare(Declared(0, "f", batch=4, personal=True))
    await admission.submit("first", user="ann")
    await admission.submit("a1", "a2", user="ann")
    await admission.submit("b1", "b2", user="bob")
    second = await ended(admission, ["first"])
    third = await ended(admission, *second)
    assert sorted(sorted(each) for each in (*second, *third)) == [["a1", "a2"], ["b1", "b2"]]


async def test_nobody_has_more_at_work_than_a_user_may(admission: Admission) -> None:
    await admission.declare(Declared(0, "f", limit=None), Declared(1, "g", limit=None), per_user=2)
    await admission.submit("a1", "a2", "a3", user="ann")
    await admission.submit("a4", fn=1, user="ann")
    await admission.submit("b1", user="bob")
    assert sorted(admission.works) == [["a1"], ["a2"], ["b1"]]
    assert await admission.cancel("a3")
    assert await ended(admission, ["a2"]) == [["a4"]]
    await admission.submit("a5", user="ann")
    assert await ended(admission, ["a1"]) == [["a5"]]


async def test_more_than_may_wait_are_refused(admission: Admission) -> None:
    await admission.declare(Declared(0, "f"), max_size=2)
    await admission.submit("a", "b", "c")
    with pytest.raises(QueueFull, match=r"Max size is 2 and size is 2\."):
        await admission.submit("d")
    assert await admission.cancel("b") and not await admission.cancel("b") and not await admission.cancel("a")
    await admission.submit("e")
    assert await ended(admission, ["a"], ["c"]) == [["c"], ["e"]]


async def test_operators_pause_drain_and_widen_a_group(admission: Admission) -> None:
    await admission.declare(Declared(0, "f"))
    await admission.change(0, "pause")
    await admission.submit("a", "b")
    assert admission.works == []
    await admission.change(0, "resume")
    assert admission.works == [["a"]]
    await admission.change(0, "limit", 2)
    assert admission.works == [["a"], ["b"]]
    await admission.change(0, "drain")
    with pytest.raises(QueueDraining):
        await admission.submit("c")
    await admission.change(0, "reopen")
    await admission.submit("c")
    assert await ended(admission, ["a"]) == [["c"]]


async def test_a_user_who_takes_events_back_stands_where_others_of_so_many_stand(admission: Admission) -> None:
    await admission.declare(Declared(0, "f"))
    await admission.submit("running")
    await admission.submit("a1", "a2", "a3", user="ann")
    for name in ("a3", "a2"):
        assert await admission.cancel(name)
    await admission.submit("b1", "b2", user="bob")
    await admission.submit("a4", user="ann")
    order = await ended(admission, ["running"])
    for _ in range(3):
        order += await ended(admission, order[-1])
    assert order == [["a1"], ["b1"], ["b2"], ["a4"]] or order == [["a1"], ["b1"], ["a4"], ["b2"]]
