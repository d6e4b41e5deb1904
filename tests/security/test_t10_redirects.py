"""T10: a login leads back into the app and nowhere else."""

from __future__ import annotations

from urllib.parse import quote

import pytest

from tests.auth_app.visitor import Visitor, greeter, site

EVIL = [
    "//e.example", "////e.example", "/\\e.example", "\\\\e.example", "https:e.example", "https://e.example/",
    "//e.example/app/", "/app/\r\nSet-Cookie: a=b", "/app/\n/", "/%2f%2fe.example", "%2f%2fe.example",
    "javascript:alert(1)", "data:text/html,x", "/other/", "/apple", "http:///e.example", "/app/\\..\\..\\e.example",
    "///e.example", " //e.example",
    "/app/\t//e.example", "http://testserver@e.example/", "",
]  # fmt: skip


@pytest.mark.parametrize("target", EVIL)
async def test_no_target_leads_elsewhere(target: str) -> None:
    async with site(greeter(auth=("a", "b"))) as client:
        browser = Visitor(client, accept="text/html", origin="http://testserver")
        page = await browser.get(f"/app/login?next={quote(target)}")
        assert b'name="next" value="/app/"' in page.body
        answer = await browser.login("a", "b", next=target)
        assert (answer.status, answer.headers["location"]) == (303, "/app/")
        again = await browser.get(f"/app/login?next={quote(target)}")
        assert (again.status, again.headers["location"]) == (302, "/app/")


async def test_a_place_in_the_app_is_kept() -> None:
    async with site(greeter(auth=("a", "b"))) as client:
        browser = Visitor(client, accept="text/html", origin="http://testserver")
        page = await browser.get("/app/?view=1&x=%2F%2Fe.example")
        assert b'name="next" value="/app/?view=1&amp;x=%2F%2Fe.example"' in page.body
        answer = await browser.login("a", "b", next="/app/?view=1")
        assert answer.headers["location"] == "/app/?view=1"


@pytest.mark.parametrize("query", ["next=//e.example", "redirect=//e.example", "return=https://e.example", "to=//e"])
async def test_logout_leads_to_the_app_whatever_is_asked(query: str) -> None:
    async with site(greeter(auth=("a", "b"))) as client:
        answer = await Visitor(client).get(f"/app/logout?{query}")
    assert (answer.status, answer.headers["location"]) == (302, "/app/")
