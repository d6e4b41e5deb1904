"""T29: pages of the operator need a member of the staff; there are no others, and no address carries a token."""

from __future__ import annotations

from typing import Any

import pytest
from django.contrib.admin import site as admin
from django.contrib.auth.models import User
from django.test import AsyncClient
from django.urls import URLPattern, get_resolver

from tests.auth_app.visitor import Visitor, greeter
from tests.auth_app.visitor import site as app_site

pytestmark = pytest.mark.django_db(transaction=True)


def addresses() -> list[str]:
    """Every page of the admin that takes no argument, its models' lists and their forms included."""
    found = []
    for pattern in get_resolver().url_patterns:
        if getattr(pattern, "namespace", None) == "admin":
            for each in pattern.url_patterns:
                below = each.url_patterns if not isinstance(each, URLPattern) else [None]
                for inner in below:
                    route = str(each.pattern) + (str(inner.pattern) if inner is not None else "")
                    if "<" not in route and "(?P" not in route:
                        found.append("/admin/" + route)
    return [address for address in found if not address.endswith(("login/", "logout/"))]


async def test_strangers_and_users_are_sent_to_the_login() -> None:
    assert len(addresses()) > 5 and admin.is_registered(User)
    user = await User.objects.acreate_user("ann")
    stranger, known = AsyncClient(), AsyncClient()
    await known.aforce_login(user)
    for client in (stranger, known):
        for address in addresses():
            answer: Any = await client.get(address)
            assert answer.status_code in (301, 302, 403), address
            assert answer.status_code != 302 or "/login/" in answer["Location"], address


@pytest.mark.parametrize(
    "path", ["monitoring", "monitoring/x", "monitoring/summary", "metrics", "health", "gradio_api/monitoring"]
)
async def test_an_app_has_no_operators_page(path: str) -> None:
    async with app_site(greeter()) as client:
        assert (await Visitor(client).get(f"/app/{path}")).status == 404


def test_no_address_carries_a_token() -> None:
    routes = [str(pattern.pattern) for pattern in greeter().urls[0]]
    assert not [route for route in routes if any(word in route for word in ("<str:token", "<str:key", "secret"))]
