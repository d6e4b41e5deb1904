"""Settings of the Celery worker that runs the pages of `apps` for the tests."""

from __future__ import annotations

import os

from project.settings import *  # noqa: F403

ROOT_URLCONF = "tests.engine_contract.worker_urls"
BLOCKS_ENGINE = "queue_app.engines.celery.CeleryEngine"
BLOCKS_REDIS_URL = os.environ["CONTRACT_REDIS"]
BLOCKS_WORKER_TIMEOUT = float(os.environ["CONTRACT_TIMEOUT"])
BLOCKS_CANCEL_GRACE = 0.2
BLOCKS_WORKER_GRACE = float(os.environ.get("CONTRACT_GRACE", 60))
BLOCKS_WORKER_WAIT = float(os.environ.get("CONTRACT_WAIT", 60))
BLOCKS_WORKER_QUEUES = {"pool": "blocks-pool"}
BLOCKS_STATE_CACHE = "shared"
BLOCKS_EVENT_LOG = BLOCKS_FILE_ROWS = BLOCKS_MESSAGE_BUS = False
CACHES = {
    "default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"},
    "shared": {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": os.environ["CONTRACT_CACHE"]},
}
