"""Registers this app with Django."""

from __future__ import annotations

from django.apps import AppConfig


class QueueAppConfig(AppConfig):
    """When a function runs and how its answers travel."""

    name = "queue_app"
    default_auto_field = "django.db.models.BigAutoField"
