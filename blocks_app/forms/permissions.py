"""Who may see, add, change and delete: Django's permissions of a model, or what the app's author says instead."""

from __future__ import annotations

import copy
import inspect
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Literal
from weakref import WeakKeyDictionary

from django.contrib.auth import get_permission_codename
from django.utils.translation import gettext as _

from blocks_app.exceptions import DeclarationError, Error
from blocks_app.running.request import Request

Action = Literal["view", "add", "change", "delete"]
ACTIONS: tuple[Action, ...] = ("view", "add", "change", "delete")
#: What is needed for one thing: a permission's name, several, True for nothing, False to forbid it.
Needed = str | Sequence[str] | bool
#: "model" asks Django; None allows everything to whoever may use the app.
Permissions = Literal["model"] | Mapping[str, Needed] | Callable[[Any, str, Any], bool] | None


class Gate:
    """Decides what a user may do with rows of a model."""

    def __init__(self, model: Any, given: Permissions) -> None:
        """Look at what is needed.

        Args:
            model: whose rows; None for a form that has nothing to do with a model.
            given: see Permissions.

        Raises:
            DeclarationError: it means nothing.
        """
        self.model, self.given = model, given
        known = given is None or given == "model" or isinstance(given, Mapping) or callable(given)
        strange = [name for name in given if name not in ACTIONS] if isinstance(given, Mapping) else []
        if not known or strange or inspect.iscoroutinefunction(given):
            raise DeclarationError(
                'permissions is "model", None, a dict such as {"view": True, "add": "shop.add_order"}, or a plain '
                f"function of user, action and row; not {given!r}."
            )
        if isinstance(given, Mapping) and model is None:
            raise DeclarationError("A dict of permissions needs a model: this form has none.")

    @property
    def is_open(self) -> bool:
        """Whether everybody may do everything."""
        return self.given is None

    def allows(self, request: Request, action: Action, row: Any = None) -> bool:
        """Whether who asks may, with any row or with this one."""
        given: Any = self.given
        if given is None:
            return True
        user = asking(request)
        if callable(given):
            return bool(given(user, action, row))
        needed: Any = given.get(action, "model") if isinstance(given, Mapping) else "model"
        if isinstance(needed, bool):
            return needed
        if user is None:
            return False
        if needed == "model":
            names = [self._name(each) for each in (("view", "change") if action == "view" else (action,))]
            return any(has(user, name, row) for name in names)
        return all(has(user, name, row) for name in ([needed] if isinstance(needed, str) else needed))

    def require(self, request: Request, action: Action, row: Any = None) -> None:
        """Raise Error where who asks may not."""
        if self.allows(request, action, row):
            return
        user = request.user
        if self.model is None:
            raise Error(_("You may not send this form."), print_exception=False)
        name = self.model._meta.verbose_name_plural
        known = user is not None and getattr(user, "is_authenticated", False)
        texts = {
            "view": _("You may not see %(name)s."),
            "add": _("You may not add %(name)s."),
            "change": _("You may not change %(name)s."),
            "delete": _("You may not delete %(name)s."),
        }
        text = texts[action] % {"name": name}
        raise Error(text if known else f"{text} {_('Log in first.')}", print_exception=False)

    def may_delete_related(self, request: Request, model: Any) -> bool:
        """Whether rows of another model may go with one of this."""
        if self.given != "model":
            return True
        user = asking(request)
        return user is not None and bool(user.has_perm(_permission(model, "delete")))

    def _name(self, action: str) -> str:
        return _permission(self.model, action)


def _permission(model: Any, action: str) -> str:
    return f"{model._meta.app_label}.{get_permission_codename(action, model._meta)}"


def has(user: Any, name: str, row: Any) -> bool:
    """Whether a user has a permission, for everything or for a row: backends that know rows are asked for theirs."""
    return bool(user.has_perm(name)) or (row is not None and bool(user.has_perm(name, row)))


#: The users of requests that are being answered.
_users: WeakKeyDictionary[Request, Any] = WeakKeyDictionary()


def asking(request: Request) -> Any:
    """The user who asks, without what was found out for an earlier request: a page may be open for days."""
    if request in _users:
        return _users[request]
    user = request.user
    if user is not None and getattr(user, "is_authenticated", False):
        user = copy.copy(user)
        for name in [name for name in vars(user) if name.endswith("_perm_cache")]:
            delattr(user, name)
    _users[request] = user
    return user
