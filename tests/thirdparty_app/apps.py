"""The app's name for INSTALLED_APPS: "tests.thirdparty_app"."""

from __future__ import annotations

from django.apps import AppConfig


class ThirdPartyConfig(AppConfig):
    """An app with a component."""

    name = "tests.thirdparty_app"
    label = "thirdparty_app"
