"""Another site's page may not act for a visitor; programs may."""

from __future__ import annotations

from typing import Any

import pytest

from auth_app.connection import as_request
from auth_app.exceptions import ForeignHost, ForeignOrigin
from auth_app.guarding.guard import Guard
from auth_app.identity import ANONYMOUS


def scope(method: str = "POST", *, kind: str = "http", **headers: str) -> dict[str, Any]:
    pairs = {"host": "app.example:8000", **{name.lower().replace("_", "-"): value for name, value in headers.items()}}
    return {
        "type": kind,
        "method": method,
        "path": "/queue/join",
        "scheme": "http",
        "headers": [(name.lower().encode(), value.encode()) for name, value in pairs.items()],
    }


@pytest.fixture(autouse=True)
def hosts(settings: Any) -> None:
    settings.ALLOWED_HOSTS = ["app.example"]


async def test_a_program_without_cookie_and_origin_is_served() -> None:
    assert await Guard()(scope()) == ANONYMOUS


@pytest.mark.parametrize("origin", ["http://app.example:8000", "https://app.example:8000", "HTTP://APP.EXAMPLE:8000"])
async def test_the_own_page_is_served(origin: str) -> None:
    assert await Guard()(scope(origin=origin)) == ANONYMOUS


@pytest.mark.parametrize(
    "origin",
    ["null", "http://evil.example", "http://app.example", "http://app.example:8001", "http://x.app.example:8000", "x"],
)
@pytest.mark.parametrize("kind", ["http", "websocket"])
async def test_another_sites_page_is_refused(origin: str, kind: str) -> None:
    with pytest.raises(ForeignOrigin):
        await Guard()(scope(origin=origin, kind=kind))


@pytest.mark.parametrize("site", ["cross-site", "same-site", "nonsense"])
async def test_the_browsers_word_is_enough_to_refuse(site: str) -> None:
    with pytest.raises(ForeignOrigin):
        await Guard()(scope(sec_fetch_site=site))


async def test_a_trusted_origin_is_served(settings: Any) -> None:
    settings.CSRF_TRUSTED_ORIGINS = ["https://*.friend.example"]
    assert await Guard()(scope(origin="https://a.friend.example", sec_fetch_site="cross-site")) == ANONYMOUS
    with pytest.raises(ForeignOrigin):
        await Guard()(scope(origin="https://friend.example.evil"))


async def test_reading_is_free_for_links_from_elsewhere() -> None:
    assert await Guard()(scope("GET", origin="http://evil.example", sec_fetch_site="cross-site")) == ANONYMOUS


async def test_a_websocket_opens_with_get_and_is_still_checked() -> None:
    with pytest.raises(ForeignOrigin):
        await Guard()({**scope("GET", origin="http://evil.example"), "type": "websocket"})


async def test_a_host_that_the_site_does_not_serve_is_refused() -> None:
    for name in ("evil.example", "app.example.evil.example", ""):
        with pytest.raises(ForeignHost):
            await Guard()({**scope(), "headers": [(b"host", name.encode())]})
    with pytest.raises(ForeignHost):
        await Guard()(scope(host="evil.example", X_Forwarded_Host="app.example"))


def test_a_scope_becomes_a_request() -> None:
    request = as_request({**scope(cookie="a=b"), "type": "websocket"})
    assert request.COOKIES == {"a": "b"} and request.get_host() == "app.example:8000"
