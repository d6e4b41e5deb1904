"""While something is away: what the errors of the surroundings are called, and how rarely it is asked."""

from __future__ import annotations

import errno
from types import ModuleType
from typing import Any, NoReturn

import pytest
from django.conf import settings
from django.core.cache.backends.locmem import LocMemCache
from django.core.handlers.asgi import ASGIHandler
from django.db import DatabaseError, IntegrityError, OperationalError
from django.http import HttpResponse, HttpResponseRedirect
from django.test import override_settings
from django.urls import path

import blocks_app as gr
from auth_app.identity import ANONYMOUS
from auth_app.visitors import reaching
from blocks_app.outages import CACHE, DATABASE, Unavailable, as_unavailable, classify_outage
from queue_app.access import throttling
from queue_app.testing import PageUser
from queue_app.transport.outages import bound_caches
from queue_app.transport.routing import BlocksASGI
from tests.wire.asgi_client import Client


@pytest.mark.parametrize(
    ("error", "status"),
    [
        (OperationalError("could not connect to host db.internal"), 503),
        (DatabaseError("gone"), 503),
        (ConnectionRefusedError(), 503),
        (TimeoutError(), 503),
        (OSError(errno.ENOSPC, "No space left on device", "/secret"), 507),
        (OSError(errno.EROFS, "Read-only file system", "/secret"), 503),
        (IntegrityError("twice"), None),
        (KeyError("mistake"), None),
        (ValueError("mistake"), None),
    ],
)
def test_what_is_an_outage(error: Exception, status: int | None) -> None:
    found = classify_outage(error)
    assert (found.status if found is not None else None) == status
    assert found is None or not any(word in found.detail for word in ("secret", "internal", "gone"))


def test_a_cause_is_found_behind_what_was_made_of_it() -> None:
    with pytest.raises(Unavailable, match="database does not answer") as raised, as_unavailable():
        raise RuntimeError("deep") from OperationalError("locked")
    assert classify_outage(raised.value) == (503, DATABASE)


class Away:
    """A cache that refuses, and counts how often it is asked."""

    asked = 0

    def __call__(self, *args: Any, **options: Any) -> NoReturn:
        self.asked += 1
        raise ConnectionRefusedError(111, "Connection refused")


@override_settings(BLOCKS_STATE_CACHE="default")
def test_a_cache_that_is_away_is_asked_once_and_not_for_each_event(monkeypatch: pytest.MonkeyPatch) -> None:
    with gr.Blocks() as demo:
        kept, text = gr.State(0), gr.Textbox()
        count = gr.Button("Count")
        count.click(lambda number: (number + 1, str(number + 1)), kept, [kept, text])
        text.submit(lambda value: f"<{value}>", text, text)
    away = Away()
    with PageUser(demo, show_error=False) as page:
        page.click(count)
        with monkeypatch.context() as patch:
            patch.setattr(LocMemCache, "get_many", away)
            patch.setattr(LocMemCache, "set_many", away)
            for _ in range(20):
                page.submit(text)
            assert away.asked < 10
            page.click(count)
            assert "the site's cache does not answer" in page.errors[0]
        assert page.value(text) == "<" * 20 + "1" + ">" * 20


@override_settings(BLOCKS_RATE_LIMIT="3/m")
async def test_rates_hold_while_their_cache_is_away(monkeypatch: pytest.MonkeyPatch) -> None:
    away = Away()
    monkeypatch.setattr(LocMemCache, "add", away)
    monkeypatch.setattr(throttling, "away_until", 0.0)
    scope = {"client": ("10.0.0.77", 1), "headers": []}
    for _ in range(3):
        await throttling.spend(ANONYMOUS, scope)
    with pytest.raises(throttling.TooMany):
        await throttling.spend(ANONYMOUS, scope)
    assert away.asked == 1


@override_settings(
    BLOCKS_CACHE_TIMEOUT=2,
    CACHES={
        "default": {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": "redis://x"},
        "own": {
            "BACKEND": "django.core.cache.backends.redis.RedisCache",
            "LOCATION": "redis://x",
            "OPTIONS": {"socket_timeout": 9},
        },
        "here": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"},
    },
)
def test_a_cache_gets_an_end_of_its_patience_where_the_site_gives_none() -> None:
    from django.core.cache import caches

    bound_caches()
    assert caches.settings["default"]["OPTIONS"] == {"socket_timeout": 2, "socket_connect_timeout": 2}
    assert caches.settings["own"]["OPTIONS"] == {"socket_timeout": 9, "socket_connect_timeout": 2}
    assert "OPTIONS" not in caches.settings["here"]
    assert CACHE.endswith(".")


@pytest.mark.parametrize(("away", "status"), [(True, 503), (False, 302)])
async def test_nobody_loses_a_session_because_its_cache_is_away(
    away: bool, status: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    def private(request: Any) -> HttpResponse:
        return HttpResponse("in") if request.session.get("in") else HttpResponseRedirect("/login/")

    urlconf = ModuleType("urlconf")
    urlconf.urlpatterns = [path("private/", private)]  # type: ignore[attr-defined]
    monkeypatch.setattr(reaching, "failed", None)  # what has just failed is not asked again for a moment
    if away:
        monkeypatch.setattr(LocMemCache, "get", Away())
    middleware = ["django.contrib.sessions.middleware.SessionMiddleware"]
    with override_settings(
        ROOT_URLCONF=urlconf, MIDDLEWARE=middleware, SESSION_ENGINE="django.contrib.sessions.backends.cache"
    ):
        client = Client(BlocksASGI(ASGIHandler()))
        answer = await client.get("/private/", {"cookie": f"{settings.SESSION_COOKIE_NAME}={'a' * 32}"})
    assert (answer.status, bool(answer.cookies)) == (status, not away)
    assert not away or "cache does not answer" in answer.json["detail"]
