"""From what a program says (`auth=`, `auth_dependency=`, `permission=`) to the policy that does it."""

from __future__ import annotations

from typing import Any

from django.apps import apps
from django.conf import settings

from auth_app.exceptions import PolicyError
from auth_app.policies.credentials import Credentials
from auth_app.policies.dependency import DependencyPolicy
from auth_app.policies.policy import DjangoUsers, Policy
from auth_app.visitors import users

_BOTH = "You cannot provide both `auth` and `auth_dependency` in launch(). Please choose one."


def declare(
    auth: Any = None,
    *,
    auth_message: str | None = None,
    auth_dependency: Any = None,
    permission: Any = None,
) -> Policy | None:
    """The policy for these arguments; None when they ask for none.

    Args:
        auth: a (name, password) pair, a list of pairs, a function of both that answers True or False, or "django".
        auth_message: HTML for the login page.
        auth_dependency: a function of the request that gives the visitor's id or None.
        permission: what a Django user needs besides: a name, several, or a function of the user. Implies "django".

    Raises:
        PolicyError: they contradict each other or make no sense.
    """
    if auth is not None and auth_dependency is not None:
        raise PolicyError(_BOTH)
    if auth_message is not None and not isinstance(auth_message, str):
        raise PolicyError(f"auth_message must be a text, not {auth_message!r}.")
    if permission is not None and (auth_dependency is not None or auth not in (None, "django")):
        raise PolicyError('permission belongs to Django\'s users: write auth="django" with it, and nothing else.')
    if auth == "django" or permission is not None:
        return DjangoUsers(permission, auth_message)
    if auth_dependency is not None:
        return DependencyPolicy(auth_dependency)
    return Credentials(auth, auth_message) if auth is not None else None


def check_site(policy: Policy) -> None:
    """Raise PolicyError when the site lacks what a policy needs; Django's apps are loaded by now."""
    if isinstance(policy, DjangoUsers) and not users.exist():
        raise PolicyError(
            'auth="django" needs a Django project with users: put "django.contrib.auth" into its INSTALLED_APPS.'
        )
    in_database = str(settings.SESSION_ENGINE).endswith((".db", ".cached_db"))
    if not isinstance(policy, DependencyPolicy) and in_database and not apps.is_installed("django.contrib.sessions"):
        raise PolicyError(
            'A login needs sessions: put "django.contrib.sessions" into INSTALLED_APPS, or set SESSION_ENGINE to '
            '"django.contrib.sessions.backends.cache".'
        )
