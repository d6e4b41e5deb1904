"""The measured app in a site of several processes, whose Redis SCALE_REDIS names: `application`, and `celery`."""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncIterator

import django
from django.conf import settings
from django.urls import path

_redis = os.environ["SCALE_REDIS"]
settings.configure(
    SECRET_KEY="bench",
    ALLOWED_HOSTS=["127.0.0.1"],
    ROOT_URLCONF=__name__,
    INSTALLED_APPS=["auth_app", "blocks_app", "queue_app"],
    MIDDLEWARE=[],
    TEMPLATES=[{"BACKEND": "django.template.backends.django.DjangoTemplates", "APP_DIRS": True}],
    BLOCKS_ENGINE="queue_app.engines.celery.CeleryEngine",
    BLOCKS_REDIS_URL=f"{_redis}/0",
    BLOCKS_STATE_CACHE="state",
    CACHES={
        "default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"},
        "state": {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": f"{_redis}/1"},
    },
)
django.setup()

import blocks_app as gr  # noqa: E402 - Django first
from benchmarks.apps.echo import echo, gen, slow  # noqa: E402
from queue_app.engines.celery_app import worker_app  # noqa: E402
from queue_app.transport.routing import get_asgi_application  # noqa: E402

#: How many of "narrow" run at once; so many threads has a worker whose growth is measured.
NARROW = 4


async def ticking(t: str, n: float) -> AsyncIterator[str]:
    """Yield n times, ten times a second."""
    for i in range(int(n)):
        yield f"{t}:{i}"
        await asyncio.sleep(0.1)


with gr.Blocks() as demo:
    a, n, o = gr.Textbox(), gr.Number(100), gr.Textbox()
    for f, ins in ((echo, [a]), (gen, [a, n]), (slow, [a, n]), (ticking, [a, n])):
        gr.Button(f.__name__).click(f, ins, o, api_name=f.__name__)
    gr.Button("narrow").click(echo, [a], o, api_name="narrow", concurrency_limit=NARROW)
demo.queue(default_concurrency_limit=None, max_size=None)
urlpatterns = [path("", demo.urls)]
application = get_asgi_application()
if "SCALE_WORKER" in os.environ:
    from benchmarks.scale import ready  # noqa: F401 - it tells when the worker takes events

    celery = worker_app()
