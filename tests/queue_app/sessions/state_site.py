"""A Django project in one file whose sessions keep their State in the cache that the environment describes."""

from __future__ import annotations

import json
import os

import django
from django.conf import settings
from django.urls import path

if not settings.configured:
    settings.configure(
        SECRET_KEY="state",
        ALLOWED_HOSTS=["127.0.0.1"],
        ROOT_URLCONF="tests.queue_app.sessions.state_site",
        INSTALLED_APPS=["auth_app", "blocks_app", "queue_app"],
        MIDDLEWARE=[],
        TEMPLATES=[{"BACKEND": "django.template.backends.django.DjangoTemplates", "APP_DIRS": True}],
        DATABASES={"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": os.environ["STATE_DATABASE"]}},
        CACHES={"default": json.loads(os.environ["STATE_CACHE"])},
        BLOCKS_STATE_CACHE="default",
        BLOCKS_EVENT_LOG=False,
        USE_TZ=True,
    )
    django.setup()

import blocks_app as gr
from queue_app.transport.routing import get_asgi_application


def count(kept: dict[str, int]) -> tuple[dict[str, int], str]:
    """One more than last time."""
    kept["n"] += 1
    return kept, str(kept["n"])


with gr.Blocks() as demo:
    kept, out = gr.State({"n": 0}), gr.Textbox(label="Count")
    pick = gr.Dropdown(["a", "b"], label="Pick")
    gr.Button("Count").click(count, kept, [kept, out], api_name="count")
    gr.Button("Offer").click(lambda: gr.Dropdown(choices=["x", ("Y", "y")]), None, pick, api_name="offer")
    gr.Button("Choose").click(lambda value: f"chose {value}", pick, out, api_name="choose")

urlpatterns = [path("", demo.urls)]
application = get_asgi_application()

if __name__ == "__main__":
    from django.core.management import call_command

    call_command("createcachetable", verbosity=0)
