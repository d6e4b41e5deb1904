"""A Django project in one file: users, sessions in the cache, State, files, the admin, and all can be taken away."""

from __future__ import annotations

import json
import os
import tempfile
from pathlib import Path

import django
from django.conf import settings
from django.urls import include, path

if not settings.configured:
    settings.configure(
        SECRET_KEY="faults",
        ALLOWED_HOSTS=["127.0.0.1"],
        ROOT_URLCONF="tests.queue_app.transport.fault_site",
        INSTALLED_APPS=[
            *(f"django.contrib.{name}" for name in ("admin", "auth", "contenttypes", "sessions", "messages")),
            *("auth_app", "blocks_app", "queue_app"),
        ],
        MIDDLEWARE=[
            "django.contrib.sessions.middleware.SessionMiddleware",
            "django.contrib.auth.middleware.AuthenticationMiddleware",
            "django.contrib.messages.middleware.MessageMiddleware",
        ],
        TEMPLATES=[
            {
                "BACKEND": "django.template.backends.django.DjangoTemplates",
                "APP_DIRS": True,
                "OPTIONS": {
                    "context_processors": [
                        "django.template.context_processors.request",
                        "django.contrib.auth.context_processors.auth",
                        "django.contrib.messages.context_processors.messages",
                    ]
                },
            }
        ],
        DATABASES={"default": json.loads(os.environ["FAULT_DATABASE"])},
        CACHES={
            "default": {
                "BACKEND": "django.core.cache.backends.redis.RedisCache",
                "LOCATION": os.environ["FAULT_REDIS"],
            }
        },
        SESSION_ENGINE=f"django.contrib.sessions.backends.{os.environ.get('FAULT_SESSIONS', 'cache')}",
        PASSWORD_HASHERS=["django.contrib.auth.hashers.MD5PasswordHasher"],
        BLOCKS_STATE_CACHE="default",
        BLOCKS_CACHE_TIMEOUT=0.5,
        BLOCKS_AUTH_CACHE_SECONDS=0,
        BLOCKS_HEALTH="public",
        BLOCKS_MONITORING_TOKEN="monitor-the-faults",
        BLOCKS_RATE_LIMIT="1000/m",
        DEFAULT_AUTO_FIELD="django.db.models.BigAutoField",
        STATIC_URL="static/",
        USE_TZ=True,
    )
    django.setup()

from django.contrib import admin

import blocks_app as gr
from queue_app.transport.routing import get_asgi_application


def made() -> str:
    """Path of a file that a function has written."""
    place = Path(tempfile.mkdtemp()) / "made.txt"
    place.write_text("made")
    return str(place)


def page() -> gr.Blocks:
    """One listener with State, one without, one that makes a file."""
    with gr.Blocks() as demo:
        kept, text, file = gr.State(0), gr.Textbox(), gr.File()
        gr.Button().click(lambda n: (n + 1, str(n + 1)), kept, [kept, text], api_name="count")
        gr.Button().click(lambda value: f"<{value}>", text, text, api_name="echo")
        gr.Button().click(made, None, file, api_name="make")
    return demo


demo, private = page(), page()
private.protect(auth=[("ann", "secret")])
users = page()
users.protect("django")
urlpatterns = [
    path("open/", demo.urls),
    path("private/", private.urls),
    path("users/", users.urls),
    path("admin/", admin.site.urls),
    path("blocks/", include("queue_app.urls")),
]
application = get_asgi_application()

if __name__ == "__main__":
    from django.contrib.auth import get_user_model
    from django.core.management import call_command

    call_command("migrate", verbosity=0)
    get_user_model().objects.create_superuser("root", "", "secret")
