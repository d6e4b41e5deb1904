"""A project with django-axes and django-allauth, as their manuals set it up. Runs as a program; prints what it saw.

python -m tests.auth_app.packages_site axes|allauth DATABASE
"""

from __future__ import annotations

import asyncio
import json
import sys
from typing import Any

import django
from django.conf import settings
from django.urls import include, path

LOGIN_URL = {"axes": "/accounts/login/", "allauth": "account_login"}

if __name__ == "__main__":
    package, database = sys.argv[1:]
    middleware = [
        "django.contrib.sessions.middleware.SessionMiddleware",
        "django.middleware.common.CommonMiddleware",
        "django.middleware.csrf.CsrfViewMiddleware",
        "django.contrib.auth.middleware.AuthenticationMiddleware",
        "django.contrib.messages.middleware.MessageMiddleware",
    ]
    processors = [
        f"django.{each}" for each in ("template.context_processors.request", "contrib.auth.context_processors.auth")
    ]
    settings.configure(
        SECRET_KEY="packages",
        ALLOWED_HOSTS=["testserver"],
        ROOT_URLCONF="tests.auth_app.packages_site",
        INSTALLED_APPS=[
            "django.contrib.auth", "django.contrib.contenttypes", "django.contrib.sessions", "django.contrib.messages",
            *(["axes"] if package == "axes" else ["allauth", "allauth.account", "allauth.socialaccount"]),
            "auth_app", "blocks_app", "queue_app",
        ],
        MIDDLEWARE=[
            *middleware,
            "axes.middleware.AxesMiddleware" if package == "axes" else "allauth.account.middleware.AccountMiddleware",
        ],
        AUTHENTICATION_BACKENDS=[
            *(["axes.backends.AxesStandaloneBackend"] if package == "axes" else []),
            "django.contrib.auth.backends.ModelBackend",
        ],
        DATABASES={"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": database}},
        TEMPLATES=[{
            "BACKEND": "django.template.backends.django.DjangoTemplates", "APP_DIRS": True,
            "OPTIONS": {"context_processors": processors},
        }],
        LOGIN_URL=LOGIN_URL[package],
        DEFAULT_AUTO_FIELD="django.db.models.BigAutoField",
        AXES_FAILURE_LIMIT=3,
        ACCOUNT_EMAIL_VERIFICATION="none",
        ACCOUNT_RATE_LIMITS=False,
        USE_TZ=True,
    )  # fmt: skip
    django.setup()

from asgiref.sync import sync_to_async  # noqa: E402
from django.contrib.auth.models import User  # noqa: E402
from django.core.handlers.asgi import ASGIHandler  # noqa: E402
from django.core.management import call_command  # noqa: E402
from django.test import AsyncClient  # noqa: E402
from django.utils import timezone  # noqa: E402

import blocks_app as gr  # noqa: E402
from queue_app.transport.routing import BlocksASGI  # noqa: E402
from tests.auth_app.visitor import Visitor, greeter  # noqa: E402
from tests.wire.asgi_client import Client  # noqa: E402


def profile_of(profile: gr.OAuthProfile | None, token: gr.OAuthToken | None) -> list[Any]:
    """What a function gets of a visitor's social login."""
    return [profile and [profile.name, profile.username, profile.picture], token and [token.token, repr(token)]]


async def token_of(token: gr.OAuthToken) -> str:
    """The same where there must be one, in an async function."""
    return token.token


demo = greeter(auth="django")
with demo:
    out = gr.JSON()
    gr.Button("Profile").click(profile_of, None, out, queue=False, api_name="profile")
    gr.Button("Token").click(token_of, None, gr.Textbox(), queue=False, api_name="token")
urlpatterns: list[Any] = [path("app/", demo.urls)]
if settings.LOGIN_URL == "account_login":
    urlpatterns.append(path("accounts/", include("allauth.urls")))


def visitor() -> Visitor:
    """Somebody in front of the site."""
    return Visitor(Client(BlocksASGI(ASGIHandler())), origin="http://testserver")


async def axes() -> dict[str, Any]:
    """A login, three wrong passwords, then the right one."""
    before = (await visitor().login("bob", "secret")).status
    return {
        "before": before,
        "wrong": [(await visitor().login("ann", "wrong")).status for _ in range(3)],
        "locked": (await visitor().login("ann", "secret")).status,
    }


def link(username: str) -> None:
    """What allauth keeps after a social login."""
    from allauth.socialaccount.models import SocialAccount, SocialToken

    told = {"name": "Ann Lee", "login": "annlee", "avatar_url": "https://example.org/ann.png"}
    user = User.objects.get(username=username)
    account = SocialAccount.objects.create(user=user, provider="github", uid="7", extra_data=told)
    SocialToken.objects.create(account=account, token="old", expires_at=timezone.now())
    SocialToken.objects.create(account=account, token="s3cret")


async def allauth() -> dict[str, Any]:
    """allauth's page logs in; the app's sockets know; its logout closes the app."""
    ann = visitor()
    page = await ann.get("/app/")
    refused = (await ann.login("ann", "secret")).status
    browser: Any = AsyncClient()
    entered = await browser.post("/accounts/login/?next=/app/", {"login": "ann", "password": "secret"})
    ann.cookies = {"sessionid": browser.cookies["sessionid"].value}
    inside = await ann.post("/app/run/direct", {"data": ["hi"]})
    without = [(await ann.post(f"/app/run/{name}", {"data": []})).json for name in ("profile", "token")]
    await sync_to_async(link)("ann")
    linked = [(await ann.post(f"/app/run/{name}", {"data": []})).json["data"][0] for name in ("profile", "token")]
    await browser.post("/accounts/logout/")
    return {
        "page": [page.status, page.headers["location"]],
        "refused": refused,
        "entered": [entered.status_code, entered["Location"]],
        "inside": inside.json["data"],
        "without": [without[0]["data"][0], without[1]["error"]],
        "linked": linked,
        "after": (await ann.get("/app/config")).status,
    }


if __name__ == "__main__":
    call_command("migrate", verbosity=0)
    for name in ("ann", "bob"):
        User.objects.create_user(name, password="secret")
    print("SEEN", json.dumps(asyncio.run({"axes": axes, "allauth": allauth}[package]())))
