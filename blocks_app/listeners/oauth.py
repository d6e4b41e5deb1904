"""Who a visitor is, and in whose name a function may ask elsewhere: from the site's users and their social logins."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

from blocks_app.exceptions import Error
from blocks_app.functions.annotations import asked_for

NOT_KNOWN = "This needs a login. Log in and try again."
NOT_LINKED = "This needs a login with an account of another site, and none is valid now. Log in with it and try again."


@asked_for
class OAuthProfile(dict[str, Any]):
    """The visitor who is logged in, for a function that asks by annotation: `profile: gr.OAuthProfile | None`.

    It is filled from the site's user and, where django-allauth is installed, from the account of the latest social
    login, whose whole answer stands in the dict. Nobody logged in gives None, or an error without `| None`.
    """

    _is_personal = True

    def __init__(self, data: Mapping[str, Any]) -> None:
        """Read a profile.

        Args:
            data: claims as OpenID names them: `name`, `preferred_username`, `profile` and `picture`.
        """
        super().__init__(data)
        self.name: str = self.get("name") or ""
        self.username: str = self.get("preferred_username") or ""
        self.profile: str = self.get("profile") or ""
        self.picture: str = self.get("picture") or ""


@asked_for
@dataclass
class OAuthToken:
    """The access token of the visitor's latest social login, for a function that asks by annotation.

    Only django-allauth keeps some, with `SOCIALACCOUNT_STORE_TOKENS = True`. Without one, or once it has expired, a
    function gets None, or the visitor an error without `| None`. It never leaves the server by itself.

    Args:
        token: what to send as `Authorization: Bearer`.
        scope: what it allows, as far as the other site has told.
        expires_at: until when it is valid, in seconds since 1970; 0 where that is not known.
    """

    _is_personal: ClassVar[bool] = True

    token: str
    scope: str
    expires_at: int

    def __repr__(self) -> str:
        # never the token: logs would keep it
        return f"OAuthToken(scope={self.scope!r}, expires_at={self.expires_at})"


def is_read(wanted: Any) -> bool:
    """Whether what a function asks for is read from the database."""
    return isinstance(wanted, type) and issubclass(wanted, (OAuthProfile, OAuthToken))


def read(wanted: Any, request: Any, optional: bool) -> Any:
    """The profile or the token of the visitor behind a request; None if there is none and that is `optional`.

    Raises:
        Error: there is none.
    """
    known = request is not None and request.username is not None
    found = None
    if request is not None and known:
        found = _profile(wanted, request) if issubclass(wanted, OAuthProfile) else _token(wanted, request)
    if found is None and not optional:
        raise Error(NOT_LINKED if known else NOT_KNOWN)
    return found


def _profile(wanted: type[OAuthProfile], request: Any) -> OAuthProfile:
    user, username = request.user, request.username
    claims: dict[str, Any] = {}
    accounts = _accounts(user)
    account = accounts.first() if accounts is not None else None
    if account is not None and isinstance(account.extra_data, dict):
        inner = account.extra_data.get("userinfo")
        claims = dict(inner if isinstance(inner, dict) else account.extra_data)
    full_name = getattr(user, "get_full_name", str)()
    given = {
        "name": claims.get("name") or full_name or username,
        "preferred_username": claims.get("preferred_username") or claims.get("login") or username,
        "profile": claims.get("profile") or claims.get("html_url") or "",
        "picture": claims.get("picture") or claims.get("avatar_url") or "",
    }
    return wanted({**claims, **given})


def _token(wanted: type[OAuthToken], request: Any) -> OAuthToken | None:
    from django.apps import apps  # with the models, which declaring a page does not load
    from django.utils import timezone

    accounts = _accounts(request.user)
    if accounts is None:
        return None
    kept: Any = apps.get_app_config("socialaccount").get_model("SocialToken")
    found = kept._default_manager.filter(account__in=accounts).order_by("-account__last_login", "-pk").first()
    if found is None or (found.expires_at is not None and found.expires_at <= timezone.now()):
        return None
    scope = found.account.extra_data.get("scope", "") if isinstance(found.account.extra_data, dict) else ""
    until = 0 if found.expires_at is None else int(found.expires_at.timestamp())
    return wanted(found.token, str(scope), until)


def _accounts(user: Any) -> Any:
    """The social accounts of a user, the latest login first; None on a site without them."""
    from django.apps import apps

    if not apps.is_installed("allauth.socialaccount") or getattr(user, "pk", None) is None:
        return None
    accounts: Any = apps.get_app_config("socialaccount").get_model("SocialAccount")
    return accounts._default_manager.filter(user_id=user.pk).order_by("-last_login", "-pk")
