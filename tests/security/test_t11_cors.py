"""T11: no page of another site may read an answer, with or without a cookie; preflights are refused."""

from __future__ import annotations

import pytest

from tests.auth_app.visitor import Visitor, greeter, site
from tests.security.walk import ROUTES

ORIGINS = [
    "null", "http://evil.example", "http://sub.testserver", "http://testserver:8080", "https://testserver.evil.example",
    "http://testserver.", "http://localhost",
]  # fmt: skip
READABLE = ("access-control-allow-origin", "access-control-allow-credentials", "access-control-allow-methods")
PATHS = sorted({route.path for route in ROUTES if route.method != "WEBSOCKET"})


@pytest.mark.parametrize("origin", ORIGINS)
@pytest.mark.parametrize("logged_in", [False, True])
async def test_no_answer_allows_another_origin(origin: str, logged_in: bool) -> None:
    async with site(greeter(auth=("a", "b"))) as client:
        visitor = Visitor(client)
        if logged_in:
            await visitor.login("a", "b")
        visitor.headers["origin"] = origin
        for path in PATHS:
            if not path.removeprefix("gradio_api/").startswith(("queue/data", "heartbeat", "call/", "logout")):
                answer = await visitor.get(f"/app/{path}")
                assert not set(READABLE) & set(answer.headers), path


@pytest.mark.parametrize("origin", ["null", "http://evil.example"])
async def test_preflights_are_refused(origin: str) -> None:
    asked = {"access_control_request_method": "POST", "access_control_request_headers": "content-type"}
    async with site(greeter()) as client:
        for path in PATHS:
            answer = await Visitor(client, origin=origin).ask("OPTIONS", f"/app/{path}", **asked)
            assert answer.status in (403, 405), path
            assert not set(READABLE) & set(answer.headers), path
