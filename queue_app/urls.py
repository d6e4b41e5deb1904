"""Addresses for monitors: `path("", include("queue_app.urls"))` gives a site `/metrics`, `/health` and `/ready`."""

from __future__ import annotations

from django.urls import path

from queue_app import conf
from queue_app.operations import health, metrics

urlpatterns = [
    path("metrics", health.prometheus, name="blocks-metrics"),
    path("health", health.health, name="blocks-health"),
    path("ready", health.ready, name="blocks-ready"),
]

if conf.metrics() and metrics.available():
    metrics.install()
