"""What an app and its listeners may require."""

from __future__ import annotations

from typing import Any

import pytest

import blocks_app as gr
from auth_app.exceptions import PolicyError
from auth_app.identity import ANONYMOUS, Identity, NamedUser, named
from auth_app.policies.permissions import allows, check
from tests.auth_app.socket import socket
from tests.auth_app.visitor import Visitor, site


class Someone(NamedUser):
    """A user with permissions."""

    def has_perms(self, perm_list: Any, obj: Any = None) -> bool:
        return set(perm_list) <= {"a.one", "a.two"}


ANN = Identity("user:1", "ann", Someone("ann"))


@pytest.mark.parametrize(
    ("requirement", "fulfilled"),
    [
        (None, True),
        ("a.one", True),
        (["a.one", "a.two"], True),
        (["a.one", "a.three"], False),
        (lambda user: user.username == "ann", True),
        (lambda user: "ann", False),
        (lambda user: 1, False),
    ],
)
async def test_requirements(requirement: Any, fulfilled: bool) -> None:
    assert await allows(requirement, ANN) is fulfilled
    assert await allows(requirement, ANONYMOUS) is (requirement is None)


async def test_a_name_of_an_app_has_no_permission_of_the_site() -> None:
    assert not await allows("a.one", named("ann"))
    assert await allows(lambda user: user.username == "ann", named("ann"))


@pytest.mark.parametrize("wrong", ["", [], [1], 7, {"a.one"}])
def test_what_is_no_requirement(wrong: Any) -> None:
    with pytest.raises(PolicyError, match="permission must be"):
        check(wrong)
    with gr.Blocks(), pytest.raises(ValueError, match="permission must be"):
        gr.Button().click(lambda: None, permission=wrong)


def guestbook() -> gr.Blocks:
    with gr.Blocks() as demo:
        text, out = gr.Textbox(), gr.Textbox()
        read, erase = gr.Button(), gr.Button()
        read.click(lambda t: t, text, out, api_name="read")
        erase.click(lambda t: "gone", text, out, api_name="erase", permission=lambda user: user.username == "bob")
    return demo


async def test_a_listener_asks_more_than_its_app() -> None:
    async with site(guestbook().protect(auth=[("ann", "a"), ("bob", "b")])) as client:
        answers = []
        for name, password in (("ann", "a"), ("bob", "b")):
            visitor = Visitor(client, origin="http://testserver")
            await visitor.login(name, password)
            answers += [(await visitor.post(f"/app/run/{each}", {"data": ["x"]})).status for each in ("read", "erase")]
            config = (await visitor.get("/app/config")).body
            assert b'"permission"' not in config and b"lambda" not in config
    assert answers == [200, 403, 200, 200]


async def test_in_an_open_app_it_asks_for_a_login() -> None:
    async with site(guestbook()) as client:
        visitor = Visitor(client, origin="http://testserver")
        refused = await visitor.post("/app/run/erase", {"data": ["x"]})
        assert (refused.status, refused.json) == (401, {"detail": "Not authenticated"})
        async with socket(visitor) as page:
            page.submit(1, "x")
            assert (await page.until("refused"))["status"] == 401
            page.submit(0, "x")
            await page.message("process_completed")
