"""Registers this app with Django."""

from __future__ import annotations

from django.apps import AppConfig


class AuthAppConfig(AppConfig):
    """Who is asking."""

    name = "auth_app"
    default_auto_field = "django.db.models.BigAutoField"
