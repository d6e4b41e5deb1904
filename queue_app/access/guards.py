"""Joins an app with whoever decides about its visitors: what `protect()` and `launch()` say is the mount's guard."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from weakref import WeakSet

from django.utils.translation import gettext

from blocks_app.web import registry
from queue_app.access import throttling
from queue_app.exceptions import Refusal
from queue_app.execution.job import ListenerView

if TYPE_CHECKING:
    from auth_app.identity import Identity
    from auth_app.policies.policy import Policy
    from blocks_app.blocks import Blocks
    from blocks_app.web.registry import Mount
    from queue_app.asgi_types import Scope
    from queue_app.execution.job import Listener


#: Apps whose author has said who may use them, be it everybody; `manage.py check --deploy` asks about the others.
decided: WeakSet[Blocks] = WeakSet()


def protect(blocks: Blocks, auth: Any, **options: Any) -> None:
    """See Blocks.protect. Holds for a mount that exists already, and for one that comes."""
    blocks.access = policy(auth, **options)
    decided.add(blocks)
    if blocks.mount is not None:
        guard(blocks.mount)


def policy(auth: Any = None, **options: Any) -> Policy | None:
    """The policy for what was declared, None when that asks for none. Raises PolicyError, which is a ValueError."""
    from auth_app.policies.declaring import declare  # Django, which declaring a page without a policy does not need

    return declare(auth, **options)


def guard(mount: Mount, declared: Policy | None = None) -> None:
    """Give a mount its guard: for this policy, else for that of protect(), else the one that every app has.

    Raises PolicyError when the site cannot do what the policy needs.
    """
    from auth_app.guarding.guard import Guard, identify
    from auth_app.policies.declaring import check_site  # as above

    wanted = declared if declared is not None else mount.blocks.access
    if wanted is not None:
        check_site(wanted)
        wanted.realm = mount.key
        mount.guard = Guard(wanted)
    elif isinstance(mount.guard, (registry.Everybody, Guard)):
        mount.guard = identify


async def permitted(mount: Mount, identity: Any, dependency: Listener) -> bool:
    """Whether the visitor may start this listener."""
    if isinstance(dependency, ListenerView):
        return dependency.permitted
    return dependency.permission is None or await mount.guard.allows(identity, dependency.permission)


async def permit(mount: Mount, identity: Identity, dependency: Listener, scope: Scope) -> None:
    """Raise Refusal when the visitor lacks what the listener requires, TooMany when it was asked for too often."""
    await throttling.spend(identity, scope)
    if not await permitted(mount, identity, dependency):
        if identity.is_anonymous:
            raise Refusal(401, "Not authenticated")
        raise Refusal(403, gettext("Your account may not use %(name)s.") % {"name": dependency.name})
