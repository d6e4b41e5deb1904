"""Who may use a mounted app. A policy answers one question: which identity is behind this request, if any?"""

from __future__ import annotations

import inspect
from collections.abc import Awaitable, Callable
from typing import Any, Protocol

from asgiref.sync import sync_to_async
from django.conf import settings
from django.http import HttpRequest, QueryDict
from django.shortcuts import resolve_url

from auth_app import users
from auth_app.exceptions import PolicyError
from auth_app.identity import Identity


class Policy(Protocol):
    """Decides who is asking."""

    #: Whether `who` may answer None; such an app sends its visitors to a login.
    is_private: bool

    async def who(self, request: HttpRequest) -> Identity | None:
        """Give the identity behind the request, or None when it may not use the app."""
        ...

    def login_address(self, request: HttpRequest) -> str | None:
        """Where a browser can log in and come back; None when there is no such page."""
        ...


class Open:
    """Everybody may. Django's logged-in users keep their name, all others are anonymous."""

    is_private = False

    async def who(self, request: HttpRequest) -> Identity | None:
        """Django's user, else the anonymous identity."""
        return await users.of_request(request) or users.anonymous()

    def login_address(self, request: HttpRequest) -> str | None:
        """Nobody has to log in."""
        return None


class DjangoUsers:
    """Only users who are logged in to the Django project."""

    is_private = True

    async def who(self, request: HttpRequest) -> Identity | None:
        """Django's user, else None."""
        return await users.of_request(request)

    def login_address(self, request: HttpRequest) -> str | None:
        """The project's login page, told to come back here."""
        query = QueryDict(mutable=True)
        query["next"] = request.get_full_path()
        return f"{resolve_url(settings.LOGIN_URL)}?{query.urlencode(safe='/')}"


class Dependency:
    """What `auth_dependency` promises: a function of the request, sync or async, gives the user's name or None."""

    is_private = True

    def __init__(self, function: Callable[[HttpRequest], str | Awaitable[str | None] | None]) -> None:
        if not callable(function):
            raise PolicyError(f"auth_dependency takes a function of the request, not {function!r}.")
        self.function = function

    async def who(self, request: HttpRequest) -> Identity | None:
        """Ask the function. An answer that is not a string counts as nobody, so that a mistake never opens the app."""
        answer: Any
        if inspect.iscoroutinefunction(self.function):
            answer = await self.function(request)
        else:
            answer = await sync_to_async(self.function, thread_sensitive=False)(request)
            if inspect.isawaitable(answer):
                answer = await answer
        return Identity(f"name:{answer}", answer) if isinstance(answer, str) and answer else None

    def login_address(self, request: HttpRequest) -> str | None:
        """Only the function knows; there is no page."""
        return None
