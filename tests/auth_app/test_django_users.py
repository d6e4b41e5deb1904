"""`auth="django"`: the site's own users, its login page, its permissions."""

from __future__ import annotations

from typing import Any

import pytest
from django.contrib import admin
from django.contrib.auth.models import Permission, User
from django.urls import path

from tests.auth_app.visitor import BROWSER, Visitor, greeter, site

pytestmark = pytest.mark.django_db(transaction=True)

OUR_LOGIN = {"LOGIN_URL": "/accounts/login/"}


@pytest.fixture(autouse=True)
def ann(settings: Any) -> User:
    settings.SESSION_ENGINE = "django.contrib.sessions.backends.db"
    settings.LOGIN_URL = "/accounts/login/"  # as Django leaves it; the site of these tests has nothing there
    return User.objects.create_user("ann", password="secret")


def browser(client: Any) -> Visitor:
    return Visitor(client, **{name.replace("-", "_"): value for name, value in BROWSER.items()})


async def test_users_log_in_on_our_page_and_are_known_everywhere(ann: User) -> None:
    async with site(greeter(auth="django", auth_message="Staff only")) as client:
        page = await browser(client).get("/app/")
        assert page.status == 200 and b"Staff only" in page.body
        visitor = browser(client)
        assert (await visitor.login("ann", "wrong")).status == 400
        assert (await visitor.login("ann", "secret")).status == 303
        assert (await visitor.get("/app/config")).json["username"] == "ann"
        called = await visitor.post("/app/run/direct", {"data": ["hi"]})
        assert called.json["data"] == ["hi: ann, ann"]


async def test_a_programs_login_works_without_a_token(ann: User) -> None:
    async with site(greeter(auth="django")) as client:
        program = Visitor(client, user_agent="gradio_client/2.7.2")
        assert (await program.login("ann", "secret")).json == {"success": True}
        assert (await program.post("/app/run/direct", {"data": ["hi"]})).status == 200


async def test_the_projects_own_login_page_is_used(settings: Any) -> None:
    settings.LOGIN_URL = "admin:login"
    async with site(greeter(auth="django"), path("admin/", admin.site.urls)) as client:
        answer = await browser(client).get("/app/?view=1")
        assert (answer.status, answer.headers["location"]) == (302, "/admin/login/?next=/app/%3Fview%3D1")
        # It may ask for a second factor, so a password alone opens nothing here, unless the project says so.
        assert (await browser(client).login("ann", "secret")).status == 404
        settings.BLOCKS_PASSWORD_LOGIN = True
        assert (await Visitor(client).login("ann", "secret")).status == 200


async def test_the_projects_backends_decide(settings: Any) -> None:
    settings.AUTHENTICATION_BACKENDS = ["tests.auth_app.test_django_users.Locked"]
    async with site(greeter(auth="django")) as client:
        assert (await Visitor(client).login("ann", "secret")).status == 400


class Locked:
    """What a package such as axes does: it refuses whatever the password."""

    def authenticate(self, request: Any, **credentials: Any) -> None:
        from django.core.exceptions import PermissionDenied

        assert request is not None and credentials["username"] == "ann"
        raise PermissionDenied


async def async_test(user: Any) -> bool:
    return user.email.endswith("@site.example")  # type: ignore[no-any-return]


async def trap(user: Any) -> Any:
    return async_test(user)


@pytest.mark.parametrize("permission", ["auth.view_user", ["auth.view_user"], async_test, trap, lambda u: trap(u)])
async def test_a_permission_or_a_test_decides(permission: Any, ann: User) -> None:
    async with site(greeter(auth="django", permission=permission)) as client:
        visitor = browser(client)
        await visitor.login("ann", "secret")
        page = await visitor.get("/app/")
        assert page.status == 403 and b"may not use this app" in page.body and b"Log out" in page.body
        assert (await visitor.get("/app/config")).status == 403
        assert (await visitor.post("/app/run/direct", {"data": ["hi"]})).status == 403
        await ann.user_permissions.aadd(await Permission.objects.aget(codename="view_user"))
        ann.email = "ann@site.example"
        await ann.asave()
        assert (await visitor.get("/app/config")).status == 200
        assert (await visitor.post("/app/logout")).status == 303


async def test_who_may_not_use_the_app_can_still_log_out() -> None:
    async with site(greeter(permission=lambda user: False)) as client:
        visitor = browser(client)
        await visitor.login("ann", "secret")
        assert (await visitor.post("/app/logout")).status == 303
        assert (await visitor.get("/app/config")).status == 401


async def test_the_session_key_changes_at_login_and_dies_at_logout(ann: User) -> None:
    async with site(greeter(auth="django")) as client:
        visitor = browser(client)
        await visitor.login("ann", "secret")
        first = visitor.cookies["sessionid"]
        await visitor.login("ann", "secret")
        assert visitor.cookies["sessionid"] != first
        old = dict(visitor.cookies)
        await visitor.get("/app/logout")
        visitor.cookies = old
        assert (await visitor.get("/app/config")).status == 401


async def test_djangos_login_middleware_closes_the_hot_endpoints_too(settings: Any) -> None:
    del settings.BLOCKS_LOGIN_REQUIRED
    settings.MIDDLEWARE = [*settings.MIDDLEWARE, "django.contrib.auth.middleware.LoginRequiredMiddleware"]
    async with site(greeter()) as client:
        assert (await Visitor(client).get("/app/gradio_api/config")).status == 401
        assert (await Visitor(client).post("/app/run/direct", {"data": ["hi"]})).status == 401
        assert b"<form" in (await browser(client).get("/app/")).body
