"""The one decision, asked by every endpoint: who is behind this Django request or ASGI scope, and may it act?"""

from __future__ import annotations

from django.http import HttpRequest

from auth_app import conf, users
from auth_app.connection import Scope, as_request, changes_state, is_served, tells_nothing
from auth_app.exceptions import ForeignHost
from auth_app.identity import Identity
from auth_app.origin import refuse_foreign, refuse_unproven
from auth_app.policy import DjangoUsers, Open, Policy


class Guard:
    """Stands before one mounted app. Call it with a request or a scope."""

    def __init__(self, policy: Policy | None = None) -> None:
        """Args: policy: who may use the app; None follows the setting `BLOCKS_LOGIN_REQUIRED`."""
        self._policy = policy

    @property
    def policy(self) -> Policy:
        """The policy in force."""
        if self._policy is not None:
            return self._policy
        return DjangoUsers() if conf.login_required() else Open()

    async def __call__(self, connection: Scope | HttpRequest) -> Identity | None:
        """Give the identity, or None when nobody may act: answer 401 then.

        Raises ForeignOrigin when a page of another site asks for a change, ForeignHost when the request names a host
        that the site does not serve; both are Django's PermissionDenied: answer 403.
        """
        if not is_served(connection):
            raise ForeignHost
        policy = self.policy
        if tells_nothing(connection) and isinstance(policy, Open):
            return users.anonymous()
        request = as_request(connection)
        changing = changes_state(request)
        if changing:
            refuse_foreign(request)
        identity = await policy.who(request)
        if changing and identity is not None and identity.key.startswith("user:"):
            refuse_unproven(request)
        return identity

    def login_address(self, request: HttpRequest) -> str | None:
        """Where a browser that may not see the app can log in; None when there is no such page."""
        return self.policy.login_address(request)


#: The guard of every app that was not given a policy of its own.
identify = Guard()
