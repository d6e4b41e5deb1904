"""Forgets a session's user as soon as Django logs somebody in or out, or a user changes."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib.auth import get_user_model
from django.contrib.auth.signals import user_logged_in, user_logged_out
from django.db.models.signals import post_delete, post_save
from django.http import HttpRequest

from auth_app import users


def connect() -> None:
    """Listen to Django; called once by the app's `ready`, when the project has users."""
    user_logged_in.connect(_forget_session, dispatch_uid="auth_app.login")
    user_logged_out.connect(_forget_session, dispatch_uid="auth_app.logout")
    for signal in (post_save, post_delete):
        signal.connect(_forget_user, sender=get_user_model(), dispatch_uid=f"auth_app.{id(signal)}")


def _forget_session(request: HttpRequest | None, **_: Any) -> None:
    if request is None:
        return
    users.forget(request.COOKIES.get(settings.SESSION_COOKIE_NAME))  # at login this is still the old key
    users.forget(request.session.session_key)


def _forget_user(**_: Any) -> None:
    users.forget_all()
