"""A site whose people log in at an OpenID provider by django-allauth. Runs as a program; prints what it saw.

python -m tests.auth_app.social_site DATABASE PROVIDER
"""

from __future__ import annotations

import asyncio
import html
import json
import re
import secrets
import sys
from collections.abc import AsyncIterator, Iterator
from typing import Any, Optional
from urllib.parse import urlsplit

import django
from django.conf import settings
from django.urls import include, path

from tests.auth_app.openid_provider import CLIENT, SECRET

if __name__ == "__main__":
    database, address = sys.argv[1:]
    provider = {
        "provider_id": "club", "name": "Club", "client_id": CLIENT, "secret": SECRET,
        "settings": {"server_url": address},
    }  # fmt: skip
    settings.configure(
        SECRET_KEY="social",
        ALLOWED_HOSTS=["testserver"],
        ROOT_URLCONF="tests.auth_app.social_site",
        INSTALLED_APPS=[
            "django.contrib.auth", "django.contrib.contenttypes", "django.contrib.sessions", "django.contrib.messages",
            "allauth", "allauth.account", "allauth.socialaccount", "allauth.socialaccount.providers.openid_connect",
            "auth_app", "blocks_app", "queue_app",
        ],
        MIDDLEWARE=[
            "django.contrib.sessions.middleware.SessionMiddleware",
            "django.middleware.csrf.CsrfViewMiddleware",
            "django.contrib.auth.middleware.AuthenticationMiddleware",
            "django.contrib.messages.middleware.MessageMiddleware",
            "allauth.account.middleware.AccountMiddleware",
        ],
        AUTHENTICATION_BACKENDS=["allauth.account.auth_backends.AuthenticationBackend"],
        DATABASES={"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": database}},
        TEMPLATES=[{
            "BACKEND": "django.template.backends.django.DjangoTemplates", "APP_DIRS": True,
            "OPTIONS": {"context_processors": ["django.template.context_processors.request"]},
        }],
        LOGIN_URL="account_login",
        ACCOUNT_EMAIL_VERIFICATION="none",
        ACCOUNT_RATE_LIMITS=False,
        SOCIALACCOUNT_STORE_TOKENS=True,
        SOCIALACCOUNT_PROVIDERS={"openid_connect": {"APPS": [provider]}},
        DEFAULT_AUTO_FIELD="django.db.models.BigAutoField",
        USE_TZ=True,
    )  # fmt: skip
    django.setup()

import httpx
from django.core.handlers.asgi import ASGIHandler
from django.core.management import call_command

import blocks_app as gr
from queue_app.transport.routing import BlocksASGI
from tests.auth_app.visitor import BROWSER, FORM, Visitor
from tests.wire.asgi_client import Answer, Client


def plain(profile: gr.OAuthProfile, token: gr.OAuthToken) -> str:
    """What each kind of function tells."""
    return f"{profile.name}, {profile.username}, {profile['email']}, {profile.picture}: {token.token}"


def perhaps(profile: Optional[gr.OAuthProfile], token: Optional[gr.OAuthToken]) -> str:  # noqa: UP045
    return plain(profile, token) if profile is not None and token is not None else "nobody"


async def waiting(profile: gr.OAuthProfile, token: gr.OAuthToken | None) -> str:
    assert token is not None
    return plain(profile, token)


def steps(profile: gr.OAuthProfile, token: gr.OAuthToken) -> Iterator[str]:
    yield plain(profile, token)


async def async_steps(profile: gr.OAuthProfile, token: gr.OAuthToken) -> AsyncIterator[str]:
    yield plain(profile, token)


def together(texts: list[str], profile: gr.OAuthProfile, token: gr.OAuthToken) -> list[list[str]]:
    return [[plain(profile, token) for _ in texts]]


KINDS = (plain, perhaps, waiting, steps, async_steps)

with gr.Blocks() as demo:
    gr.LoginButton("Come in", "Leave, {}")
    out = gr.Textbox()
    for kind in KINDS:
        gr.Button().click(kind, None, out, api_name=kind.__name__)
    gr.Button().click(together, gr.Textbox(), out, batch=True, api_name="together")

urlpatterns: list[Any] = [path("app/", demo.urls), path("accounts/", include("allauth.urls"))]


def browser() -> Visitor:
    """Somebody in front of the site."""
    return Visitor(
        Client(BlocksASGI(ASGIHandler())), **{name.replace("-", "_"): value for name, value in BROWSER.items()}
    )


async def button(visitor: Visitor) -> list[str]:
    """Text and link of the login button, as the page asks for them."""
    await visitor.get("/app/")
    listeners = (await visitor.get("/app/config")).json["dependencies"]
    (load,) = [each["id"] for each in listeners if each["targets"][0][1] == "load"]
    asked = {"fn_index": load, "data": [], "session_hash": secrets.token_hex(4)}
    (changes,) = (await visitor.post("/app/run/predict", asked)).json["data"]
    return [changes["value"], changes["link"]]


async def log_in(visitor: Visitor, name: str) -> str:
    """By the button, the site's page and the provider; gives where that ends."""
    place = (await button(visitor))[1]
    answer = await visitor.get(place)
    while answer.status == 302:
        place = answer.headers["location"]
        if place.startswith("/app/"):
            return place
        if urlsplit(place).netloc not in ("", "testserver"):  # the provider, where the person clicks
            place = httpx.get(f"{place}&login_hint={name}").headers["location"].removeprefix("http://testserver")
        answer = await visitor.get(place)
        if answer.status == 200:
            answer = await onward(visitor, answer)
    return f"{place}: {answer.status} {answer.body.decode()[:300]}"


async def onward(visitor: Visitor, page: Answer) -> Answer:
    """The click on the provider's link, or on the button that asks whether it was meant."""
    link = re.search(r'href="([^"]*/oidc/club/login/[^"]*)"', page.body.decode())
    if link is not None:
        page = await visitor.get(html.unescape(link[1]))
    token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', page.body.decode())
    assert link is not None and token is not None, page.body.decode()
    return await visitor.post(html.unescape(link[1]), f"csrfmiddlewaretoken={token[1]}".encode(), **FORM)


async def run(visitor: Visitor, name: str, *data: str) -> Any:
    answer = (await visitor.post(f"/app/run/{name}", {"data": list(data)})).json
    return answer["data"][0] if "data" in answer else answer["error"]


async def seen() -> dict[str, Any]:
    ann, bob = browser(), browser()
    before = {each.__name__: await run(ann, each.__name__) for each in (plain, perhaps, waiting)}
    came = [await log_in(ann, "ann"), await log_in(bob, "bob")]
    return {
        "before": before,
        "came": came,
        "button": await button(ann),
        **{each.__name__: await run(ann, each.__name__) for each in KINDS},
        "together": await asyncio.gather(*[run(who, "together", "x") for who in (ann, bob, ann, bob)]),
    }


if __name__ == "__main__":
    call_command("migrate", verbosity=0)
    print("SEEN", json.dumps(asyncio.run(seen())))
