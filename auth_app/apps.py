"""Registers this app with Django."""

from __future__ import annotations

from django.apps import AppConfig, apps
from django.utils.translation import gettext_lazy


class AuthAppConfig(AppConfig):
    """Who is asking."""

    name = "auth_app"
    verbose_name = gettext_lazy("Blocks: who is asking")

    def ready(self) -> None:
        """Follow logins and logouts where the project has users."""
        from auth_app import checks  # noqa: F401  the checks register by being imported
        from auth_app.visitors import signals

        if apps.is_installed("django.contrib.auth"):
            signals.connect()
