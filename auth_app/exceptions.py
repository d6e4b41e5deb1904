"""What can go wrong in auth_app.

AuthError
├── ForeignOrigin       another site's page asks (also Django's PermissionDenied: 403)
├── ForeignHost         the request names a host that this site does not serve (the same)
├── NotAllowed          somebody is logged in who may not use the app (also PermissionDenied: 403)
└── PolicyError         a policy was declared wrongly (also a ValueError)
"""

from __future__ import annotations

from django.core.exceptions import PermissionDenied


class AuthError(Exception):
    """Who is asking could not be settled."""

    def __init__(self, message: str | None = None) -> None:
        super().__init__(message if message is not None else (self.__doc__ or "").strip())


class ForeignOrigin(AuthError, PermissionDenied):
    """This request comes from a page of another site and is refused. CSRF_TRUSTED_ORIGINS lists sites that may ask."""


class ForeignHost(AuthError, PermissionDenied):
    """This site does not answer under the host name of the request. ALLOWED_HOSTS lists its names."""


class NotAllowed(AuthError, PermissionDenied):
    """Your account may not use this app."""

    #: It is about who asks, not about how: public parts of the app, such as its logout, are still served.
    about_account = True


class PolicyError(AuthError, ValueError):
    """The declared authentication is not usable."""
