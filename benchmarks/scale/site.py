"""The measured app in a site of several processes, whose Redis SCALE_REDIS names: `application`, and `celery`."""

from __future__ import annotations

import os

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

from benchmarks.apps.echo import declare  # noqa: E402 - Django first
from queue_app.engines.celery_app import worker_app  # noqa: E402
from queue_app.transport.routing import get_asgi_application  # noqa: E402

demo = declare("blocks_app", None)
urlpatterns = [path("", demo.urls)]
application = get_asgi_application()
if "SCALE_WORKER" in os.environ:
    from benchmarks.scale import ready  # noqa: F401 - it tells when the worker takes events

    celery = worker_app()
