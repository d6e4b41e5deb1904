"""Pages of other sites, at the hot endpoints, with the guard that a site really has."""

from __future__ import annotations

import pytest

from tests.wire.asgi_client import Client
from tests.wire.conftest import App

BODIES = {
    "queue/join": {"data": ["x"], "fn_index": 0, "session_hash": "s1"},
    "call/echo": {"data": ["x"]},
    "run/echo": {"data": ["x"]},
    "cancel": {"session_hash": "s1", "event_id": "e", "fn_index": 0},
    "reset": {"event_id": "e"},
}
FOREIGN = ["https://evil.example", "null", "http://sub.testserver", "http://testserver:8080"]


@pytest.mark.parametrize("origin", FOREIGN)
@pytest.mark.parametrize("route", BODIES)
async def test_a_foreign_page_changes_nothing(app: App, client: Client, route: str, origin: str) -> None:
    answer = await client.post(f"/app/{route}", BODIES[route], {"origin": origin})
    assert answer.status == 403
    assert not [name for name in answer.headers if name.startswith("access-control")]


@pytest.mark.parametrize("origin", FOREIGN)
@pytest.mark.parametrize("route", ["queue/data?session_hash=s1", "queue/status", "app_id"])
async def test_a_foreign_page_reads_nothing(app: App, client: Client, route: str, origin: str) -> None:
    answer = await client.get(f"/app/{route}", {"origin": origin})
    assert not [name for name in answer.headers if name.startswith("access-control")]


@pytest.mark.parametrize("headers", [{}, {"origin": "http://testserver"}, {"sec-fetch-site": "same-origin"}])
@pytest.mark.parametrize("route", BODIES)
async def test_programs_and_our_own_page_are_served(
    app: App, client: Client, route: str, headers: dict[str, str]
) -> None:
    assert (await client.post(f"/app/{route}", BODIES[route], headers)).status == 200
