"""`auth=`: name and password, checked against pairs or by a function, and kept in Django's session."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, Protocol

from asgiref.sync import sync_to_async
from django.conf import settings
from django.core.cache import caches
from django.http import HttpRequest
from django.utils.crypto import constant_time_compare, salted_hmac

from auth_app import conf
from auth_app.answers import ask, is_yes
from auth_app.databases import looking_up
from auth_app.exceptions import PolicyError
from auth_app.identity import Identity, named
from auth_app.policies.policy import Policy
from auth_app.visitors import known
from auth_app.visitors.reaching import confirm_absence, reachable
from auth_app.visitors.sessions import attach, session_key, session_store
from auth_app.visitors.signals import notify

#: The session's entry: {realm: [name, stamp of the password, time of the login, whether a program logged in]}.
LOGINS = "_blocks_logins"

_FORM = "auth takes ('name', 'password'), a list of such pairs, a function of name and password, or \"django\""


class Checker(Protocol):
    """Knows which names and passwords fit."""

    async def fits(self, username: str, password: str) -> bool:
        """Whether they fit."""
        ...

    def stamp(self, username: str) -> str | None:
        """Changes when the password does, so that older logins end; None for a name that is not known any more."""
        ...


class Pairs:
    """Names and passwords written in the program. Each is compared in constant time, and always all of them."""

    def __init__(self, pairs: Sequence[tuple[str, str]]) -> None:
        self._pairs = [(name.strip(), password) for name, password in pairs]

    async def fits(self, username: str, password: str) -> bool:
        """See Checker."""
        found = False
        for name, secret in self._pairs:
            same_name = constant_time_compare(_digest(name), _digest(username))
            same_password = constant_time_compare(_digest(secret), _digest(password))
            found |= same_name and same_password
        return found

    def stamp(self, username: str) -> str | None:
        """See Checker."""
        secrets = [secret for name, secret in self._pairs if name == username]
        if not secrets:
            return None
        return salted_hmac("auth_app.credentials", "\0".join([username, *secrets]), algorithm="sha256").hexdigest()


class PasswordFunction:
    """A function of name and password, sync (run in a thread) or async, that answers True or False."""

    def __init__(self, function: Callable[[str, str], Any]) -> None:
        self._function = function

    async def fits(self, username: str, password: str) -> bool:
        """See Checker."""
        return is_yes(await ask(self._function, username, password), self._function)

    def stamp(self, username: str) -> str | None:
        """Nothing is known of the password."""
        return ""


class Credentials(Policy):
    """Only those who log in with a name and a password of this app."""

    def __init__(self, auth: Any, message: str | None = None) -> None:
        """Args: auth: a pair, a list of pairs or a function; message: HTML for the login page.

        Raises PolicyError for anything else.
        """
        self.checker = checker_of(auth)
        self.message = message

    async def who(self, request: HttpRequest) -> Identity | None:
        """Whom the session says."""
        key = session_key(request)
        if key is None:
            return None
        found, identity = known.recall(key, f"auth:{self.realm}")
        if not found:
            async with looking_up():
                identity = await self._load(key)
            known.remember(key, identity, f"auth:{self.realm}")
        return identity

    @property
    def takes_passwords(self) -> bool:
        """That is what it is for."""
        return True

    async def enter(self, request: HttpRequest, username: str, password: str, *, program: bool) -> bool:
        """Check, then write the name into a session with a new key."""
        if not await self.checker.fits(username, password):
            return False
        old = session_key(request)
        record = [username, self.checker.stamp(username), await self._era(username), program]
        await sync_to_async(self._write)(request, record)
        if old is not None:
            notify(known.digest(old))
        return True

    async def leave(self, request: HttpRequest, *, everywhere: bool) -> None:
        """Take the name out of the session; `everywhere` ends all sessions of this name, as Gradio does."""
        identity = await self.who(request)
        key = session_key(request)
        if key is not None:
            known.revoke(known.digest(key))
        await sync_to_async(self._write)(request, None)
        if identity is not None and identity.username is not None and everywhere:
            age: int = settings.SESSION_COOKIE_AGE
            await caches[conf.cache_alias()].aset(self._mark(identity.username), secrets.token_hex(8), age)
            notify(identity_key=identity.key, ended=True)
        if key is not None:
            notify(known.digest(key), ended=True)

    async def _load(self, key: str) -> Identity | None:
        record = await sync_to_async(reachable)(lambda: self._record(key))
        if record is None:
            return None
        name, stamp, era, program = record
        expected = self.checker.stamp(name)
        if expected is None or not constant_time_compare(stamp, expected):
            return None
        if await self._era(name) not in ("", era):
            return None
        return named(name, self.realm, by_cookie=not program)

    def _record(self, key: str) -> Any:
        found = session_store(key).get(LOGINS, {}).get(self.realm)
        if found is None:
            confirm_absence()
        return found

    def _write(self, request: HttpRequest, record: list[Any] | None) -> None:
        session = attach(request)
        logins = dict(session.get(LOGINS, {}))
        logins.pop(self.realm, None)
        if record is not None:
            logins[self.realm] = record
        session[LOGINS] = logins
        if not logins:
            del session[LOGINS]
        if set(session.keys()):
            session.cycle_key()  # the key that was known before the login must not be worth anything after it
        else:
            session.flush()

    async def _era(self, username: str) -> str:
        """Changes when all sessions of this name are ended; "" while nobody has done so.

        A mark and no time: clocks are set back, and a login of now would look older than a logout of before.
        """
        era: str = await caches[conf.cache_alias()].aget(self._mark(username), "")
        return era

    def _mark(self, username: str) -> str:
        """The cache's entry with the era of a name."""
        return f"blocks-logout-{hashlib.sha256(f'{self.realm}/{username}'.encode()).hexdigest()}"


def checker_of(auth: Any) -> Checker:
    """The checker for what `auth` was given. Raises PolicyError in words."""
    if callable(auth):
        return PasswordFunction(auth)
    if _is_pair(auth):
        return Pairs([auth])
    if isinstance(auth, Iterable) and not isinstance(auth, (str, bytes, Mapping)):
        auth = list(auth)  # as a zip, which can be read once
    if isinstance(auth, (list, tuple)) and auth and all(_is_pair(pair) for pair in auth):
        return Pairs([(name, password) for name, password in auth])
    raise PolicyError(f"{_FORM}, not {type(auth).__name__}. Names and passwords are texts and not empty.")


def _is_pair(given: Any) -> bool:
    if not isinstance(given, (tuple, list)) or len(given) != 2:
        return False
    return all(isinstance(text, str) and text for text in given)


def _digest(text: str) -> str:
    """Of one length for all texts, so that comparing tells nothing of the length."""
    return hashlib.sha256(text.encode()).hexdigest()
