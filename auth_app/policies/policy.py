"""Who may use a mounted app. A policy answers one question: which identity is behind this request, if any?"""

from __future__ import annotations

from asgiref.sync import sync_to_async
from django.conf import global_settings, settings
from django.http import HttpRequest, QueryDict
from django.shortcuts import resolve_url
from django.urls import NoReverseMatch, Resolver404, get_script_prefix, get_urlconf, resolve

from auth_app import conf
from auth_app.exceptions import NotAllowed
from auth_app.identity import Identity
from auth_app.policies import permissions
from auth_app.policies.permissions import Requirement
from auth_app.visitors import users
from auth_app.visitors.sessions import PROGRAM, attach


class Policy:
    """Decides who is asking. The base lets nobody in."""

    #: Whether `who` may answer None; such an app sends its visitors to a login.
    is_private = True
    #: Names the app: equal names of two apps are two visitors, and a login to one is none to the other.
    realm: str = ""
    #: HTML that the login page shows.
    message: str | None = None

    async def who(self, request: HttpRequest) -> Identity | None:
        """Give the identity behind the request, or None when it may not use the app.

        Raises NotAllowed for a visitor who is logged in and still may not.
        """
        return None

    def login_address(self, request: HttpRequest, target: str) -> str | None:
        """Where the project lets a browser log in and come back to `target`; None when it has no such page."""
        return None

    @property
    def takes_passwords(self) -> bool:
        """Whether one can log in with name and password at the app's own `login`."""
        return False

    async def enter(self, request: HttpRequest, username: str, password: str, *, program: bool) -> bool:
        """Log in; False when name and password do not fit. `program`: no browser asks."""
        return False

    async def leave(self, request: HttpRequest, *, everywhere: bool) -> None:
        """Log out, of all sessions of this visitor where the policy can do that and `everywhere` says so."""


class Open(Policy):
    """Everybody may. Django's logged-in users keep their name, all others are anonymous."""

    is_private = False

    async def who(self, request: HttpRequest) -> Identity | None:
        """Django's user, else the anonymous identity."""
        return await users.of_request(request) or users.anonymous()

    def login_address(self, request: HttpRequest, target: str) -> str | None:
        """The project's login page, told to come back: nobody has to log in, and everybody may."""
        return project_login_for(target) if users.exist() else None

    async def leave(self, request: HttpRequest, *, everywhere: bool) -> None:
        """Log Django's user out."""
        await _leave_django(request)


class DjangoUsers(Policy):
    """Only users who are logged in to the Django project, and of those perhaps only some."""

    def __init__(self, permission: Requirement = None, message: str | None = None) -> None:
        """Args: permission: what the user needs besides, see permissions.Requirement; message: HTML for our login page.

        Raises PolicyError for a requirement that is none.
        """
        permissions.check(permission)
        self.permission = permission
        self.message = message

    async def who(self, request: HttpRequest) -> Identity | None:
        """Django's user, else None."""
        identity = await users.of_request(request)
        if identity is not None and not await permissions.allows(self.permission, identity):
            raise NotAllowed
        return identity

    def login_address(self, request: HttpRequest, target: str) -> str | None:
        """The project's login page, told to come back."""
        return project_login_for(target)

    @property
    def takes_passwords(self) -> bool:
        """Unless the project has a login page, which may ask for more than a password."""
        chosen = conf.password_login()
        return chosen if chosen is not None else project_login() is None

    async def enter(self, request: HttpRequest, username: str, password: str, *, program: bool) -> bool:
        """Through the project's own authentication backends."""
        return await sync_to_async(_enter_django)(request, username, password, program)

    async def leave(self, request: HttpRequest, *, everywhere: bool) -> None:
        """End the session; Django keeps the other sessions of the user."""
        await _leave_django(request)


def project_login() -> str | None:
    """The address of the project's login page; None when `LOGIN_URL` was left as it is and leads nowhere.

    An app that is launched alone is served without the project's pages, so there it leads nowhere too.
    """
    try:
        address = resolve_url(settings.LOGIN_URL)
        if "//" not in address and (settings.LOGIN_URL == global_settings.LOGIN_URL or get_urlconf() is not None):
            prefix = get_script_prefix()
            resolve(f"/{address.removeprefix(prefix)}".partition("?")[0] if address.startswith(prefix) else address)
    except (NoReverseMatch, Resolver404):
        return None
    return address


def project_login_for(target: str) -> str | None:
    """The project's login page with the address to come back to."""
    address = project_login()
    if address is None:
        return None
    query = QueryDict(mutable=True)
    query["next"] = target
    return f"{address}{'&' if '?' in address else '?'}{query.urlencode(safe='/')}"


def _enter_django(request: HttpRequest, username: str, password: str, program: bool) -> bool:
    from django.contrib.auth import authenticate, login  # needs the project's apps to be loaded

    attach(request)
    user = authenticate(request, username=username, password=password)
    if user is None:
        return False
    before = request.session.session_key
    login(request, user)
    if request.session.session_key == before:  # Django keeps the key when this user was logged in already
        request.session.cycle_key()
    request.session[PROGRAM] = program
    return True


async def _leave_django(request: HttpRequest) -> None:
    if users.exist():
        attach(request)
        await sync_to_async(_logout)(request)


def _logout(request: HttpRequest) -> None:
    from django.contrib.auth import get_user, logout  # needs the project's apps to be loaded

    if not hasattr(request, "user"):
        request.user = get_user(request)
    logout(request)
