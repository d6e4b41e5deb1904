"""T32: passwords cannot be tried without end, neither for one name nor from one address."""

from __future__ import annotations

from typing import Any

import pytest

from auth_app.checks import check_attempts, check_cookies
from tests.auth_app.visitor import Visitor, greeter, site

pytestmark = pytest.mark.django_db(transaction=True)
FEW = {"name": (3, 600), "address": (5, 600)}


@pytest.fixture(autouse=True)
def few(settings: Any) -> None:
    settings.BLOCKS_LOGIN_ATTEMPTS = FEW


@pytest.mark.parametrize("auth", [("ann", "secret"), "django"])
async def test_one_name(auth: Any, settings: Any) -> None:
    settings.LOGIN_URL = "/accounts/login/"
    async with site(greeter(auth=auth)) as client:
        tries = [(await Visitor(client).login(name, "x")).status for name in ("ann", "ANN ", " ann")]
        assert tries == [400] * 3
        refused = await Visitor(client).login("ann", "secret")
        assert refused.status == 429 and 0 < int(refused.headers["retry-after"]) <= 600
        assert "Too many attempts" in refused.json["detail"]
        page = await Visitor(client, accept="text/html").login("ann", "secret")
        assert page.status == 429 and b"Too many attempts" in page.body and "retry-after" in page.headers


async def test_one_address_whatever_the_names(settings: Any) -> None:
    async with site(greeter(auth=("ann", "secret"))) as client:
        tries = [(await Visitor(client).login(f"n{number}", "x")).status for number in range(6)]
        assert tries == [400] * 5 + [429]
        spoofed = await Visitor(client).login(
            "ann", "secret", sent={"x_forwarded_for": "9.9.9.9", "x_real_ip": "9.9.9.9"}
        )
        assert spoofed.status == 429
        settings.BLOCKS_ADDRESS_HEADER = "X-Real-IP"  # the operator's own proxy writes it
        elsewhere = await Visitor(client).login("ann", "secret", sent={"x_real_ip": "9.9.9.9"})
        assert elsewhere.status == 200


async def test_a_login_starts_the_name_anew_and_blames_no_address() -> None:
    async with site(greeter(auth=("ann", "secret"))) as client:
        for _ in range(4):
            assert (await Visitor(client).login("ann", "x")).status == 400 if _ < 1 else True
            assert (await Visitor(client).login("ann", "secret")).status == 200


async def test_many_at_once_do_not_slip_through() -> None:
    import asyncio

    asked: list[str] = []

    async def slow(name: str, password: str) -> bool:
        asked.append(password)
        await asyncio.sleep(0.05)
        return False

    async with site(greeter(auth=slow)) as client:
        answers = await asyncio.gather(*(Visitor(client).login("ann", str(number)) for number in range(20)))
    assert len(asked) == 3 and sorted(answer.status for answer in answers) == [400] * 3 + [429] * 17


async def test_the_window_ends(monkeypatch: pytest.MonkeyPatch) -> None:
    now = [1_000_000.0]
    monkeypatch.setattr("auth_app.guarding.limits.time.time", lambda: now[0])
    async with site(greeter(auth=("ann", "secret"))) as client:
        for _ in range(4):
            refused = await Visitor(client).login("ann", "x")
        assert refused.status == 429
        now[0] += int(refused.headers["retry-after"])
        assert (await Visitor(client).login("ann", "x")).status == 400


def test_the_deployment_check_warns(settings: Any) -> None:
    local, dummy = (f"django.core.cache.backends.{name}" for name in ("locmem.LocMemCache", "dummy.DummyCache"))
    settings.CACHES = {"default": {"BACKEND": local}, "none": {"BACKEND": dummy}}
    assert [each.id for each in check_attempts()] == ["blocks.W011"]
    settings.BLOCKS_AUTH_CACHE = "none"
    settings.BLOCKS_LOGIN_ATTEMPTS = {"name": (10**6, 60)}
    assert [each.id for each in check_attempts()] == ["blocks.W010", "blocks.W012"]
    settings.SESSION_COOKIE_SAMESITE = "None"
    assert [each.id for each in check_cookies()] == ["blocks.W013"]
