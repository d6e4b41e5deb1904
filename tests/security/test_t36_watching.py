"""T36: the link to a run shows it to whoever started it; everybody else is told the same as of a run that never was."""

from __future__ import annotations

import pytest

from auth_app.visitors.signals import access_changed
from tests.auth_app.socket import EVENT, Socket, socket
from tests.auth_app.visitor import Visitor, site
from tests.security.test_t36_others import Diary, users

NOTHING = "There is nothing to watch here: the run has ended, or it is not yours"


def link(event_id: str = EVENT, session: str = "") -> str:
    """What the test's socket puts behind `session_hash=`."""
    return f"{session}&__watch={event_id}"


async def refused(visitor: Visitor, query: str) -> tuple[int, str]:
    async with socket(visitor, query) as opened:
        answer = await opened.until("refused")
        await opened.until("closed")
        return answer["status"], answer["detail"]


async def started(page: Socket, diary: Diary) -> None:
    page.submit(0, "wait", None)
    await page.message("process_starts")


async def test_a_stranger_with_the_link_and_the_session_sees_nothing() -> None:
    diary = Diary()
    async with site(diary.demo) as client:
        ann, eve = await users(client)
        async with socket(ann, "ann-1") as page:
            await started(page, diary)
            for query in (link(), link(session="ann-1"), link("f" * 32), link("")):
                assert await refused(eve, query) == (404, NOTHING)
            unknown = await ann.get(f"/app/queue/poll?__watch={'f' * 32}")
            stranger = await eve.get(f"/app/queue/poll?__watch={EVENT}&session_hash=ann-1")
            assert (unknown.status, unknown.body) == (stranger.status, stranger.body) == (404, unknown.body)
            diary.gate.set()
            await page.message("process_completed")
            assert await refused(eve, link(session="ann-1")) == (404, NOTHING)


async def test_without_a_login_nobody_comes_so_far() -> None:
    diary = Diary()
    async with site(diary.demo) as client:
        ann, _ = await users(client)
        async with socket(ann, "ann-1") as page:
            await started(page, diary)
            nobody = Visitor(client, origin="http://testserver")
            assert (await refused(nobody, link(session="ann-1")))[0] == 401
            assert (await nobody.get(f"/app/queue/poll?__watch={EVENT}")).status == 401
            diary.gate.set()


@pytest.mark.parametrize("frame", ["submit", "cancel"])
async def test_who_watches_has_no_hand_in_it_by_any_endpoint(frame: str) -> None:
    diary = Diary()
    sent = {"type": frame, "event_id": EVENT, **({"fn_index": 0, "data": ["x", None]} if frame == "submit" else {})}
    async with site(diary.demo) as client:
        ann, _ = await users(client)
        async with socket(ann, "ann-1") as page:
            await started(page, diary)
            async with socket(ann, link()) as tab:
                assert (await tab.until("welcome"))["session_hash"] == ""
                tab.send(**sent)
                assert (await tab.until("refused"))["status"] == 403
            polled = await ann.post(f"/app/queue/poll?__watch={EVENT}", [sent])
            assert [each["status"] for each in polled.json] == [403]
            diary.gate.set()
            completed = await page.message("process_completed")
            assert completed["output"]["data"][0] == "wait"


async def test_watching_ends_with_the_login() -> None:
    diary = Diary()
    async with site(diary.demo) as client:
        ann, _ = await users(client)
        async with socket(ann, "ann-1") as page:
            await started(page, diary)
            async with socket(ann, link()) as tab:
                await tab.until("welcome")
                await ann.get("/app/logout")
                access_changed.send(None)
                assert (await tab.until("refused"))["status"] == 401
                await tab.until("closed")
            diary.gate.set()
