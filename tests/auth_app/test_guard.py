"""Who is asking: Django's users, functions, and nobody."""

from __future__ import annotations

from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client, RequestFactory

from auth_app.exceptions import ForeignOrigin, PolicyError
from auth_app.guarding.guard import Guard
from auth_app.identity import ANONYMOUS
from auth_app.policies.dependency import DependencyPolicy
from auth_app.policies.policy import DjangoUsers
from auth_app.visitors import known


@pytest.fixture(autouse=True)
def fresh() -> None:
    known.forget_all()


@pytest.fixture
def ann(transactional_db: None) -> User:
    return User.objects.create_user("ann", password="secret")


@pytest.fixture
def client(ann: User) -> Client:
    client = Client()
    client.force_login(ann)
    return client


def request(client: Client, method: str = "get", **headers: str) -> Any:
    made = getattr(RequestFactory(), method)("/", headers=headers)
    made.COOKIES = {name: morsel.value for name, morsel in client.cookies.items()}
    return made


async def test_a_logged_in_user_is_known(client: Client, ann: User) -> None:
    identity = await Guard()(request(client))
    assert identity is not None and (identity.key, identity.username, identity.user) == (f"user:{ann.pk}", "ann", ann)


async def test_the_answer_is_remembered(client: Client) -> None:
    first = await Guard()(request(client))
    assert await Guard()(request(client)) is first


async def test_logout_is_seen_at_once(client: Client) -> None:
    old = request(client)
    await Guard()(old)
    await client.alogout()
    assert await Guard(DjangoUsers())(old) is None


async def test_a_disabled_user_is_refused_at_once(client: Client, ann: User) -> None:
    guard = Guard(DjangoUsers())
    assert await guard(request(client)) is not None
    ann.is_active = False
    await ann.asave()
    assert await guard(request(client)) is None


async def test_the_setting_closes_every_app(settings: Any) -> None:
    assert await Guard()(RequestFactory().get("/")) == ANONYMOUS
    settings.BLOCKS_LOGIN_REQUIRED = True
    assert await Guard()(RequestFactory().get("/")) is None


async def test_a_login_cookie_alone_changes_nothing(client: Client) -> None:
    with pytest.raises(ForeignOrigin, match="login cookie"):
        await Guard()(request(client, "post"))
    assert await Guard()(request(client, "post", Origin="http://testserver")) is not None


async def test_a_login_cookie_with_the_token_is_served(client: Client) -> None:
    post = request(client, "post", **{"X-CSRFToken": "a" * 32})
    post.COOKIES["csrftoken"] = "a" * 32
    identity = await Guard()(post)
    assert identity is not None and identity.username == "ann"


async def later(request: Any) -> str | None:
    return request.headers.get("X-Name")


@pytest.mark.parametrize("function", [lambda request: request.headers.get("X-Name"), later])
async def test_a_function_decides(function: Any) -> None:
    guard = Guard(DependencyPolicy(function))
    named = await guard(RequestFactory().get("/", headers={"X-Name": "bob"}))
    assert named is not None and (named.key, named.username) == ("name:bob", "bob")
    assert await guard(RequestFactory().get("/")) is None


async def test_a_functions_odd_answer_opens_nothing() -> None:
    async def truthy(request: Any) -> Any:
        return later(request)

    odd: Any = lambda request: (truthy, 1)  # noqa: E731
    assert await Guard(DependencyPolicy(odd))(RequestFactory().get("/")) is None


def test_a_dependency_must_be_callable() -> None:
    wrong: Any = "ann"
    with pytest.raises(PolicyError, match="function"):
        DependencyPolicy(wrong)
