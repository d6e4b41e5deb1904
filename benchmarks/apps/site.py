"""The measured app in a Django site, for Uvicorn and Daphne from the command line. BENCH_LIMIT as in echo.py."""

from __future__ import annotations

import os

import django
from django.conf import settings
from django.urls import path

settings.configure(
    SECRET_KEY="bench",
    ALLOWED_HOSTS=["127.0.0.1"],
    ROOT_URLCONF=__name__,
    INSTALLED_APPS=["auth_app", "blocks_app", "queue_app"],
    MIDDLEWARE=[],
    TEMPLATES=[{"BACKEND": "django.template.backends.django.DjangoTemplates", "APP_DIRS": True}],
)
django.setup()

from benchmarks.apps.echo import declare  # noqa: E402 - Django first
from queue_app.transport.routing import get_asgi_application  # noqa: E402

_limit = os.environ.get("BENCH_LIMIT", "none")
demo = declare("blocks_app", None if _limit == "none" else int(_limit))
urlpatterns = [path("", demo.urls)]
application = get_asgi_application()
