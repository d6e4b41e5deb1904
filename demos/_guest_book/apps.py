"""Registers the app under the label `guest_book`."""

from django.apps import AppConfig


class GuestBookConfig(AppConfig):
    """Guests and what they wrote."""

    name = "demos._guest_book"
    label = "guest_book"
    default_auto_field = "django.db.models.BigAutoField"
