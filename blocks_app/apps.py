"""Registers this app with Django."""

from __future__ import annotations

from django.apps import AppConfig


class BlocksAppConfig(AppConfig):
    """What a page is and what an event means."""

    name = "blocks_app"
    default_auto_field = "django.db.models.BigAutoField"
