"""Who runs a work holds a lease: it is renewed, it is lost, and what becomes of the work then."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import pytest

from queue_app.execution.job import JobSpec
from queue_app.ids import new_id
from queue_app.redis_link import RedisLink
from queue_app.scheduling.redis_scheduler import Admitted, Lease, Place, RedisScheduler
from queue_app.scheduling.scheduler import Declared


class Site:
    """One scheduler as the processes of a site see it."""

    def __init__(self, link: RedisLink, lease: float) -> None:
        self.link, self.sent = link, asyncio.Queue[str]()
        self.scheduler = RedisScheduler(link, f"{new_id()}:", lambda work, _: self.sent.put_nowait(work), lease=lease)
        self.scheduler.declare([Declared(0, "f")])

    async def submit(self, name: str, retries: int = 0) -> Place | None:
        job = JobSpec(name, "app", 0, [], "s")
        return await self.scheduler.join(Admitted(job, f"spec of {name}", "s", "", retries=retries))

    async def next(self, process: str = "worker") -> Lease:
        """The work that was sent next, begun."""
        lease = await self.scheduler.claim(await asyncio.wait_for(self.sent.get(), 5), process)
        assert lease is not None
        return lease


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
    assert await lasting.scheduler.renew("worker", [lease]) == [] and await lasting.scheduler.sweep() == []
    assert lasting.sent.empty()
    await lasting.scheduler.release(lease, 2.0, "f")
    assert (await lasting.next()).specs == ("spec of b",)
    await lasting.submit("c")
    assert await lasting.scheduler.ranks(["c", "b", "unknown"]) == [Place(0, 1, 4.0), None, None]


async def test_what_was_sent_and_never_begun_is_sent_again(site: Site) -> None:
    await site.submit("a")
    lost = site.sent.get_nowait()
    assert await site.scheduler.sweep() == []
    assert (await site.next()).specs == ("spec of a",) and lost


async def test_the_event_of_a_worker_that_has_died_ends_and_the_next_begins(site: Site) -> None:
    await site.submit("a")
    await site.submit("b")
    lease = await site.next()
    [died] = await site.scheduler.sweep()
    assert (died.event_id, died.channel, died.spec, died.again) == ("a", "s", "spec of a", False)
    assert (await site.next("another")).specs == ("spec of b",)
    assert await site.scheduler.renew("worker", [lease]) == [lease.work]
    await site.scheduler.release(lease, 1.0, "f")
    assert site.sent.empty()


async def test_one_that_may_be_tried_again_waits_in_front(site: Site) -> None:
    await site.submit("a", retries=1)
    await site.submit("b")
    first = await site.next()
    [died] = await site.scheduler.sweep()
    assert died.again
    again = await site.next("another")
    assert again.specs == ("spec of a",) and again.fence != first.fence
    [died] = await site.scheduler.sweep()
    assert not died.again


async def test_what_nobody_has_begun_can_be_taken_back(lasting: Site) -> None:
    await lasting.submit("a")
    await lasting.submit("b")
    work = lasting.sent.get_nowait()
    assert await lasting.scheduler.cancel("a") == ("waiting", "s", "spec of a")
    assert await lasting.scheduler.claim(work, "worker") is None
    lease = await lasting.next()
    assert lease.specs == ("spec of b",) and await lasting.scheduler.cancel("b") == ("running",)
    assert await lasting.scheduler.cancel("a") == ("",)


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
