"""Notices every change of who may do what: logins, logouts, closed accounts, permissions taken away.

What was remembered is forgotten, and `access_changed` tells whoever keeps connections open to ask the guard again.
"""

from __future__ import annotations

from importlib import import_module
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models.signals import m2m_changed, post_delete, post_save
from django.dispatch import Signal
from django.http import HttpRequest

from auth_app.visitors import known
from auth_app.visitors.sessions import session_key

#: Sent with `session` (the digest of the cookie that connections have), `identity_key` (of this visitor), or neither:
#: all of them. `ended=True` says that the session or the visitor has no access any more, so that what still waits must
#: not run; `remote=True` that another process did. Any thread.
access_changed = Signal()


def notify(
    session: str | None = None, identity_key: str | None = None, ended: bool = False, remote: bool = False
) -> None:
    """Forget what is remembered of a session or visitor, or of all; and tell whoever keeps connections open."""
    if session is not None:
        known.revoke(session) if ended else known.forget_session(session)
    elif identity_key is not None:
        known.forget_visitor(identity_key)
    else:
        known.forget_all()
    access_changed.send(None, session=session, identity_key=identity_key, ended=ended, remote=remote)


def connect() -> None:
    """Listen to Django; called once by the app's `ready`, when the project has users."""
    from django.contrib.auth import get_user_model  # needs the project's apps to be loaded
    from django.contrib.auth.models import Group
    from django.contrib.auth.signals import user_logged_in, user_logged_out

    user_logged_in.connect(_logged_in, dispatch_uid="auth_app.login")
    user_logged_out.connect(_logged_out, dispatch_uid="auth_app.logout")
    model = get_user_model()
    post_save.connect(_saved, sender=model, dispatch_uid="auth_app.saved")
    post_delete.connect(_deleted, sender=model, dispatch_uid="auth_app.deleted")
    tables = [getattr(model, name, None) for name in ("groups", "user_permissions")] + [Group.permissions]
    for number, table in enumerate(tables):
        if (through := getattr(table, "through", None)) is not None:
            m2m_changed.connect(_permissions_changed, sender=through, dispatch_uid=f"auth_app.rights.{number}")
    if (sessions := _session_model()) is not None:
        post_delete.connect(_session_deleted, sender=sessions, dispatch_uid="auth_app.session")


def _session_model() -> Any:
    """The model of sessions, where the site keeps them in the database."""
    store = import_module(settings.SESSION_ENGINE).SessionStore
    try:
        return store.get_model_class() if hasattr(store, "get_model_class") else None
    except RuntimeError:  # django.contrib.sessions is not installed, so nobody uses this engine
        return None


def _logged_in(request: HttpRequest | None, **_: Any) -> None:
    if request is not None:
        if (new := request.session.session_key) is not None:
            known.forget_session(known.digest(new))
        if (old := session_key(request)) is not None:  # at login this is still the cookie from before
            notify(known.digest(old))


def _logged_out(request: HttpRequest | None, **_: Any) -> None:
    if request is not None:
        for key in {session_key(request), request.session.session_key}:
            if key is not None:
                notify(known.digest(key), ended=True)  # Django deletes the session only after this signal


def _session_deleted(instance: Any, **_: Any) -> None:
    notify(known.digest(instance.session_key), ended=True)


def _saved(instance: Any, using: str, update_fields: Any = None, **_: Any) -> None:
    if update_fields is None or set(update_fields) != {"last_login"}:  # which every login writes
        _visitor_changed(f"user:{instance.pk}", not getattr(instance, "is_active", True), using)


def _deleted(instance: Any, using: str, **_: Any) -> None:
    _visitor_changed(f"user:{instance.pk}", True, using)


def _visitor_changed(identity_key: str, ended: bool, using: str) -> None:
    transaction.on_commit(lambda: notify(identity_key=identity_key, ended=ended), using=using)


def _permissions_changed(action: str, using: str, **_: Any) -> None:
    if action.startswith("post_"):
        transaction.on_commit(notify, using=using)
