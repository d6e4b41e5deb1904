"""Registers the app under the label `notebook`."""

from django.apps import AppConfig


class NotebookConfig(AppConfig):
    """Notes of users."""

    name = "demos._notebook"
    label = "notebook"
    default_auto_field = "django.db.models.BigAutoField"
