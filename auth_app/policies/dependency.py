"""`auth_dependency=`: a function of the request says who it is."""

from __future__ import annotations

import copy
from collections.abc import Callable
from typing import Any

from asgiref.sync import sync_to_async
from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from auth_app.answers import ask
from auth_app.databases import looking_up
from auth_app.exceptions import PolicyError
from auth_app.identity import Identity, named
from auth_app.policies.policy import Policy
from auth_app.visitors import users
from auth_app.visitors.sessions import session_key, session_store


class Cookies(dict[str, str]):
    """Cookies that know whether somebody has looked."""

    looked = False

    def __getitem__(self, name: str) -> str:
        self.looked = True
        return super().__getitem__(name)

    def __contains__(self, name: object) -> bool:
        self.looked = True
        return super().__contains__(name)

    def __iter__(self) -> Any:
        self.looked = True
        return super().__iter__()

    def get(self, name: str, default: Any = None) -> Any:
        """As of a dict."""
        self.looked = True
        return super().get(name, default)

    def items(self) -> Any:
        """As of a dict."""
        self.looked = True
        return super().items()


class DependencyPolicy(Policy):
    """What `auth_dependency` promises: a function of the request, sync or async, gives the user's id or None."""

    def __init__(self, function: Callable[[Any], Any]) -> None:
        """Args: function: gets Django's request, see `asked_request`. Raises PolicyError."""
        if not callable(function):
            raise PolicyError(f"auth_dependency takes a function of the request, not {function!r}.")
        self.function = function

    async def who(self, request: HttpRequest) -> Identity | None:
        """Ask the function. An answer that is no id counts as nobody, so that a mistake never opens the app."""
        asked, cookies = asked_request(request)

        async def read_ahead() -> None:
            await sync_to_async(_read_ahead)(asked, cookies)

        async with looking_up():
            answer = await ask(self.function, asked, before_async=read_ahead if cookies else None)
        # Told by built-in code, whatever the kinds of the project's own say of themselves.
        if isinstance(answer, int) and not isinstance(answer, bool):
            answer = int.__repr__(answer)
        answer = str.__str__(answer) if isinstance(answer, str) else ""
        if not answer:
            return None
        return named(answer, self.realm, by_cookie=bool(cookies) and cookies.looked)


def asked_request(request: HttpRequest) -> tuple[Any, Cookies]:
    """A copy of Django's request as such a function may know it from elsewhere, and the cookies in it.

    Beside what every request of Django has: `cookies`, `query_params`, `session` (lazy), `user` (lazy, where the
    project has users), `client` (host and port), `path_params` (what the site's prefix before the app captured).
    """
    asked: Any = copy.copy(request)
    asked.path_params = dict(getattr(request, "path_params", {}))
    cookies = Cookies(request.COOKIES)
    asked.COOKIES = asked.cookies = cookies
    asked.query_params = request.GET
    asked.client = (request.META.get("REMOTE_ADDR"), request.META.get("REMOTE_PORT"))

    def session() -> Any:
        cookies.looked = True
        return session_store(session_key(request))

    asked.session = SimpleLazyObject(session)
    if users.exist():
        asked.user = SimpleLazyObject(lambda: _user_of(asked))
    return asked, cookies


def _user_of(asked: Any) -> Any:
    from django.contrib.auth import get_user  # needs the project's apps to be loaded

    return get_user(asked)


def _read_ahead(asked: Any, cookies: Cookies) -> None:
    """Read session and user in a thread: on the event loop an async function could not. Who looks later is noted."""
    looked = cookies.looked
    asked.session.get("")
    asked.session = _noting(cookies, asked.session)
    if users.exist():
        bool(asked.user.is_authenticated)
        asked.user = _noting(cookies, asked.user)
    cookies.looked = looked


def _noting(cookies: Cookies, value: Any) -> Any:
    def look() -> Any:
        cookies.looked = True
        return value

    return SimpleLazyObject(look)
