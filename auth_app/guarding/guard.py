"""The one decision, asked by every endpoint: who is behind this Django request or ASGI scope, and may it act?"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest, HttpResponseBase

from auth_app import conf
from auth_app.connection import Scope, as_request, changes_state, has_no_credentials, is_served
from auth_app.exceptions import ForeignHost
from auth_app.guarding import views
from auth_app.guarding.origin import refuse_foreign, refuse_unproven
from auth_app.identity import Identity
from auth_app.policies import permissions
from auth_app.policies.policy import DjangoUsers, Open, Policy
from auth_app.visitors import users


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
        that the site does not serve, NotAllowed when somebody is logged in who may not use the app; all are Django's
        PermissionDenied: answer 403.
        """
        if not is_served(connection):
            raise ForeignHost
        policy = self.policy
        if has_no_credentials(connection) and isinstance(policy, Open):
            return users.anonymous()
        request = as_request(connection)
        changing = changes_state(request)
        if changing:
            refuse_foreign(request)
        identity = await policy.who(request)
        if changing and identity is not None and identity.by_cookie:
            refuse_unproven(request)
        return identity

    async def allows(self, identity: Identity, requirement: Any) -> bool:
        """Whether this visitor has what one listener of the app requires."""
        return await permissions.allows(requirement, identity)

    # What a browser gets. `about` tells of the app: see views.

    async def entrance(self, request: HttpRequest, about: Mapping[str, Any]) -> HttpResponseBase:
        """The answer to a browser that may not see the page: a login, or the reason."""
        return views.entrance(self.policy, request, about)

    async def login(self, request: HttpRequest, about: Mapping[str, Any]) -> HttpResponseBase:
        """Answer the app's `login`."""
        return await views.login(self.policy, request, about)

    async def logout(self, request: HttpRequest, about: Mapping[str, Any]) -> HttpResponseBase:
        """Answer the app's `logout`."""
        return await views.logout(self.policy, request, about)

    @property
    def message(self) -> str | None:
        """What the operator tells those who are not logged in; HTML."""
        return self.policy.message


#: The guard of every app that was not given a policy of its own.
identify = Guard()
