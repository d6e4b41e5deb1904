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
            *(["axes"] if package == "axes" else ["allauth", "allauth.account"]),
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

from django.contrib.auth.models import User  # noqa: E402
from django.core.handlers.asgi import ASGIHandler  # noqa: E402
from django.core.management import call_command  # noqa: E402
from django.test import AsyncClient  # noqa: E402

from queue_app.transport.routing import BlocksASGI  # noqa: E402
from tests.auth_app.visitor import Visitor, greeter  # noqa: E402
from tests.wire.asgi_client import Client  # noqa: E402

demo = greeter(auth="django")
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


async def allauth() -> dict[str, Any]:
    """allauth's page logs in; the app's sockets know; its logout closes the app."""
    ann = visitor()
    page = await ann.get("/app/")
    refused = (await ann.login("ann", "secret")).status
    browser: Any = AsyncClient()
    entered = await browser.post("/accounts/login/?next=/app/", {"login": "ann", "password": "secret"})
    ann.cookies = {"sessionid": browser.cookies["sessionid"].value}
    inside = await ann.post("/app/run/direct", {"data": ["hi"]})
    await browser.post("/accounts/logout/")
    return {
        "page": [page.status, page.headers["location"]],
        "refused": refused,
        "entered": [entered.status_code, entered["Location"]],
        "inside": inside.json["data"],
        "after": (await ann.get("/app/config")).status,
    }


if __name__ == "__main__":
    call_command("migrate", verbosity=0)
    for name in ("ann", "bob"):
        User.objects.create_user(name, password="secret")
    print("SEEN", json.dumps(asyncio.run({"axes": axes, "allauth": allauth}[package]())))
