"""gr.LoginButton and gr.LogoutButton: to the site's login and back, with the visitor's name on them."""

from __future__ import annotations

from typing import Any

import pytest
from django.contrib import admin
from django.contrib.auth.models import User
from django.urls import path

import blocks_app as gr
from tests.auth_app.visitor import BROWSER, Visitor, site

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def ann(settings: Any) -> User:
    settings.SESSION_ENGINE = "django.contrib.sessions.backends.db"
    settings.LOGIN_URL = "admin:login"
    return User.objects.create_superuser("ann", password="secret")


def club(**options: Any) -> gr.Blocks:
    with gr.Blocks() as demo:
        gr.LoginButton("Come in", "Leave, {}")
        gr.LogoutButton()
    return demo.protect(**options) if options else demo


def browser(client: Any) -> Visitor:
    return Visitor(client, **{name.replace("-", "_"): value for name, value in BROWSER.items()})


async def shown(visitor: Visitor, query: str = "") -> tuple[str, str]:
    """Text and link of the login button, as the page gets them when it loads."""
    await visitor.get("/app/")
    (load,) = [
        each for each in (await visitor.get("/app/config")).json["dependencies"] if each["targets"][0][1] == "load"
    ]
    asked = {"fn_index": load["id"], "data": [], "session_hash": "tab"}
    (changes,) = (await visitor.post(f"/app/run/predict{query}", asked)).json["data"]
    return changes["value"], changes["link"]


async def test_it_leads_to_the_login_of_the_site_and_back(ann: User) -> None:
    async with site(club(), path("admin/", admin.site.urls)) as client:
        visitor = browser(client)
        text, link = await shown(visitor, "?__theme=dark")
        assert (text, link) == ("Come in", "/app/login?next=/app/%3F__theme%3Ddark")
        sent_on = await visitor.get(link)
        assert sent_on.headers["location"] == "/admin/login/?next=/app/%3F__theme%3Ddark"


async def test_whoever_is_logged_in_sees_their_name_and_logs_out(ann: User) -> None:
    async with site(club(auth="django"), path("admin/", admin.site.urls)) as client:
        visitor = browser(client)
        assert (await visitor.get("/app/")).headers["location"] == "/admin/login/?next=/app/"
        visitor.cookies["sessionid"] = await session_of(ann)
        assert await shown(visitor) == ("Leave, ann", "/app/logout")
        await visitor.post("/app/logout")
        assert (await visitor.get("/app/")).status == 302


async def test_a_link_from_elsewhere_goes_nowhere_else(ann: User) -> None:
    async with site(club(), path("admin/", admin.site.urls)) as client:
        answer = await browser(client).get("/app/login?next=https://example.org/")
        assert answer.headers["location"] == "/admin/login/?next=/app/"


async def test_an_open_app_without_a_login_page_says_how_it_gets_one(settings: Any) -> None:
    settings.LOGIN_URL = "/accounts/login/"
    async with site(club()) as client:
        answer = await browser(client).get("/app/login")
        assert answer.status == 404
        assert "LOGIN_URL" in answer.body.decode() and 'href="/app/"' in answer.body.decode()
        assert "LOGIN_URL" in (await Visitor(client).get("/app/login")).json["detail"]


async def session_of(user: User) -> str:
    from asgiref.sync import sync_to_async
    from django.test import Client

    client = Client()
    await sync_to_async(client.force_login)(user)
    return client.cookies["sessionid"].value


def test_the_logout_button_is_a_link_in_this_tab() -> None:
    props = gr.LogoutButton().props()
    assert props["name"] == "button"
    assert (props["link"], props["link_target"]) == ("logout", "_self")
