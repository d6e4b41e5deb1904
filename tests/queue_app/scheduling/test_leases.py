"""Who runs a work holds a lease: it is renewed, it is lost, and what becomes of the work then."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator

import pytest

from queue_app.delivery.redis_outboxes import RedisOutboxStore
from queue_app.engines.worker_registry import DRAINING
from queue_app.execution.job import JobSpec
from queue_app.ids import new_id
from queue_app.redis_link import RedisLink
from queue_app.scheduling.redis_scheduler import Admitted, Died, Known, Lease, Misrouted, Place, RedisScheduler
from queue_app.scheduling.scheduler import Declared
from tests.queue_app.delivery.test_outbox_contract import completes


class Site:
    """One scheduler as the processes of a site see it."""

    def __init__(self, link: RedisLink, lease: float) -> None:
        self.link, self.sent = link, asyncio.Queue[str]()
        self.scheduler = RedisScheduler(link, f"{new_id()}:", lambda work, _: self.sent.put_nowait(work), lease=lease)
        self.scheduler.declare([Declared(0, "f"), Declared(1, "g", batch=3)])

    async def submit(self, name: str, retries: int = 0, version: str = "", fn: int = 0) -> Place | None:
        job = JobSpec(name, "app", fn, [], "s")
        event = Admitted(job, f"spec of {name}", "s", "", queue="blocks", version=version, retries=retries)
        return await self.scheduler.join(event)

    async def next(self, process: str = "worker") -> Lease:
        """The work that was sent next, begun."""
        lease = await self.scheduler.claim(await asyncio.wait_for(self.sent.get(), 5), process)
        assert isinstance(lease, Lease)
        return lease

    async def overdue(self, name: str) -> list[Died]:
        """The same when whoever was to tell the end of an event has had the time for it."""
        await self.link.client.zadd(f"{self.scheduler.prefix}untold", {name: 0}, xx=True)
        return await self.swept()

    async def swept(self) -> list[Died]:
        """The events that a sweep has ended, or put back."""
        died, missing = await self.scheduler.sweep()
        assert missing == []
        return died


@pytest.fixture
async def site(redis_url: str) -> AsyncIterator[Site]:
    link = RedisLink(redis_url)
    yield Site(link, lease=0.0)  # over as soon as it is given
    await link.close()


@pytest.fixture
async def lasting(redis_url: str) -> AsyncIterator[Site]:
    link = RedisLink(redis_url)
    yield Site(link, lease=60.0)
    await link.close()


async def test_a_work_that_comes_twice_is_begun_once(lasting: Site) -> None:
    await lasting.submit("a")
    work = lasting.sent.get_nowait()
    assert await lasting.scheduler.claim(work, "one") is not None
    assert await lasting.scheduler.claim(work, "other") is None


async def test_a_lease_that_is_renewed_goes_on_and_its_end_frees_the_slot(lasting: Site) -> None:
    await lasting.submit("a")
    assert await lasting.submit("b") == Place(0, 1, None)
    lease = await lasting.next()
    assert await lasting.scheduler.renew("worker", [lease]) == ([], []) and await lasting.swept() == []
    assert lasting.sent.empty()
    await lasting.scheduler.release(lease, 2.0, "f")
    assert (await lasting.next()).specs == ("spec of b",)
    await lasting.submit("c")
    assert await lasting.scheduler.ranks(["c", "b", "unknown"]) == [Place(0, 1, 4.0), None, None]


async def test_what_was_sent_and_never_begun_is_sent_again(site: Site) -> None:
    await site.submit("a")
    lost = site.sent.get_nowait()
    assert await site.swept() == []
    assert (await site.next()).specs == ("spec of a",) and lost


async def test_the_event_of_a_worker_that_has_died_ends_and_the_next_begins(site: Site) -> None:
    await site.submit("a")
    await site.submit("b")
    lease = await site.next()
    [died] = await site.swept()
    assert (died.event_id, died.channel, died.spec, died.again) == ("a", "s", "spec of a", False)
    assert (await site.next("another")).specs == ("spec of b",)
    assert await site.scheduler.renew("worker", [lease]) == ([lease.work], [])
    await site.scheduler.release(lease, 1.0, "f")
    assert site.sent.empty()


async def test_one_that_may_be_tried_again_waits_in_front(site: Site) -> None:
    await site.submit("a", retries=1)
    await site.submit("b")
    first = await site.next()
    [died] = await site.swept()
    assert died.again
    again = await site.next("another")
    assert again.specs == ("spec of a",) and again.fence != first.fence
    [died] = await site.swept()
    assert not died.again


async def test_of_a_batch_whose_worker_has_died_only_what_was_not_told_is_told_by_others(site: Site) -> None:
    for name in ("first", "a", "b", "c"):
        await site.submit(name, retries=1, fn=1)
    first = await site.next()
    await site.scheduler.release(first)
    batch = await site.next()
    store = RedisOutboxStore(site.link, site.scheduler.prefix)
    channel = store.channel("s")
    for name, fence in (("a", batch.fence), ("b", first.fence), ("first", first.fence)):
        channel.adopt(name, fence)
        completes(channel, ["done"], name)
    await store.flush()
    died = await site.swept()
    assert sorted((each.event_id, each.again, each.why) for each in died) == [
        ("a", False, "told"), ("b", True, ""), ("c", True, "")
    ]  # fmt: skip
    again = await site.next()
    assert again.specs == ("spec of b", "spec of c") and await site.scheduler.release(batch) is False
    with pytest.raises(Known):
        await site.submit("a", fn=1)
    await store.close()


async def test_what_nobody_has_begun_can_be_taken_back(lasting: Site) -> None:
    await lasting.submit("a")
    await lasting.submit("b")
    work = lasting.sent.get_nowait()
    assert (await lasting.scheduler.cancel("a"))[:3] == ("waiting", "s", "spec of a")
    assert await lasting.scheduler.claim(work, "worker") is None
    lease = await lasting.next()
    assert lease.specs == ("spec of b",) and await lasting.scheduler.cancel("b") == ("running",)
    assert await lasting.scheduler.cancel("a") == ("",)


@pytest.mark.parametrize("taken", [False, True], ids=["waiting", "given"])
async def test_a_cancel_that_nobody_has_told_is_told_by_another_process_and_once(lasting: Site, taken: bool) -> None:
    for name in ("a", "b"):
        await lasting.submit(name)
    event = "a" if taken else "b"
    late = (await lasting.scheduler.cancel(event))[3]
    assert await lasting.swept() == [] and await lasting.scheduler.cancel(event) == ("",)
    [first] = await lasting.overdue(event)
    [second] = await lasting.overdue(event)  # that one has died as well
    assert (second.event_id, second.channel, second.spec, second.why) == (event, "s", f"spec of {event}", "cancelled")
    assert await told(lasting, event, late, first.fence, second.fence) == [2]
    assert await lasting.overdue(event) == []
    with pytest.raises(Known):
        await lasting.submit(event)


async def test_the_end_of_what_has_died_is_told_by_another_process_when_the_first_has_died_too(site: Site) -> None:
    await site.submit("a")
    lease = await site.next()
    [first] = await site.swept()
    [second] = await site.overdue("a")
    assert await told(site, "a", lease.fence, first.fence, second.fence) == [2]
    assert await site.overdue("a") == [] and await site.link.client.hlen(f"{site.scheduler.prefix}jobs") == 0


async def told(site: Site, event: str, *fences: str) -> list[int]:
    """Which of these rights was one to tell an end, when all who have one do."""
    store = RedisOutboxStore(site.link, site.scheduler.prefix)
    channel = store.channel("s")
    for number, fence in enumerate(fences):
        channel.adopt(event, fence)
        completes(channel, [number], event)
    await store.flush()
    found = await site.link.client.xrange(f"{site.scheduler.prefix}s:s")
    await store.close()
    return [json.loads(fields[b"t"])["output"]["data"][0] for _, fields in found]


async def test_who_has_lost_a_work_ends_nothing_that_waits_again(site: Site) -> None:
    await site.submit("a", retries=1)
    lease = await site.next()
    await site.swept()
    await site.scheduler.ended("a", lease.fence)
    assert (await site.next("another")).specs == ("spec of a",)


async def test_what_no_limit_counts_has_a_lease_too(lasting: Site) -> None:
    await lasting.submit("a")
    lasting.sent.get_nowait()
    await lasting.scheduler.admit(Admitted(JobSpec("d", "app", 0, [], "d"), "spec of d", "d", ""))
    lease = await lasting.next()
    assert lease.specs == ("spec of d",) and not lease.counted
    assert lasting.scheduler.figures([0])[:3] == (0, 1, 1)
    await lasting.scheduler.release(lease)
    waiting, running, direct, groups = lasting.scheduler.figures([0])
    assert (waiting, running, direct, groups[0].running, groups[0].limit) == (0, 1, 0, 1, 1)


async def test_when_redis_has_forgotten_everything_events_are_taken_as_before(lasting: Site) -> None:
    await lasting.submit("a")
    keys = [each async for each in lasting.link.client.scan_iter(f"{lasting.scheduler.prefix}*")]
    await lasting.link.client.delete(*keys)
    await lasting.submit("b")
    assert await lasting.submit("c") == Place(0, 1, None)
    assert lasting.sent.qsize() == 2


async def test_a_batch_that_may_be_tried_again_waits_in_the_order_that_it_had(site: Site) -> None:
    await site.submit("first", fn=1)
    for name in ("a", "b", "c"):
        await site.submit(name, retries=1, fn=1)
    await site.next()
    await site.swept()
    assert (await site.next()).specs == ("spec of a", "spec of b", "spec of c")
    await site.submit("d", fn=1)
    assert [each.again for each in await site.swept()] == [True] * 3
    again = await site.next()
    assert again.specs == ("spec of a", "spec of b", "spec of c") and again.again


async def test_what_no_limit_counts_is_tried_again_at_once(site: Site) -> None:
    job = JobSpec("d", "app", 0, [], "d")
    await site.scheduler.admit(Admitted(job, "spec of d", "d", "", retries=1))
    first = await site.next()
    assert [each.again for each in await site.swept()] == [True]
    again = await site.next("another")
    assert again.specs == ("spec of d",) and again.work != first.work
    assert [each.again for each in await site.swept()] == [False]
    assert site.scheduler.figures([0])[:3] == (0, 0, 0)


async def test_one_that_was_cancelled_is_not_tried_again(site: Site) -> None:
    await site.submit("a", retries=3)
    lease = await site.next()
    assert await site.scheduler.cancel("a", "a 1 1") == ("running",)
    assert await site.scheduler.renew("worker", [lease]) == ([], ["a 1 1"])
    assert [each.again for each in await site.swept()] == [False]


async def test_events_of_two_versions_are_in_no_batch_together_and_count_as_one_group(lasting: Site) -> None:
    await lasting.submit("first", fn=1)
    for name, version in (("a", "old"), ("b", "new"), ("c", "old")):
        await lasting.submit(name, version=version, fn=1)
    lease = await lasting.next()
    assert lasting.sent.empty()
    await lasting.scheduler.release(lease, 1.0, "g")
    assert (await lasting.next()).specs == ("spec of a", "spec of c")
    assert lasting.sent.empty()


async def test_a_worker_of_another_version_or_one_that_drains_begins_nothing(lasting: Site) -> None:
    node = new_id()
    await lasting.submit("a", version="new")
    work, claim = lasting.sent.get_nowait(), lasting.scheduler.claim
    assert await claim(work, "worker", node, "old") == Misrouted("blocks", "new", False)
    assert await claim(work, "worker", node, "-") == Misrouted("blocks", "new", False)
    await lasting.link.client.hset(DRAINING, node, "drain")
    assert await claim(work, "worker", node, "new") == Misrouted("blocks", "new", True)
    await lasting.scheduler.hand_on(work, "blocks.x")
    assert lasting.sent.get_nowait() == work
    assert isinstance(await claim(work, "worker", "other", "new"), Lease)
    await lasting.scheduler.hand_on(work, "blocks.x")
    assert lasting.sent.empty()


async def test_where_no_worker_can_run_it_an_event_is_sent_once_and_ends_after_a_while(site: Site) -> None:
    await site.submit("a", version="new")
    assert site.sent.qsize() == 1
    other = [("blocks", "old"), ("blocks-gpu", "new")]
    assert await site.scheduler.sweep(other, wait=60) == ([], [("blocks", "new")])
    await asyncio.sleep(0.11)
    assert await site.scheduler.sweep(other, wait=60) == ([], []) and site.sent.qsize() == 1
    await asyncio.sleep(0.11)
    assert await site.scheduler.sweep([*other, ("blocks", "new")], wait=60) == ([], [])
    assert site.sent.qsize() == 2  # somebody has come
    assert await site.scheduler.sweep(other, wait=60) == ([], [("blocks", "new")])
    await asyncio.sleep(0.11)
    [died], _ = await site.scheduler.sweep(other, wait=0)
    assert (died.event_id, died.again, died.why) == ("a", False, "unserved")
    assert site.scheduler.figures([0])[:2] == (0, 0)


async def test_events_of_a_version_that_is_over_wait_for_nobody(site: Site) -> None:
    await site.submit("a", version="old")
    [died], _ = await site.scheduler.sweep([("blocks", "new")], ["old"], wait=60)
    assert died.why == "outdated"
    await site.submit("b", version="old")
    site.sent.get_nowait()
    [died] = await site.scheduler.refuse(site.sent.get_nowait())
    assert (died.event_id, died.why) == ("b", "outdated")


async def test_a_worker_that_ends_parts_with_what_it_has_and_tells_nothing_more_of_it(lasting: Site) -> None:
    await lasting.submit("a", retries=1)
    lease = await lasting.next()
    await lasting.scheduler.expire(lease)
    assert await lasting.scheduler.renew("worker", [lease]) == ([lease.work], [])
    assert await lasting.link.client.hget(f"{lasting.scheduler.prefix}fences", "a") is None
    assert [each.again for each in await lasting.swept()] == [True]
    assert (await lasting.next("another")).specs == ("spec of a",)


async def test_who_held_what_redis_has_lost_changes_nothing_of_what_is_new(lasting: Site) -> None:
    scheduler, client = lasting.scheduler, lasting.link.client
    await lasting.submit("a")
    old = await lasting.next()
    await client.delete(*[key async for key in client.scan_iter(f"{scheduler.prefix}*")])
    await asyncio.sleep(0.002)  # the clock of Redis goes on
    lasting.scheduler.declare([Declared(0, "f"), Declared(1, "g", batch=3)])
    await lasting.submit("b")
    assert not await scheduler.release(old, 1.0)
    await scheduler.expire(old)
    assert await scheduler.renew("worker", [old]) == ([old.work], [])
    new = await lasting.next()
    assert new.specs == ("spec of b",) and new.work != old.work
    assert await scheduler.release(new, 1.0)


async def test_numbers_of_works_stay_exact_and_go_up(lasting: Site) -> None:
    works = []
    for name in "abc":
        await lasting.submit(name)
        works.append(lease := await lasting.next())
        await lasting.scheduler.release(lease, 1.0)
    numbers = [[int(each.work), int(each.fence)] for each in works]
    assert [work - numbers[0][0] for work, _ in numbers] == [fence - numbers[0][1] for _, fence in numbers] == [0, 1, 2]


async def test_what_waits_for_busy_workers_is_sent_ever_more_rarely(redis_url: str) -> None:
    link = RedisLink(redis_url)
    site = Site(link, lease=0.05)
    await site.submit("a")
    until = asyncio.get_running_loop().time() + 1.0
    while asyncio.get_running_loop().time() < until:
        await site.swept()
        await asyncio.sleep(0.01)
    assert 2 <= site.sent.qsize() <= 6  # not twenty times
    await link.close()
