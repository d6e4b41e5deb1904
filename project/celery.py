"""Workers of this site, where `BLOCKS_ENGINE` names CeleryEngine: `celery -A project worker -Q blocks -P threads`."""

from __future__ import annotations

import os

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "project.settings")

from queue_app.engines.celery_app import worker_app

app = worker_app()
